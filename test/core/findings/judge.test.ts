import { describe, expect, it } from "vitest";
import { readReport } from "../../../src/core/evidence/reports/read-report.ts";
import { type CoveragePolicy, judgeCoverage } from "../../../src/core/findings/judge-coverage.ts";
import { judgeFindings, STRICT_FINDINGS } from "../../../src/core/findings/judge-findings.ts";
import { judgeTests, STRICT_TESTS } from "../../../src/core/findings/judge-tests.ts";
import { coverageOf, findingsOf, read, testsBy, testsOf } from "./build-reports.ts";

const tests = { base: null, policy: STRICT_TESTS };
const findings = { base: null, policy: STRICT_FINDINGS };
const coverage = { base: null, policy: {}, changedFiles: [] };

describe("a report that was asked for", () => {
  it("is BLOCKED when there is none", () => {
    expect(judgeTests({ ...tests, head: null })).toMatchInlineSnapshot(`
      {
        "gate": "tests",
        "howToFix": "Write the report, and name it under \`reports\` in \`result.json\`.",
        "message": "A test report was asked for and there is none, so nothing is proven.",
        "seen": "no report",
        "verdict": "BLOCKED",
        "wanted": "a test report",
      }
    `);
    expect(judgeFindings({ ...findings, head: null }).verdict).toBe("BLOCKED");
    expect(judgeCoverage({ ...coverage, head: null }).verdict).toBe("BLOCKED");
  });

  it("is BLOCKED with the reason when it cannot be read", () => {
    const result = judgeFindings({ ...findings, head: readReport("sarif", '{"version":"2.1.0","runs":[]}') });

    expect(result.verdict).toBe("BLOCKED");
    expect(result.message).toBe("The report of findings cannot be read: The sarif report has no run.");
  });

  it("is BLOCKED when it is another one", () => {
    const result = judgeCoverage({ ...coverage, head: read(testsBy({ a: "passed" })) });

    expect(result.verdict).toBe("BLOCKED");
    expect(result.message).toBe("Instead of a coverage report there is a test report.");
  });

  it("cannot speak Markdown through its reason", () => {
    const result = judgeTests({ ...tests, head: { ok: false, why: "<b> @octocat fixes #1 **x**" } });

    expect(result.message).not.toMatch(/<b>|@octocat|#1|(?<!\\)\*\*/u);
  });
});

describe("judgeTests", () => {
  it("passes when nothing got worse, and counts what failed before", () => {
    const base = testsBy({ a: "passed", b: "failed" });
    const head = testsBy({ a: "passed", b: "failed", c: "flaky" });

    expect(judgeTests({ ...tests, base, head: read(head) })).toMatchInlineSnapshot(`
      {
        "base": "1 of 2 passed",
        "delta": "+1 test",
        "details": [
          "flaky: \`test/a.test.ts › c\`",
          "failed before as well: \`test/a.test.ts › b\`",
        ],
        "gate": "tests",
        "message": "2 tests passed, none failed newly; 1 failed before as well; 1 needed more than one try.",
        "seen": "2 of 3 passed",
        "verdict": "PASS",
        "wanted": "no new failure, no test lost or newly skipped",
      }
    `);
  });

  it("fails on a new failure and shows it first", () => {
    const base = testsBy({ a: "passed", b: "failed" });
    const head = testsOf([
      { name: "a", outcome: "failed", message: "expected <1> to be 2, see @octocat" },
      { name: "b", outcome: "failed" },
    ]);

    expect(judgeTests({ ...tests, base, head: read(head) })).toMatchInlineSnapshot(`
      {
        "base": "1 of 2 passed",
        "delta": "0",
        "details": [
          "new failure: \`test/a.test.ts › a\`: expected \\<1\\> to be 2, see @​octocat",
          "failed before as well: \`test/a.test.ts › b\`",
        ],
        "gate": "tests",
        "howToFix": "Correct the change so that these tests pass again.",
        "message": "1 test fails newly: \`test/a.test.ts › a\`.",
        "seen": "1 new failure",
        "verdict": "FAIL",
        "wanted": "no new failure, no test lost or newly skipped",
      }
    `);
  });

  it("counts every failure as new without a baseline", () => {
    const result = judgeTests({ ...tests, head: read(testsBy({ a: "failed", b: "failed", c: "passed" })) });

    expect(result.verdict).toBe("FAIL");
    expect(result.message).toContain("2 tests fail (no baseline, so every failure counts as new)");
  });

  it("counts every skipped test as new without a baseline", () => {
    const head = read(testsBy({ a: "passed", b: "skipped" }));

    expect(judgeTests({ ...tests, head })).toMatchObject({
      verdict: "BLOCKED",
      message: "1 test is skipped (no baseline, so every skipped test counts as new): `test/a.test.ts › b`.",
      details: ["newly skipped: `test/a.test.ts › b`"],
    });
    expect(judgeTests({ ...tests, head, policy: { maxDrop: 0, maxNewlySkipped: 1 } }).verdict).toBe("PASS");
  });

  it("holds no skipped test against a change where there never was a baseline, and says that there is none", () => {
    const head = read(testsBy({ a: "passed", b: "skipped" }));
    const result = judgeTests({ ...tests, isFirst: true, head });

    expect(result.verdict).toBe("PASS");
    expect(result.message).toBe("1 test passed, none failed newly; there is no baseline to compare with.");
    expect(result.details).toEqual([]);
    const failed = read(testsBy({ a: "passed", b: "failed" }));
    expect(judgeTests({ ...tests, isFirst: true, head: failed }).verdict).toBe("FAIL");
  });

  it("is BLOCKED with the numbers when there are fewer tests", () => {
    const base = testsBy({ a: "passed", b: "passed", c: "passed" });

    const result = judgeTests({ ...tests, base, head: read(testsBy({ a: "passed" })) });

    expect(result.verdict).toBe("BLOCKED");
    expect(result.message).toBe("There are 2 fewer tests than before: 3 → 1.");
    expect(result.details).toEqual(["gone: `test/a.test.ts › b`", "gone: `test/a.test.ts › c`"]);
  });

  it("is BLOCKED with the names when tests are gone and as many others came", () => {
    const base = testsBy({ x: "passed", y: "passed" });
    const head = read(testsBy({ p: "passed", q: "passed" }));

    expect(judgeTests({ ...tests, base, head })).toMatchObject({
      verdict: "BLOCKED",
      message:
        "2 tests of the base are gone, though others came: `test/a.test.ts › x`, `test/a.test.ts › y`.",
      seen: "2 tests",
      delta: "0",
      details: ["gone: `test/a.test.ts › x`", "gone: `test/a.test.ts › y`"],
    });
    expect(judgeTests({ base, head, policy: { ...STRICT_TESTS, maxDrop: 1 } }).verdict).toBe("BLOCKED");
    expect(judgeTests({ base, head, policy: { ...STRICT_TESTS, maxDrop: 2 } }).verdict).toBe("PASS");
    expect(judgeTests({ base, head, policy: { ...STRICT_TESTS, maxDrop: null } }).verdict).toBe("PASS");
  });

  it("allows as many fewer tests as it is told", () => {
    const base = testsBy({ a: "passed", b: "passed" });
    const head = read(testsBy({ a: "passed" }));

    expect(judgeTests({ base, head, policy: { ...STRICT_TESTS, maxDrop: 1 } }).verdict).toBe("PASS");
    expect(judgeTests({ base, head, policy: { ...STRICT_TESTS, maxDrop: null } }).verdict).toBe("PASS");
    expect(judgeTests({ base, head, policy: { ...STRICT_TESTS, maxDrop: Number.NaN } }).verdict).toBe(
      "BLOCKED",
    );
  });

  it("names what is newly skipped", () => {
    const base = testsBy({ a: "passed", b: "failed" });
    const head = read(testsBy({ a: "passed", b: "skipped" }));

    const result = judgeTests({ ...tests, base, head });

    expect(result.verdict).toBe("BLOCKED");
    expect(result.message).toBe("1 test is newly skipped: `test/a.test.ts › b`.");
    expect(judgeTests({ base, head, policy: { ...STRICT_TESTS, maxNewlySkipped: null } })).toMatchObject({
      verdict: "PASS",
      details: ["newly skipped: `test/a.test.ts › b`"],
    });
  });

  it.each([
    [testsBy({}), "The report has no test case, so nothing is proven."],
    [testsBy({ a: "skipped" }), "No test passed, so nothing is proven."],
  ])("is BLOCKED when nothing ran", (report, message) => {
    expect(judgeTests({ ...tests, head: read(report) })).toMatchObject({ verdict: "BLOCKED", message });
  });

  it("does not take a moved test for a new one", () => {
    const base = testsOf([
      { name: "a", outcome: "failed", file: "test/old.ts" },
      { name: "b", outcome: "passed" },
    ]);
    const head = testsOf([
      { name: "a", outcome: "failed", file: "test/new.ts" },
      { name: "b", outcome: "passed" },
    ]);

    const renames = new Map([["test/old.ts", "test/new.ts"]]);

    expect(judgeTests({ ...tests, base, head: read(head), renames }).verdict).toBe("PASS");
    expect(judgeTests({ ...tests, base, head: read(head) }).verdict).toBe("FAIL");
  });

  it("shows at most 20 details", () => {
    const head = testsOf(
      Array.from({ length: 50 }, (_, n) => ({ name: `t${n}`, outcome: "failed" as const })),
    );

    const result = judgeTests({ ...tests, head: read(head) });

    expect(result.details).toHaveLength(20);
    expect(result.details?.at(-1)).toBe("and 31 more");
  });
});

describe("judgeFindings", () => {
  it("passes over findings of the baseline", () => {
    const base = findingsOf([{ message: "a" }, { message: "b" }]);

    const result = judgeFindings({ ...findings, base, head: read(findingsOf([{ message: "a", line: 80 }])) });

    expect(result.verdict).toBe("PASS");
    expect(result.message).toBe("No new finding; 1 as before, 1 gone.");
  });

  it("fails on new findings and shows the worst first", () => {
    const head = findingsOf([
      { message: "n", level: "note" },
      { message: "w", level: "warning", path: null },
      { message: "`e` <b>", level: "error" },
    ]);

    expect(judgeFindings({ ...findings, base: findingsOf([]), head: read(head) })).toMatchInlineSnapshot(`
      {
        "base": "0 findings",
        "delta": "+3",
        "details": [
          "error \`no-var\` in \`src/a.ts:1\`: \\\`e\\\` \\<b\\>",
          "warning \`no-var\` in the project: w",
          "note \`no-var\` in \`src/a.ts:1\`: n",
        ],
        "gate": "findings",
        "howToFix": "Correct what is found instead of suppressing it.",
        "message": "The change brings 1 new error, 1 new warning, 1 new note.",
        "seen": "1 new error, 1 new warning, 1 new note",
        "verdict": "FAIL",
        "wanted": "no new error, no new warning",
      }
    `);
  });

  it("counts every finding as new without a baseline, and says so", () => {
    const result = judgeFindings({ ...findings, head: read(findingsOf([{}])) });

    expect(result.message).toBe(
      "The change brings 1 new error; there is no baseline, so every finding counts as new.",
    );
  });

  it("allows as many as it is told, for each level", () => {
    const head = read(findingsOf([{ level: "warning" }, { level: "warning" }]));
    const policy = (warning: number | null) => ({
      ...STRICT_FINDINGS,
      maxNew: { error: 0, warning, note: 0 },
    });

    expect(judgeFindings({ head, base: null, policy: policy(2) }).verdict).toBe("PASS");
    expect(judgeFindings({ head, base: null, policy: policy(null) }).verdict).toBe("PASS");
    expect(judgeFindings({ head, base: null, policy: policy(1) }).verdict).toBe("FAIL");
    expect(judgeFindings({ head, base: null, policy: policy(Number.NaN) }).verdict).toBe("FAIL");
  });

  const suppress = (...messages: readonly string[]) =>
    findingsOf([], { suppressed: messages.map((message, line) => ({ message, line: line + 1 })) });

  it("asks for a person when more is suppressed than before", () => {
    const result = judgeFindings({ ...findings, base: suppress("a"), head: read(suppress("a", "b", "c")) });

    expect(result).toMatchObject({
      verdict: "BLOCKED",
      message: "2 results are newly suppressed: `no-var` in `src/a.ts:2`, `no-var` in `src/a.ts:3`.",
      seen: "2 newly suppressed",
      details: ["error `no-var` in `src/a.ts:2`: b", "error `no-var` in `src/a.ts:3`: c"],
    });
  });

  it("counts every suppressed result as new without a baseline, unless there never was one", () => {
    const head = read(suppress("a"));

    expect(judgeFindings({ ...findings, head })).toMatchObject({
      verdict: "BLOCKED",
      message:
        "1 result is suppressed (no baseline, so every suppressed one counts as new): `no-var` in `src/a.ts:1`.",
    });
    expect(judgeFindings({ ...findings, isFirst: true, head }).verdict).toBe("PASS");
  });

  it("asks for a person when one is suppressed and another is not any more", () => {
    const result = judgeFindings({ ...findings, base: suppress("a"), head: read(suppress("b")) });

    expect(result.verdict).toBe("BLOCKED");
    expect(result.message).toBe("1 result is newly suppressed: `no-var` in `src/a.ts:1`.");
    expect(
      judgeFindings({ base: suppress("a", "b"), head: read(suppress("b")), policy: STRICT_FINDINGS }).verdict,
    ).toBe("PASS");
  });

  it("asks for a person when what was found is suppressed now", () => {
    const base = findingsOf([{ message: "a" }]);

    expect(judgeFindings({ ...findings, base, head: read(suppress("a")) })).toMatchObject({
      verdict: "BLOCKED",
      seen: "1 newly suppressed",
    });
  });

  it("does not take a suppressed result of a moved file for a new one", () => {
    const head = findingsOf([], { suppressed: [{ path: "src/b.ts", message: "a" }] });
    const renames = new Map([["src/a.ts", "src/b.ts"]]);

    expect(judgeFindings({ ...findings, base: suppress("a"), head: read(head), renames }).verdict).toBe(
      "PASS",
    );
    expect(judgeFindings({ ...findings, base: suppress("a"), head: read(head) }).verdict).toBe("BLOCKED");
  });

  it.each([
    ["findings", findingsOf([{}, { message: "b" }]), "2 results"],
    ["suppressed results", suppress("a"), "1 result"],
  ])("is BLOCKED when nothing was looked at and the base has %s", (_name, base, results) => {
    const head = read(findingsOf([], { isSilent: true }));

    expect(judgeFindings({ ...findings, base, head })).toMatchObject({
      verdict: "BLOCKED",
      message: `The report shows nothing that was looked at, though the base has ${results} there, so nothing is proven.`,
      seen: "nothing was looked at",
    });
  });

  it("is BLOCKED when a tool that ran at the base did not run, whether or not it found anything there", () => {
    const both = { tools: ["semgrep", "codeql"] };
    const head = read(findingsOf([], { tools: ["semgrep"] }));
    for (const base of [findingsOf([{}], both), findingsOf([], both)]) {
      expect(judgeFindings({ ...findings, base, head })).toMatchObject({
        verdict: "BLOCKED",
        message: "The report has no run of `codeql`, though the base's has one, so nothing is proven.",
        seen: "no run of `codeql`",
      });
    }
    expect(
      judgeFindings({ ...findings, base: findingsOf([]), head: read(findingsOf([], both)) }).verdict,
    ).toBe("PASS");
  });

  it("passes when nothing was looked at and the base had nothing, and when all was corrected", () => {
    const silent = findingsOf([], { isSilent: true });

    expect(judgeFindings({ ...findings, base: silent, head: read(silent) }).verdict).toBe("PASS");
    expect(judgeFindings({ ...findings, base: findingsOf([]), head: read(silent) }).verdict).toBe("PASS");
    expect(judgeFindings({ ...findings, base: findingsOf([{}]), head: read(findingsOf([])) }).verdict).toBe(
      "PASS",
    );
  });
});

describe("judgeCoverage", () => {
  const base = coverageOf({ "src/a.ts": [80, 100], "src/b.ts": [50, 100] });
  const judge = (
    files: Parameters<typeof coverageOf>[0],
    policy: CoveragePolicy,
    from: typeof base | null = base,
  ) => judgeCoverage({ head: read(coverageOf(files)), base: from, policy, changedFiles: ["src/a.ts"] });

  it("passes at the floor itself, and says what changed", () => {
    const result = judge({ "src/a.ts": [80, 100], "src/b.ts": [40, 100] }, { floor: { lines: 60 } });

    expect(result.verdict).toBe("PASS");
    expect(result.message).toBe("Coverage is 60 % of lines; −5 points.");
  });

  it("fails below the floor, however little", () => {
    const result = judge({ "src/a.ts": [59_999, 100_000] }, { floor: { lines: 60 } });

    expect(result.verdict).toBe("FAIL");
    expect(result.message).toBe("Coverage is too low: lines overall at 59.99 %, wanted 60 %.");
  });

  it("fails when more is lost than allowed", () => {
    const result = judge({ "src/a.ts": [60, 100], "src/b.ts": [50, 100] }, { maxDrop: { lines: 1 } });

    expect(result).toMatchInlineSnapshot(`
      {
        "base": "65 %",
        "delta": "−10 points",
        "details": [
          "lines overall 65 % → 55 %, may lose at most 1 point",
          "lines overall: 65 % → 55 %",
          "branches overall: 65 % → 55 %",
          "functions overall: 65 % → 55 %",
          "statements overall: 65 % → 55 %",
        ],
        "gate": "coverage",
        "howToFix": "Add tests for what is not covered.",
        "message": "Coverage is too low: lines overall 65 % → 55 %, may lose at most 1 point.",
        "seen": "55 % of lines",
        "verdict": "FAIL",
        "wanted": "lines overall at most −1 point",
      }
    `);
  });

  it("judges the files of the change by themselves", () => {
    const files = { "src/a.ts": [70, 100], "src/b.ts": [100, 100] } as const;

    expect(judge(files, { changedFloor: { branches: 75 } }).verdict).toBe("FAIL");
    expect(judge(files, { changedMaxDrop: { lines: 5 } }).verdict).toBe("FAIL");
    expect(judge(files, { changedFloor: { branches: 70 }, changedMaxDrop: { lines: 10 } }).verdict).toBe(
      "PASS",
    );
  });

  it("is BLOCKED when a loss cannot be known for want of a baseline", () => {
    const result = judge({ "src/a.ts": [80, 100] }, { maxDrop: { lines: 1 } }, null);

    expect(result.verdict).toBe("BLOCKED");
    expect(result.message).toContain("with no baseline");
  });

  it("is BLOCKED when nothing was measured, and when a bound is no number", () => {
    expect(judge({}, { floor: { lines: 1 } }).verdict).toBe("BLOCKED");
    expect(judge({ "src/a.ts": [1, 1] }, { floor: { lines: Number.NaN } }).verdict).toBe("BLOCKED");
  });

  it("lets a change pass that has nothing to cover", () => {
    const result = judgeCoverage({
      head: read(base),
      base,
      policy: { changedFloor: { lines: 90 } },
      changedFiles: ["README.md"],
    });

    expect(result.verdict).toBe("PASS");
  });

  it("names files that are no longer measured", () => {
    const result = judge({ "src/a.ts": [80, 100] }, {});

    expect(result.verdict).toBe("PASS");
    expect(result.details).toContain("no longer measured: `src/b.ts`");
  });

  it.each<[string, CoveragePolicy]>([
    ["a loss", { maxDrop: { lines: 0 } }],
    ["a floor", { floor: { lines: 60 } }],
  ])("is BLOCKED when %s is judged without files that the base measured", (_name, policy) => {
    expect(judge({ "src/a.ts": [80, 100] }, policy)).toMatchObject({
      verdict: "BLOCKED",
      message:
        "Coverage cannot be judged: 1 file that the base measured is not in the report, or empty there: `src/b.ts`.",
      howToFix:
        "Measure them again. If the base branch has deleted them since, bring this branch up to date; else have a person confirm that they need no measure.",
    });
  });

  it("passes when the files that the base measured are deleted", () => {
    const head = read(coverageOf({ "src/a.ts": [80, 100] }));
    const policy = { maxDrop: { lines: 0 }, floor: { lines: 60 } };
    const goneFiles = ["src/b.ts"];

    expect(judgeCoverage({ head, base, policy, changedFiles: goneFiles, goneFiles }).verdict).toBe("PASS");
  });

  it("asks of the files of the change alone where they alone are judged", () => {
    const policy = { changedFloor: { lines: 50 } };

    expect(judge({ "src/a.ts": [80, 100] }, policy).verdict).toBe("PASS");
    expect(judge({ "src/b.ts": [50, 100] }, policy)).toMatchObject({
      verdict: "BLOCKED",
      message:
        "Coverage cannot be judged: 1 file that the base measured is not in the report, or empty there: `src/a.ts`.",
    });
  });

  it("is BLOCKED when a new file with code is not measured, where the change is judged", () => {
    const change = { changedFiles: ["src/new.ts"], newCode: ["src/new.ts"], head: read(base), base };

    expect(judgeCoverage({ ...change, policy: { changedFloor: { lines: 90 } } })).toMatchObject({
      verdict: "BLOCKED",
      message: "Coverage cannot be judged: 1 file with new code is not in the report: `src/new.ts`.",
      howToFix: "Add tests that load them, or have a person confirm that they need no measure.",
    });
    expect(judgeCoverage({ ...change, policy: { floor: { lines: 10 } } }).verdict).toBe("PASS");
  });

  it("is BLOCKED when the base measured something and the head nothing", () => {
    const gone = { changedFiles: [], goneFiles: ["src/a.ts", "src/b.ts"] };
    const head = read(coverageOf({}));

    expect(judgeCoverage({ head, base, policy: { maxDrop: { lines: 1 } }, ...gone })).toMatchObject({
      verdict: "BLOCKED",
      message: "Coverage cannot be judged: lines overall 65 % → nothing to cover, may lose at most 1 point.",
    });
    expect(
      judgeCoverage({ head, base: coverageOf({}), policy: { maxDrop: { lines: 1 } }, ...gone }).verdict,
    ).toBe("PASS");
  });
});
