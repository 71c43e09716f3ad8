import { describe, expect, it } from "vitest";
import { readReport } from "../../../../src/core/evidence/reports/read-report.ts";

const PASSED = '<testcase name="a"/>';
const FAILED = '<testcase name="b"><failure/></testcase>';

function suite(counts: string, ...inner: readonly string[]): string {
  return `<testsuite name="shop" ${counts}>${inner.join("")}</testsuite>`;
}

describe("the counts of a JUnit suite", () => {
  it.each([
    [
      "another suite's failure does not stand for those that it hides",
      `<testsuites>${suite('failures="1"', FAILED)}${suite('failures="3"', PASSED)}</testsuites>`,
      "says that tests failed, yet lists none that did",
    ],
    [
      "one failure does not stand for five",
      suite('failures="5" errors="0"', PASSED, FAILED),
      "says that there are 5 failures and errors in shop, yet lists 1",
    ],
    [
      "a failure does not stand for an error",
      suite('failures="1" errors="1"', FAILED),
      "says that there are 2 failures and errors in shop, yet lists 1",
    ],
    [
      "a failure that an attribute and a child say is one",
      suite('failures="2"', '<testcase name="b" status="failed"><failure/></testcase>'),
      "says that there are 2 failures and errors in shop, yet lists 1",
    ],
    [
      "suites within cannot show less than the one around them says",
      `<testsuites failures="2">${suite('failures="1"', FAILED)}</testsuites>`,
      "says that there are 2 failures and errors, yet lists 1",
    ],
    [
      "a suite within a suite counts by itself",
      suite('failures="1"', FAILED, suite('failures="1"', PASSED)),
      "says that tests failed, yet lists none that did",
    ],
  ])("are refused where they hide something: %s", (_name, text, why) => {
    expect(readReport("junit", text)).toEqual({ ok: false, why: `The junit report ${why}.` });
  });

  const rerun = "<failure/><rerunFailure/><rerunFailure/>";
  it.each([
    ["pytest, of a case with a failure and an error", 'failures="1" errors="1"', "<failure/><error/>"],
    ["Gradle, which counts each try of a case", 'failures="3"', rerun],
    ["Gradle, of a case that passed in the end", 'failures="1"', "<flakyFailure/>"],
    ["Surefire, which counts the last try", 'failures="1" errors="0" flakes="0"', rerun],
    ["Surefire, of a flaky case", 'failures="0" errors="0" flakes="1"', "<flakyError/>"],
    ["GoogleTest, of a case with several failures", 'failures="1"', "<failure/><failure/>"],
    ["go-junit-report, of a build that failed", 'tests="1" failures="0" errors="1"', "<error/>"],
    ["jest-junit, of a file that failed to run", 'tests="0" failures="0" errors="1"', "<error/>"],
    ["vitest, of a hook that failed", 'tests="1" failures="1" errors="0"', "<failure/>"],
  ])("are taken as producers write them: %s", (_name, counts, children) => {
    const text = suite(counts, PASSED, `<testcase name="b">${children}</testcase>`);
    expect(readReport("junit", text)).toMatchObject({ ok: true, report: { cases: { length: 2 } } });
  });

  it("are taken where only an attribute says that a case failed", () => {
    const text = suite('failures="1"', '<testcase name="b" result="failed"/>');
    expect(readReport("junit", text)).toMatchObject({ ok: true, report: { counts: { failed: 1 } } });
  });

  it("are taken where a suite adds up those within, and where it does not", () => {
    const inner = suite('failures="1"', FAILED);
    for (const sum of ["1", "0"]) {
      const text = `<testsuites failures="${sum}">${suite(`failures="${sum}"`, inner)}</testsuites>`;
      expect(readReport("junit", text)).toMatchObject({ ok: true, report: { counts: { failed: 1 } } });
    }
  });

  it("are taken where the suite itself has an error", () => {
    expect(readReport("junit", suite('errors="1"', "<error/>", PASSED))).toMatchObject({ ok: true });
  });
});
