/**
 * All of these look at lines whose blanks are single ones (see read-patch.ts), and repeat nothing without a bound that
 * could begin anywhere: the time they take grows with the length of the line, whatever stands in it.
 */

/** A line that states what must hold: the common assertion forms of JavaScript, Python, Go, Java, Ruby, Rust, PHP, C#. */
export const ASSERTION =
  /(?:\bassert\w*(?:[!(. ]|$)|\bexpect(?:\w* ?[<({]|\.\w| \{)|\bshould\b|\.to(?:Be|Equal|StrictEqual|Match|Throw|Have|Contain|Return|Resolve|Reject)\w*|\.(?:rejects|resolves)\b|\bt\.(?:Error|Fatal|Fail|is|not|deepEqual|like|ok|truthy|falsy|throws|plan|equal|same)\w*\b|\brequire\.\w+\(|\bself\.(?:assert|fail)\w*|\bpytest\.(?:raises|approx|warns|fail)\b|\bAssert\.\w+|\bverify\w* ?\(|\bXCTAssert\w*|\b(?:must|wont)_\w+|\$this->(?:assert|expect)\w*|\bdone ?\()/u;

/** A line that keeps a test from running, lets it fail, or runs only some of them. */
export const SKIP =
  /(?:\b(?:it|test|describe|context|suite|specify|bench|this|t|ctx)\b[\w.]{0,40}\.(?:skip|only|todo|fixme|failing|fails|skipIf|runIf|todoIf|pending)\b|\b(?:it|test|describe|context|suite) ?\[ ?["'`](?:skip|only|todo|failing)|(?<![.\w])[xf](?:it|describe|test|context|specify) ?\( ?["'`]|\b(?:skip|todo|only|pending)["']? ?[:=(] ?(?:true\b|["'`])|@(?:pytest\.mark\.)?(?:skip\w*|xfail|Ignore|Disabled\w*|SkipTest)\b|\bpytest\.(?:skip|xfail|importorskip)\b|\bt\.Skip(?:f|Now)?\(|#\[ignore|\bunittest\.(?:skip\w*|expectedFailure)|\bself\.skipTest\b|\bmarkTest(?:Skipped|Incomplete)\b|\[Ignore|\bSkip = ?"|\bpassWithNoTests\b)/u;

/** A line that makes what follows it, or every assertion, do nothing. */
export const NEUTRALISER =
  /(?:\b(?:if|elif) ?\(? ?(?:false|False|FALSE|0|!1|!true|null|nil|undefined|None|not True|void 0|""|'') ?(?:\)|:|&&|\{|then\b|$)|\bwhile ?\(? ?(?:false|False) ?(?:\)|:|\{|$)|(?:^|[;{(] ?)(?:(?:false|False|0) ?(?:&&|and\b)|(?:true|True|1) ?(?:\|\||or\b))|# ?if (?:0|false)\b|#\[cfg\(any\(\)\)\]|^=begin\b|^__END__$|\b(?:assert|expect)\.\w+ ?=(?![=>])|\b(?:global(?:This)?|window)\.(?:expect|assert|it|test|describe) ?=(?!=))/u;

/** A line that leaves the process or the function it stands in. */
export const LEAVES =
  /(?:^(?:return|break|continue|goto)\b|\b(?:process|Deno|System|sys|os|std::process)(?:\.|::)_?[eE]xit ?\()/u;

/** A line that puts something of its own in the place of the test framework. */
export const REDEFINES =
  /^(?:(?:const|let|var|function) (?:expect|assert|it|test|describe)\b(?!.*\b(?:require|import|chai)\b)|(?:expect|assert|it|test|describe) =(?![=>]))/u;

/** A line that lets the compiler leave out what follows it. */
export const CONDITIONAL = /^(?:\/\/ ?(?:go:build|\+build)\b|# ?(?:if|ifdef|ifndef|elif|else)\b|#!?\[cfg)/u;

/** A line of a test file that decides which other tests are run. */
export const LEAVES_OUT =
  /\b(?:collect_ignore\w*|pytest_(?:ignore_collect|collection_\w+|collect_\w+|runtest\w*|pycollect_\w+|pyfunc_call|itemcollected|report_teststatus|sessionfinish|exception_interact|load_initial_conftests|cmdline_\w+|plugins)|pytestmark|norecursedirs|load_tests|TestMain|__test__)\b/u;

/** The beginning of a test or of a group of tests; what it encloses is still run. */
export const TEST_OPENER =
  /(?:\b(?:it|test|describe|context|suite|specify|before|after|beforeEach|afterEach|beforeAll|afterAll)\b[\w.]{0,40} ?[(<`]|\bdef test_|\bclass Test|\bfunc Test|\bt\.Run ?\(|#\[(?:\w{1,40}::)?test\]|\bfn test|@Test\b|\bfunction test)/u;

/** The beginning of a block that is not run as a matter of course. */
export const OTHER_OPENER =
  /(?:\b(?:if|else|elif|unless|while|until|for|switch|case|match|try|catch|except|rescue|function|def|lambda|class)\b|^(?:async\s)?with\b|=> ?\{?$)/u;

/** A line that goes on in the next one, which is then part of something new. */
export const DANGLING =
  /(?:(?:&&|\|\||\?|\?[^?]*:|=>|[^=!<>]=|\bvoid|\btypeof|\belse|\bdo|\btry|\bfinally)$|^(?:\} ?else )?(?:if|while|for)\b.*\)$)/u;

export const COMMENT_LINE = /^(?:\/\/|#(?!\[|!| ?if\b)|\*(?!\/))/u;

/** Lines whose change changes nothing that is checked: brackets alone. */
export const BRACKETS_ONLY = /^[{}()[\];, ]*$/u;

/** A line that takes something in from elsewhere, and from where. */
export const IMPORT =
  /^(?:(?:import|export|\} ?from|from|(?:const|let|var)\b[^=]*= ?require)\b[^"'`]*["'`]([^"'`]+)["'`]|from (\S+) import\b|(?:import|use|using|package) ([^\s;]+))/u;

/** Marks of tests that stand among the code they test. */
export const INLINE_TEST = /#\[(?:cfg\(test\)|(?:\w{1,40}::)?test\b)/u;

/** The head of a group of tests among the code they test. */
export const INLINE_GROUP = /(?:^|@@ )mod (?:\w{1,100}_)?tests?\b/mu;

/** A line of a shared file that says how tests are run. */
export const SETUP_LINE =
  /(?:test|spec|coverage|jest|mocha|\bava\b|\btap\b|\bnyc\b|\bc8\b|addopts|setupFiles|global(?:Setup|Teardown)|moduleNameMapper|<rootDir>|\bretr(?:y|ies)\b["']? ?[:=]|\b(?:check|verify|ci|exclude|include|surefire|skip\w*)\b)/iu;

/** A line of the bundler's settings that says what stands for a module, or changes its text. */
export const BUNDLE_LINE = /\b(?:alias|plugins|define)\b["']? ?:|^\w{1,60}\(.*\),?$/u;

/** A line of a package that says which file stands for a name. */
export const ROUTE_LINE =
  /^"(?:#[^"]{0,200}|\.{1,2}(?:\/[^"]{0,200})?|main|module|imports|exports|default|import|require)" ?:/u;

/** A line of the environment that every process of its kind loads something by. */
export const LOADING_LINE =
  /^(?:export )?(?:NODE_OPTIONS|NODE_PATH|PYTHON(?:PATH|STARTUP|HOME|WARNINGS|OPTIMIZE)|PYTEST_\w+|RUBY(?:OPT|LIB)|PERL5(?:OPT|LIB)|(?:JAVA|JDK_JAVA|_JAVA|MAVEN|GRADLE)_(?:TOOL_)?OPT(?:ION)?S|LD_\w+|DYLD_\w+|BUN_OPTIONS|DENO_\w+|PHP_INI_SCAN_DIR|GOFLAGS|RUSTFLAGS|VITEST\w*|JEST\w*|BASH_ENV|PATH) ?=/u;

/** A line of a list of packages that takes one from elsewhere. */
export const REPLACEMENT_LINE =
  /^[^#]{0,300}?(?:\b(?:path|git|github|source)(?::| ?=>)| => )|^(?:path|git|source)\b/u;

/** A dependency and the version it is wanted in. */
export const VERSION_LINE = /^["']?[@\w./-]+["']? ?[:=] ?["'][~^<>=]*v?\d[\w.+<>=~^|* -]*["'],?$/u;

/** What the framework calls itself in tests. */
export const FRAMEWORK = /^(?:expect|assert|it|test|describe|vi|jest|pytest|unittest)$/u;

/** Where test frameworks and libraries of assertions come from. */
export const FRAMEWORK_SOURCE =
  /^(?:(?:npm|jsr|node):)?(?:(?:vitest|jest|mocha|chai|ava|tap|tape|uvu|qunit|jasmine|cypress|assert|expect|expect-type|should|power-assert|earl|zora|vite-plus)(?:$|[/@])|expect\.js$|@(?:vitest|jest|playwright|testing-library|storybook|japa|wdio|cypress|std|fast-check|effect|open-wc|tapjs)\/)|^(?:node|bun):test\b|^https:\/\/(?:deno\.land\/std|jsr\.io\/@std)\b|^(?:pytest|unittest|django\.test|twisted\.trial|testtools)\b/u;

/** Before every test of its file, or of its group. */
export const HOOK =
  /^(?:[\w$]{1,40}\.){0,3}(?:before|after|around|setup|teardown)(?:Each|All)?(?:\.\w{1,40})?(?:<[^>]{0,100}>)? ?\(|^(?:async\s)?def (?:set_?[uU]p|tear_?[dD]own|pytest_)|^@(?:BeforeEach|BeforeAll|Before|SetUp)\b/u;

/** A mock that stands above everything in its file, wherever it is written. What only watches (`spy: true`) replaces nothing. */
export const HOISTED = /\b(?:vi|vitest)\.mock ?(?:<[^>]{0,200}>)?\((?!.*, ?\{ ?spy: ?true,? ?\}\))/u;

/** What changes every assertion or every test that follows. Only more time does no harm. */
export const EXTENDS =
  /\bexpect\.(?:extend|addEqualityTesters|addSnapshotSerializer) ?\(|\boverwrite(?:Method|Property|ChainableMethod) ?\(|\bchai\.use ?\( ?(?:\(|function|async\b|\w{1,40} ?=>)|\bjest\.retryTimes ?\(|\bvi\.setConfig ?\((?! ?\{ ?(?:test|hook)Timeout ?: ?[\d_]{1,12},? ?\} ?\))/u;

const GLOBALS =
  "console|process|Date|Math|global(?:This)?|window|document|navigator|localStorage|sessionStorage|self|performance|crypto";

/** What puts something in the place of a module or of a part of it. */
export const REPLACES = new RegExp(
  [
    String.raw`\b(?:jest|td)\.mock ?[(<]|\b(?:vi|vitest|jest|td)\.(?:doMock|setMock|unstable_mockModule|replaceEsm|replaceProperty) ?[(<]`,
    String.raw`\bmock\.module ?\(`,
    String.raw`\b(?:vi|vitest|jest|mock)\.(?:spyOn|method) ?\( ?(?!(?:${GLOBALS})\b)[^;]{0,300}\.mock(?:Return|Implementation|Resolved|Rejected)`,
    String.raw`^(?!(?:${GLOBALS}|this|self|module|exports)\b)[A-Za-z_$][\w$]{0,80}(?:\.[\w$]{1,80}){1,8} ?= ?(?:async\s)?(?:\([^()]{0,200}\) ?=>|[\w$]{1,80} ?=>|function\b|lambda\b|(?:vi|jest)\.fn\(|(?:Async|Magic)?Mock\()`,
    String.raw`\bmonkeypatch\.(?:setattr|setitem|delattr) ?\(`,
  ].join("|"),
  "u",
);

/** What lets a test fail and asks again. */
export const RETRIES = /\bthis\.retries ?\(|\.configure ?\(.{0,200}\bretries\b/u;
export const RETRY_OPTION = /\b(?:retry|retries|repeats)["']? ?:/u;

/** What gives a name a meaning: a declaration, or a value put behind it. */
export const BINDING =
  /^(?:(?:export )?(?:const|let|var|(?:async\s)?(?:function\*?|def)|class|func) (\{.{0,500}?\}(?= ?[=:])|\[.{0,500}?\](?= ?[=:])|[A-Za-z_$][\w$]{0,100})|([A-Za-z_$][\w$]{0,100}(?:, ?[A-Za-z_$][\w$]{0,100}){0,10}) ?(?::=|=(?![=>])))/u;

/** A declaration of nothing but what a module gives. */
export const REQUIRE =
  /^(?:const|let|var) [^=]{1,500} = (?:await\s)?(?:require|import) ?\( ?["'`][^"'`]{1,300}["'`] ?\)(?:\.\w{1,100})?;?$/u;

/** The names that a function asks for whose body goes on in other lines. */
export const PARAMETERS = /\(([^()]{1,200})\) ?(?:=>)? ?[{(]?$/u;

/** A function that is called by its name alone. */
export const CALL = /(?<![\w$.])([A-Za-z_$][\w$]{0,100})\(/gu;

/** A line by which a shared file of pytest changes what tests see that do not ask for it. */
export const CONFTEST_LINE =
  /\bsys\.modules\b|\b(?:os\._exit|sys\.exit|pytest\.exit|setattr) ?\(|^(?!(?:self|cls)\.)\w[\w.]{0,200}\.\w{1,100} ?=(?!=)|\bautouse\b|\bmonkeypatch\.(?:setattr|setitem|delattr)\b|\b(?:mock\.)?patch(?:\.object|\.dict)? ?\(/u;
