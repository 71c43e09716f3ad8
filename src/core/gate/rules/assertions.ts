import type { ChangedFile } from "../../facts.ts";
import { code } from "../../messages/text.ts";
import { answerAs, type GateRule } from "../gate-rule.ts";
import { matchesAny } from "../match-paths.ts";

const { pass, fail, blocked } = answerAs("assertions");

/** Where tests live, in the languages of the field. */
export const TEST_PATHS: readonly string[] = [
  "**/{test,tests,__tests__,spec,specs,testdata}/**",
  "**/*.{test,spec}.*",
  "**/*_test.*",
  "**/test_*.*",
  "**/*Test.{java,kt,cs,php,scala}",
  "**/*_spec.rb",
  "**/conftest.py",
];

/** A line that states what must hold: the common assertion forms of JavaScript, Python, Go, Java, Ruby, Rust, PHP, C#. */
const ASSERTION =
  /(?:\bassert\w*[!(.\s]|\bexpect\s*[({]|\bshould\b|\.to(?:Be|Equal|Match|Throw|Have|Contain)\w*|\bt\.(?:Error|Fatal|is|deepEqual|ok|truthy|throws)\b|\brequire\.\w+\(|\bself\.(?:assert|fail)\w*|\bpytest\.raises|\bAssert\.\w+|\bverify\s*\()/u;
/** A line that keeps a test from running. */
const SKIP =
  /(?:\b(?:it|test|describe|context|suite)\.(?:skip|todo|only)\b|\bx(?:it|describe|test)\s*\(|\bskip\s*[:(]\s*(?:true|["'])|@(?:pytest\.mark\.)?(?:skip|xfail|Ignore|Disabled)\b|\bt\.Skip(?:f|Now)?\(|#\[ignore|\bunittest\.skip)/u;

interface Weakening {
  readonly path: string;
  readonly what: string;
}

/** Tests must not get weaker: an assertion or a test file that goes, a skip that comes, is named. */
export const assertionsGate: GateRule = {
  name: "assertions",
  purpose: "No existing test loses an assertion, is deleted, or is skipped.",
  evaluate({ pull, gates }) {
    const wanted = "no test weaker than before";
    if (!gates.assertions)
      return pass({ message: "Switched off by `gates.assertions`.", seen: "not looked at", wanted });
    if (pull.files === null)
      return blocked({ message: "The list of changed files is not complete.", seen: "incomplete", wanted });
    const tests = pull.files.filter((file) => isTest(file));
    const unreadable = tests.filter(
      (file) => file.patch === null && file.status !== "removed" && changesContent(file),
    );
    const weakenings = tests.flatMap(findWeakenings);
    if (weakenings.length > 0) return fail(describe(weakenings, wanted));
    if (unreadable.length > 0) {
      return blocked({
        message: "A changed test is too large or not text, so its assertions cannot be counted.",
        seen: unreadable
          .map((file) => code(file.path))
          .slice(0, 3)
          .join(", "),
        wanted,
        howToFix: "Review the file and merge by hand.",
      });
    }
    return pass({
      message: tests.length === 0 ? "No test was changed." : "No test got weaker.",
      seen: `${tests.length} tests changed`,
      wanted,
    });
  },
};

function isTest(file: ChangedFile): boolean {
  return (
    matchesAny(file.path, TEST_PATHS) ||
    (file.previousPath !== null && matchesAny(file.previousPath, TEST_PATHS))
  );
}

function changesContent(file: ChangedFile): boolean {
  return file.additions + file.deletions > 0 || file.status === "added" || file.status === "changed";
}

function findWeakenings(file: ChangedFile): readonly Weakening[] {
  const { path } = file;
  if (file.status === "removed") return [{ path, what: "the test file is deleted" }];
  if (file.status === "renamed" && !matchesAny(path, TEST_PATHS)) {
    return [{ path, what: `moved away from ${code(file.previousPath ?? "")}, where tests are run` }];
  }
  const removed = linesOf(file.patch, "-").filter((line) => ASSERTION.test(line));
  const added = linesOf(file.patch, "+").filter((line) => ASSERTION.test(line));
  const kept = new Set(added.map(normalise));
  const lost = removed.filter((line) => !kept.has(normalise(line)));
  const skips = linesOf(file.patch, "+").filter((line) => SKIP.test(line));
  return [
    ...lost.map((line) => ({ path, what: `assertion removed or changed: ${code(line)}` })),
    ...skips.map((line) => ({ path, what: `test skipped: ${code(line)}` })),
  ];
}

function linesOf(patch: string | null, sign: "+" | "-"): readonly string[] {
  return (patch ?? "")
    .split("\n")
    .filter((line) => line.startsWith(sign))
    .map((line) => line.slice(1));
}

/** Moving or re-indenting an assertion is not weakening it; commenting it out is. */
function normalise(line: string): string {
  return line.replace(/\s+/gu, "");
}

function describe(weakenings: readonly Weakening[], wanted: string) {
  const [first] = weakenings;
  return {
    message: `The change makes tests weaker in ${weakenings.length} ${weakenings.length === 1 ? "place" : "places"}: ${code(first?.path ?? "")}: ${first?.what}.`,
    seen: `${weakenings.length} weaker`,
    wanted,
    howToFix: "Keep every existing assertion and correct the code instead.",
    details: weakenings.slice(0, 20).map(({ path, what }) => `${code(path)}: ${what}`),
  };
}
