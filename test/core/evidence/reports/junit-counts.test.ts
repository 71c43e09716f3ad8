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
    [
      "tests that are not listed",
      suite('tests="5" failures="0"', PASSED, FAILED.replace("<failure/>", "")),
      "says that there are 5 tests in shop, yet lists 2",
    ],
    [
      "tests that only the suite around knows of",
      `<testsuites tests="3">${suite('tests="1"', PASSED)}</testsuites>`,
      "says that there are 3 tests, yet lists 1",
    ],
    [
      "more tests than those that were skipped and left out",
      suite('tests="4" skipped="1" disabled="1"', PASSED, '<testcase name="b"><skipped/></testcase>'),
      "says that there are 4 tests in shop, yet lists 2",
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

  it.each([
    [
      "Gradle, which counts each try",
      'tests="4"',
      '<testcase name="b"><failure/><rerunFailure/><rerunFailure/></testcase>',
    ],
    ["Catch2 and doctest, which count assertions", 'tests="90"', '<testcase name="b" status="run"/>'],
    [
      "behave, which leaves out what it skipped",
      'tests="5" skipped="3"',
      '<testcase name="b" status="passed"/>',
    ],
    ["GoogleTest, of a disabled test", 'tests="2" disabled="1"', '<testcase name="b" status="notrun"/>'],
    [
      "CTest, of a test that was not run",
      'tests="2" skipped="1"',
      '<testcase name="b" status="notrun"><skipped/></testcase>',
    ],
    [
      "some, which leave skipped tests out of the count",
      'tests="1" skipped="1"',
      '<testcase name="b"><skipped/></testcase>',
    ],
    ["those that count nothing", "", '<testcase name="b"/>'],
  ])("of its tests are taken as producers write them: %s", (_name, counts, second) => {
    expect(readReport("junit", suite(counts, PASSED, second))).toMatchObject({
      ok: true,
      report: { cases: { length: 2 } },
    });
  });

  it("of its tests are taken with the subtests that pytest counts and does not list", () => {
    const text = (name: string) =>
      `<testsuites><testsuite name="${name}" tests="3">${PASSED}</testsuite></testsuites>`;
    expect(readReport("junit", text("pytest"))).toMatchObject({ ok: true });
    expect(readReport("junit", text("shop"))).toMatchObject({ ok: false });
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

describe("the words of a JUnit case", () => {
  const read = (attributes: string, children = "") =>
    readReport("junit", suite("", PASSED, `<testcase name="b" ${attributes}>${children}</testcase>`));

  it.each([
    ["passed", ["run", "passed", "PASSED", "Success", "ok", "1", " "]],
    ["failed", ["fail", "FAILED", "Failed", "failure", "error", "broken", "timeout"]],
    ["skipped", ["notrun", "Ignored", "disabled", "skipped", "pending", "untested"]],
  ])("tell in any letters that it %s", (outcome, words) => {
    for (const word of words) {
      for (const attribute of ["status", "result"]) {
        expect(read(`${attribute}="${word}"`), word).toMatchObject({
          ok: true,
          report: { cases: [{ outcome: "passed" }, { outcome }] },
        });
      }
    }
  });

  it.each([
    ['status="run" result="Failed"', "failed"],
    ['status="run" result="suppressed"', "skipped"],
    ['status="failed" result="completed"', "failed"],
  ])("count for the worst of two: %s", (attributes, outcome) => {
    expect(read(attributes)).toMatchObject({ ok: true, report: { cases: [{}, { outcome }] } });
  });

  it.each([
    ['status="crashed"', "", "crashed"],
    ['status="run" result="Interrupted"', "", "interrupted"],
    ['status="0"', "", "0"],
    ['status="hung"', "<flakyFailure/>", "hung"],
  ])("refuse the report where nobody knows them: %s %s", (attributes, children, word) => {
    const why = `The junit report has a test case that ended in a word that is not known: ${word}.`;
    expect(read(attributes, children)).toEqual({ ok: false, why });
  });

  it.each([
    ["trx2junit", 'status="0"', "<failure/>", "failed"],
    ["Ginkgo", 'status="panicked"', "<error/>", "failed"],
    ["Behat", 'status="undefined"', "<skipped/>", "skipped"],
  ])("need not be known where a child tells: %s", (_name, attributes, children, outcome) => {
    expect(read(attributes, children)).toMatchObject({ ok: true, report: { cases: [{}, { outcome }] } });
  });
});
