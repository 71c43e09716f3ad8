/** A line that states what must hold: the common assertion forms of JavaScript, Python, Go, Java, Ruby, Rust, PHP, C#. */
export const ASSERTION =
  /(?:\bassert\w*(?:[!(.\s]|$)|\bexpect(?:\w*\s*[<({]|\.\w|\s+\{)|\bshould\b|\.to(?:Be|Equal|StrictEqual|Match|Throw|Have|Contain|Return|Resolve|Reject)\w*|\.(?:rejects|resolves)\b|\bt\.(?:Error|Fatal|Fail|is|not|deepEqual|like|ok|truthy|falsy|throws|plan|equal|same)\w*\b|\brequire\.\w+\(|\bself\.(?:assert|fail)\w*|\bpytest\.(?:raises|approx|warns|fail)\b|\bAssert\.\w+|\bverify\w*\s*\(|\bXCTAssert\w*|\b(?:must|wont)_\w+|\$this->(?:assert|expect)\w*|\bdone\s*\()/u;

/** A line that keeps a test from running, lets it fail, or runs only some of them. */
export const SKIP =
  /(?:\b(?:it|test|describe|context|suite|specify|bench|this|t|ctx)\b[\w.]*\.(?:skip|only|todo|fixme|failing|fails|fail|skipIf|runIf|todoIf|pending)\b|\b(?:it|test|describe|context|suite)\s*\[\s*["'`](?:skip|only|todo|failing)|\b[xf](?:it|describe|test|context|specify)\s*\(|\b(?:skip|todo|only|pending)["']?\s*[:=(]\s*(?:true\b|["'`])|@(?:pytest\.mark\.)?(?:skip\w*|xfail|Ignore|Disabled\w*|SkipTest)\b|\bpytest\.(?:skip|xfail|importorskip)\b|\bt\.Skip(?:f|Now)?\(|#\[ignore|\bunittest\.(?:skip\w*|expectedFailure)|\bself\.skipTest\b|\bmarkTest(?:Skipped|Incomplete)\b|\[Ignore|\bSkip\s*=\s*"|--passWithNoTests|\bpassWithNoTests\b)/u;

/** A line that makes what follows it, or every assertion, do nothing. */
export const NEUTRALISER =
  /(?:\b(?:if|while|elif|unless true|when)\s*\(?\s*(?:false|False|FALSE|0|!1|!true|null|nil|undefined|None|not True|void 0|""|'')\s*(?:\)|:|&&|\{|then\b|$)|(?:^|[(;{\s])(?:false|False|0)\s*(?:&&|and\b)|\btrue\s*\|\||#\s*if\s+(?:0|false)\b|#\[cfg\(any\(\)\)\]|^=begin\b|^__END__\s*$|\b(?:assert|expect)(?:\.\w+)?\s*=(?![=>])|\b(?:globalThis|global|window)\.(?:expect|assert|it|test|describe)\s*=(?!=))/u;

/** A line that leaves the process or the function it stands in. */
export const LEAVES =
  /(?:^\s*(?:return|break|continue|goto)\b|\b(?:process|Deno|System|sys|os|std::process)(?:\.|::)_?[eE]xit\s*\(|\bos\._exit\b)/u;

/** The beginning of a test or of a group of tests; what it encloses is still run. */
export const TEST_OPENER =
  /(?:\b(?:it|test|describe|context|suite|specify|before|after|beforeEach|afterEach|beforeAll|afterAll)\b[\w.]*\s*[(<`]|\bdef\s+test_|\bclass\s+Test|\bfunc\s+Test|\bt\.Run\s*\(|#\[\w*::?test\]|#\[test\]|\bfn\s+\w*test|@Test\b|\bfunction\s+test)/u;

/** The beginning of a block that is not run as a matter of course. */
export const OTHER_OPENER =
  /(?:\b(?:if|else|elif|unless|while|until|for|switch|case|match|try|catch|except|rescue|function|def|lambda|class)\b|=>\s*\{?\s*$)/u;

/** A line that goes on in the next one, which is then part of something new. */
export const DANGLING =
  /(?:(?:&&|\|\||\?|=>|[^=!<>]=|\bvoid|\btypeof|\belse|\bdo|\btry|\bfinally)\s*$|^\s*(?:\}\s*else\s+)?(?:if|while|for)\b.*\)\s*$)/u;

/** Lines whose change changes nothing that is checked. */
export const HARMLESS_LINE =
  /^(?:[\s{}()[\];,]*|\s*(?:\/\/|#(?!\[|!|\s*if\b)|\*(?!\/)|"use strict").*|\s*(?:import|from|use|using|require_once|require_relative|package)\b.*|\s*(?:const|let|var)\b[^=]*=\s*require\s*\(.*)$/u;

/** Marks of tests that stand among the code they test. */
export const INLINE_TEST = /#\[(?:cfg\(test\)|(?:\w+::)?test\b)/u;

/** A line of a shared file that says how tests are run. */
export const SETUP_LINE =
  /(?:test|spec|coverage|jest|mocha|\bava\b|\btap\b|\bnyc\b|\bc8\b|addopts|\b(?:check|verify|ci|exclude|include|surefire|skip\w*)\b)/iu;

/** A dependency and the version it is wanted in. */
export const VERSION_LINE = /^\s*["']?[@\w./-]+["']?\s*[:=]\s*["'][~^<>=]*v?\d[\w.+<>=~^|* -]*["']\s*,?\s*$/u;
