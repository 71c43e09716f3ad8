/** As in line-patterns.ts: nothing is repeated without a bound that could begin anywhere. */

const GLOBALS =
  "expect|assert|it|test|describe|vi|jest|console|process|Date|Math|global(?:This)?|window|document|navigator|localStorage|sessionStorage|self|performance|crypto|fetch|require|module|exports|structuredClone|queueMicrotask|[sc]et(?:Timeout|Interval|Immediate)|clear(?:Timeout|Interval)|Object|Array|JSON|Promise|Reflect|Proxy|Symbol|Number|String|Boolean|BigInt|RegExp|Error|TypeError|RangeError|Set|Map|WeakMap|WeakSet|URL|Buffer|Intl|isNaN|isFinite|parseInt|parseFloat|undefined|NaN|Infinity";

/** A name that means something everywhere. */
export const GLOBAL = new RegExp(`^(?:${GLOBALS})$`, "u");

/** Brackets alone. */
export const NOTHING = /^[{}()[\];, ]*$/u;

/** A comment of one line that no tool, compiler or preprocessor reads. */
export const PLAIN_COMMENT =
  /^(?:\/\/(?!go:|export )(?!.{0,40}@(?:vitest|jest)-environment)|#(?![![])(?! ?(?:define|undef|pragma|include|import|line|if|el|end)\b)|\/\*[^*]{0,2000}\*\/$)/u;

/** A line of a comment that goes over several. */
export const COMMENT_BEGINS = /^\/\*(?!.*\*\/)/u;
export const COMMENT_GOES_ON = /^\*(?: |$)/u;
export const COMMENT_ENDS = /^(?:\*|[^*]{0,200}\*)\/$/u;

/** Names taken from elsewhere. A module of the same repository that is taken in for what it does alone is none. */
export const TAKES_IN =
  /^(?:import (?:type )?[\w{*$][^"'`;()=]{0,2000}\sfrom ["'`][^"'`]{1,300}["'`](?: with \{.{0,100}\})?;?|import "(?!\.)[\w./-]{1,200}"|import (?:static )?[\w.]{1,300}(?:\.\*)?(?: as \w{1,100})?(?:, [\w.]{1,300}(?: as \w{1,100})?){0,20};?|from [\w.]{1,300} import [\w\s,()*]{1,2000}|(?:pub )?use [\w:{}*,\s\\]{1,1000};?|using (?:static )?[\w.]{1,300};|require(?:_relative)? ["'][^"']{1,300}["'])$/u;

/** A line of the imports of a Go file. */
export const GO_IMPORT = /^(?:[a-z]\w{0,100} )?"[\w.-]{1,100}(?:\/[\w.-]{1,100}){0,20}"$/u;

/** Marks of tests and functions, above them. */
export const MARK =
  /^(?:@[A-Za-z][\w.]{0,100}(?: ?\(.*\))?|#\[.*\]|\[[A-Z][\w.]{0,100}(?:\(.*\))?(?:, ?[A-Z]\w{0,100}(?:\(.*\))?){0,5}\])$/u;
/** Marks of what is run for other tests as well, or before them. */
export const MARK_OF_ALL =
  /before|after|around|set_?up|tear_?down|initiali[sz]e|cleanup|ctor|autouse(?! ?= ?False)|\*\*|hookimpl|rule|override|register|session|listens|construct|startup/iu;

/** A mark of what tests ask for by name, and another name than its function's. */
export const FIXTURE = /^@(?:pytest(?:_asyncio)?\.)?fixture\b/u;
export const FIXTURE_NAME = /\bname ?= ?["'](\w{1,100})["']/u;

/** The same on the line of what they stand above. */
export const LEADING_MARKS =
  /^(?!@(?:Before|After|PostConstruct))(?:@[A-Za-z]\w{0,60}(?:\([^()]{0,200}\))? ){1,4}/u;

/** On a level with a test or a function, something behind its end. */
export const MORE_BEHIND = /;\s?\S|\|\||&&|\}\s?[^\s;,){]/u;

const TEST_WORDS = "(?:it|test|describe|context|suite|specify|scenario|feature|example|bench)";
const TITLE = String.raw`(?:(["'\x60])(?:\\.|(?!\1)[^\\]){0,300}\1|[A-Za-z_$][\w$.]{0,100})`;

/** A test or a group of tests as a whole: its name comes first, and then the function that is the test. */
export const WHOLE_TESTS: readonly RegExp[] = [
  new RegExp(
    String.raw`^(?:await\s)?(?:(?:t|Deno|QUnit|node)\.)?${TEST_WORDS}(?:\.(?:concurrent|sequential|serial|step|describe|parallel|failing)){0,3} ?\( ?${TITLE}, ?(?:\{[^{}()]{0,300}\}, ?)?(?:async\s)?(?:function\b[^()]{0,100}\([^()]{0,300}\)|fn ?\([^()]{0,300}\) ?=>|\([^()]{0,300}\)(?: ?: ?[\w<>]{1,60})? ?(?:=>|\{|async\b)|[\w$]{1,60} ?=>)`,
    "u",
  ),
  new RegExp(
    String.raw`^${TEST_WORDS}(?:\.(?:concurrent|sequential|serial|describe)){0,2}\.(?:each|for|prop) ?[(<\x60].*(?:=>|\bfunction\b)`,
    "u",
  ),
  new RegExp(
    String.raw`^(?:RSpec\.)?${TEST_WORDS}(?: |\()(?=["'\x60:A-Z])[^{}()]{0,400}(?:\)? ?\{| do\b)`,
    "u",
  ),
  new RegExp(String.raw`^${TEST_WORDS} ?\( ?${TITLE} ?\) ?(?:\{|do\b)`, "u"),
  new RegExp(String.raw`^[tbs]\.Run\( ?${TITLE}, ?func\([^()]{0,100}\) ?\{`, "u"),
  /^(?:SECTION|TEST|TEST_F|TEST_P|TEST_CASE) ?\([^{};]{0,300}\) ?\{/u,
];

/** The head of a group that does nothing but hold the tests it is put around. */
export const BARE_GROUP =
  /^(?:describe|context|suite)(?:\.(?:concurrent|sequential))? ?\( ?(["'`])[^"'`]{0,300}\1, ?(?:async\s)?(?:\(\) ?=>|function ?\(\)) ?\{$/u;

/** The head of a function or a class, and its name. */
export const FUNCTION_HEAD =
  /^(?:export )?(?:default )?(?:pub(?:\([a-z]{1,10}\))? )?(?:async\s)?(?:(?:public|private|protected|internal|static|final|async|suspend|open|sealed|abstract|data|const) ){0,4}(?:function\*? ?|def (?:self\.)?|defp |class |func (?:\([^()]{1,100}\) )?|fn |fun |mod |module |interface |type |enum |struct |record |trait )([A-Za-z_$`][\w$.?!`]{0,200})/u;
/** The same in languages that begin with a type. */
export const METHOD_HEAD =
  /^(?!(?:return|throw|new|await|yield|delete|else|case|if|for|while|switch|do|goto|using|try|catch|lock|synchronized|typeof|void 0)\b)(?:(?:public|private|protected|internal|static|final|async) ){0,4}(?!(?:public|private|protected|internal|static|final|async)\b)[A-Za-z_][\w<>[\],.?]{0,200} ([A-Za-z_]\w{0,200}) ?\([^;={}]{0,500}\)[^(){};=]{0,100}\{/u;
/** Functions that are called without being asked for. */
export const CALLED_BY_ITSELF =
  /^(?:_?set_?up|tear_?down|async_?(?:set_?up|tear_?down)|run(?:_?test)?$|failures$|passed$|passed\?$|skipped\?$|error\?$|runnable_methods$|init$|before|after|around|pytest_|TestMain$|load_tests$|main$|__|dispose|initializeasync|constructor$|run_?before|on_?start|method_missing|respond_to_missing|inherited|included|to_?string|equals|hash_?code|eql|[^\w]{1,3}$)/iu;

/** What frameworks call their assertions. */
export const ASSERTION_NAME = /^(?:assert|refute|expect|XCT|verify|check|fail|should)/u;
/** A name that means something everywhere in Python. */
export const BUILTIN =
  /^(?:abs|all|any|bool|bytes|callable|dict|dir|enumerate|filter|float|frozenset|getattr|hasattr|hash|id|input|int|isinstance|issubclass|iter|len|list|map|max|min|next|object|open|pow|print|range|repr|reversed|round|set|sorted|str|sum|super|tuple|type|vars|zip)$/u;
/** A class or a module of Ruby's that may be open already, and names of those that are of tests. */
export const REOPENS = /^(?:class|module) /u;
export const OWN_CLASS = /(?:Test|Spec|Fake)$/u;

/** What ends a process, or the test that runs, wherever it stands. */
export const ENDS_PROCESS =
  /\b(?:(?:process|Deno)\.(?:exit|abort|kill)|(?:os|sys|pytest)\._?exit|runtime\.Goexit|os\.Exit|System\.exit|Environment\.Exit|process::(?:exit|abort)|exitProcess) ?\(/u;
/** What runs when a class is read, or a function of Python's defined. */
export const RUNS_AT_ONCE =
  /\bstatic ?\{|^(?:async\s)?def [^=]{0,500}=\s?[\w.]{1,100} ?\([^)]{0,500}\)[^)]{0,500}\):?/u;
/** A value put behind a member of something. */
export const PUTS_MEMBER = /(?<![\w$.])([A-Za-z_$][\w$]{0,100})(?:\.[\w$]{1,100}){1,8} ?=(?![=>])/gu;

/** The head of a test of Python's, and a word of its body that says something. */
export const PYTHON_TEST = /^(?:async\s)?def test\w{0,200} ?\([^()]{0,500}\)[^:]{0,100}:/u;
export const PROVES =
  /(?<!\w)(?!(?:pass|assert|True|False|None|return|and|or|not|is|in)\b)[A-Za-z_]\w{0,100}/u;

/** What states that something holds. */
export const ASSERTS =
  /^(?:await\s)?(?:expect(?:\w{0,40}!?)? ?[(<{]|expect(?:\.(?:soft|poll|element|hasAssertions))? ?[(<]|expect do$|#(?:expect|require)\(|assert\w{0,60}!?(?:\(|\s|\.\w{1,60}(?:\.\w{1,60})? ?\()|refute\w{0,60}(?:\(|\s)|debug_assert\w{0,20}!\(|self\.(?:assert|fail)\w{0,60}\(|Assert(?:\.That)?\.(?!Ignore|Pass|Inconclusive|Success|Warn|Skip)\w{1,60}(?:<[^<>]{1,100}>)? ?\(|(?:\$this->|self::|static::)(?:assert|fail|expectOutput)\w{0,60}\(|XCT(?:Assert|Fail|Unwrap)\w{0,60}\(|t\.(?:is|not|deepEqual|notDeepEqual|like|ok|notOk|true|false|truthy|falsy|throws|throwsAsync|notThrows|equal|equals|notEqual|same|strictSame|regex|match|error|Error|Errorf|Fatal|Fatalf|Fail|FailNow)\(|require\.(?:[A-Z]\w{1,60})\(|(?:EXPECT|ASSERT|CHECK|REQUIRE)\w{0,40}\(|verify\w{0,30}\(|with (?:pytest\.(?:raises|warns|deprecated_call)|self\.(?:assert\w{1,60}|subTest)) ?\(|[\w$][\w$.()[\]]{0,200}\.should\b)/u;

/** A check of Go's, a condition that does nothing but fail: its outline, and how it ends. */
export const GO_CONDITION = /^if (?:[\w, ]{1,100} := [^{};=]{1,400}; )?(?:[^{};=]|[=!<>]=){1,400}\{\}$/u;
export const GO_FAILS =
  /\{ ?(?:t\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\([^{};]{0,1000}\);? ?){1,3}\}$/u;

/** A new name within a block, and what it is. */
export const DECLARES =
  /^(?:(?:export )?(?:const|let|val|final var|final val|auto)(?: mut)? (\{[^=]{1,500}\}|\[[^=]{1,500}\]|[A-Za-z_$][\w$]{0,100})(?: ?: ?[^=]{1,200})? =(?![=>])|([A-Za-z_]\w{0,100}(?:, [A-Za-z_]\w{0,100}){0,5}) :=|(?:final )?(?!(?:return|throw|await|yield|new|case|else|goto|export|const|let|val|auto|static|public|private|protected|var) )[A-Za-z_][\w<>[\],.?]{0,100} ([A-Za-z_]\w{0,100}) =(?![=>]))/u;
/** A value behind a name that may have had another, in languages that say no word for it. */
export const ASSIGNS =
  /^(?:var )?\$?([A-Za-z_]\w{0,100}(?:, ?[A-Za-z_]\w{0,100}){0,5})(?: ?: ?[\w[\], .|]{1,100})? =(?![=>~])/u;

/** What puts something in the place of something, ends a test or a process, or hides which of these it does. */
export const REACHES_OUT =
  /\b(?:(?:re?ally)?_?[eE]xit|exit_group|SkipNow|XCTSkip\w*|markTest\w+|assume\w*|setattr|delattr|definePropert(?:y|ies)|setPrototypeOf|set_trace|stub\w*|stub_const|mock(?:Return|Implementation|Resolved|Rejected)\w*|doMock|callsFake|and_return|Reflect\.(?:set|deleteProperty)|eval|importlib|instance_variable_set|define_method|class_eval|instance_eval|send|atexit|at_exit|register_shutdown_function)!? ?\(|\b(?:Object\.assign|sinon|monkeypatch|mock\.patch|os\.(?:kill|abort|environ|putenv)|process\.(?:on|once|kill|abort|exitCode)|vi\.stub\w+|jest\.replaceProperty|Kernel\.|Thread\.)|(?<![.\w])(?:patch|skip\w*|pending|allow|allow_any_instance_of|throw|abort|quit|exec) ?\(|\.(?:skip|todo|xfail)\(\)|\bprocess ?\[|\[ ?["'`][^"'`]{0,100}["'`] ?\] ?\(|\b(?:prototype|__\w{1,40}__|global(?:This)|builtins|sys\.modules)\b|\b(?:SkipTest|Skipped)\b|\bmocker\.|\breceive(?:_messages)?\b|\bruntime\.Goexit\b|\bout \w|\.(?:returns|splice|clear|push|pop|shift|unshift|fill|update) ?\(|\.replace ?\( ?\[/u;

/** On a level with the statement: what leaves it, or makes it depend on something. */
export const LEAVES_OUTLINE =
  /\b(?:return|next|break|continue|goto|throw|raise|yield|redo|retry|if|unless|while|until|for|rescue|or|and|exit|skip|pending|abort|lambda|del|global|nonlocal)\b|;\s?\S|\|\||&&/u;

/** Languages in which a way out may stand inside an expression, and such a way out. */
export const LEAVES_INSIDE = /\.(?:rs|kts?|rb|cs|php|scala|swift|exs?)$/iu;
export const LEAVES = /(?<![.\w:@$>])(?:return|throw|raise|break|next|continue|exit|die)\b(?![?!])/u;

/** A value put somewhere, comparisons and arrows apart. */
export const PUTS = /(?<![=!<>~])=(?![=>~])|\+\+|--/u;
export const NAMED_ARGUMENT = /(?<=[(,] ?)(?:\*\*)?[A-Za-z_]\w{0,100}=(?!=)/gu;
export const INNER_DECLARATION = /\b(?:const|let|val|var) [^=;]{1,200}=(?![=>])/gu;

/** What opens a list of cases, and what closes one. */
export const OPENS_CASES =
  /\b(?:each|parametrize|cases|tests|testCases|test_cases|examples|scenarios|where)\b.{0,100}[[({`]$/iu;
export const CLOSES_CASES = /^\]\)? ?\(/u;
export const CASE =
  /^(?:(?:\[.*\]|\{.*\}|\(.*\)|pytest\.param\(.*\)),?|(?:-?\d[\d._]{0,40}|"[^"]{0,300}"|'[^']{0,300}'),)$/u;
/** Between the fields of Go's cases and the first of these; the list has its name further up. */
export const FIELDS_END = /^\}\{$/u;
export const FIELDS_BEGIN =
  /^(?:var )?(?:tests|cases|testCases|tt|tcs|examples|scenarios) ?(?::=|=) ?\[\]struct ?\{$/u;

/** A line of an import that goes over several, and the lines that begin and end it. */
export const IMPORTED_NAME = /^(?:type )?[A-Za-z_$][\w$]{0,100}(?: as [A-Za-z_$][\w$]{0,100})?,$/u;
export const OPENS_IMPORT = /^import (?:type )?(?:\w{1,100}, )?\{$|^from [\w.]{1,300} import \($/u;
export const CLOSES_IMPORT = /^\} from ["'`]([^"'`]{1,300})["'`](?: with \{.{0,100}\})?;?$|^\)$/u;
/** One more case for a test that is given its cases one by one. */
export const CASE_MARK = /^\[(?:InlineData|TestCase|DataRow|Arguments)\([^=]*\)\]$/u;

/** Lets other tests run at the same time. */
export const PARALLEL = /^t\.Parallel\(\)$/u;

/** What only waits longer, or keeps a console quiet. */
export const HARMLESS_CALL =
  /^(?:jest\.setTimeout\([\d_]{1,12}\)|this\.timeout\([\d_]{1,12}\)|vi\.setConfig ?\( ?\{ ?(?:test|hook)Timeout ?: ?[\d_]{1,12},? ?\} ?\)|(?:vi|jest)\.spyOn\(console, ["']\w{1,20}["']\)\.mockImplementation\(\(\) => \{ ?\}\)|vi\.mock\(["'][^"']{1,300}["'], ?\{ ?spy: ?true,? ?\}\));?$/u;
