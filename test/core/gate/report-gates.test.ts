import { describe, expect, it } from "vitest";
import type { GatesConfig } from "../../../src/core/config/config.ts";
import type { ChangedFile, PullReports, ReportFile, ReportSet } from "../../../src/core/facts.ts";
import { evaluatePull } from "../../../src/core/gate/evaluate-pull.ts";
import type { GateAnswer, GateRule } from "../../../src/core/gate/gate-rule.ts";
import { annotateFindings } from "../../../src/core/gate/reports/annotate-findings.ts";
import { coverageGate } from "../../../src/core/gate/rules/coverage.ts";
import { findingsGate } from "../../../src/core/gate/rules/findings.ts";
import { testsGate } from "../../../src/core/gate/rules/tests.ts";
import { HOUR_MS, NOW } from "../../support/build-task.ts";
import { buildFile, buildSubject, MINUTE_MS, patchOf, say } from "./build-subject.ts";

const URL = "https://github.test/acme/shop/actions/runs/1#artifacts";

/** Gates of one kind of report, in one file or several. */
function gatesOf(files: readonly (readonly [format: string, path: string])[]): Partial<GatesConfig> {
  return { reports: { artifact: "reports", files: files.map(([format, path]) => ({ format, path })) } };
}

const TESTS = { ...gatesOf([["junit", "junit.xml"]]), tests: { newlySkipped: 0, lost: 0 } };
const LINT = {
  ...gatesOf([["eslint-json", "eslint.json"]]),
  findings: { level: "warning", new: 0 },
} as const;
const COVERED = {
  ...gatesOf([["coverage-summary", "c.json"]]),
  coverage: { lines: { min: 50, maxDrop: 1, changedMin: 80 } },
};

function fileOf(format: string, path: string, text: string): ReportFile {
  return { format, path, content: { kind: "found", text } };
}

function found(...files: readonly ReportFile[]): ReportSet {
  return { kind: "found", files, url: URL };
}

const NONE: ReportSet = { kind: "missing", runs: 0 };

/** A junit report of tests: `a`, failing `!a`, skipped `-a`. */
function junit(...names: readonly string[]): string {
  const inner = { "!": "<failure/>", "-": "<skipped/>" } as Readonly<Record<string, string>>;
  const cases = names.map(
    (name) => `<testcase name="${name.replace(/^[!-]/u, "")}">${inner[name.charAt(0)] ?? ""}</testcase>`,
  );
  return `<testsuite name="s">${cases.join("")}</testsuite>`;
}

const junitSet = (...names: readonly string[]) => found(fileOf("junit", "junit.xml", junit(...names)));

function eslint(
  findings: readonly { rule: string; severity?: 1 | 2; line?: number; path?: string }[],
): ReportSet {
  const files = findings.map(({ rule, severity = 2, line = 1, path = "src/price.ts" }) => ({
    filePath: path,
    messages: [{ ruleId: rule, severity, message: `about ${rule}`, line }],
  }));
  return found(fileOf("eslint-json", "eslint.json", JSON.stringify(files)));
}

function coverage(files: Readonly<Record<string, readonly [number, number]>>): ReportSet {
  const row = ([covered, total]: readonly [number, number]) => {
    const counts = { total, covered, skipped: 0, pct: 0 };
    return { lines: counts, branches: counts, functions: counts, statements: counts };
  };
  const sum = Object.values(files).reduce<readonly [number, number]>(
    ([a, b], [c, d]) => [a + c, b + d],
    [0, 0],
  );
  const rows = Object.entries(files).map(([path, counts]) => [path, row(counts)] as const);
  return found(
    fileOf("coverage-summary", "c.json", JSON.stringify({ total: row(sum), ...Object.fromEntries(rows) })),
  );
}

interface Scene {
  readonly gates: Partial<GatesConfig>;
  readonly reports?: PullReports;
  readonly age?: number;
  readonly files?: readonly ChangedFile[];
}

function subjectOf({ gates, reports, age = HOUR_MS, files = [buildFile()] }: Scene) {
  const pull = { files, ...(reports === undefined ? {} : { reports }) };
  return { gates, headSince: NOW - age, pull };
}

function answerOf(rule: GateRule, scene: Scene): GateAnswer {
  return rule.evaluate(buildSubject(subjectOf(scene)));
}

describe("the gates of reports", () => {
  it("are not asked where no report of their kind is configured", () => {
    const evaluation = evaluatePull(buildSubject());
    const gates = evaluation.kind === "verdict" ? evaluation.verdict.gates.map(({ gate }) => gate) : [];
    expect(evaluation).toMatchObject({ kind: "verdict", verdict: { value: "PASS" } });
    expect(gates.filter((gate) => ["tests", "findings", "coverage"].includes(gate))).toEqual([]);
  });

  it("are asked between the checks and the assertions, and show their run as evidence", () => {
    const evaluation = evaluatePull(
      buildSubject(subjectOf({ gates: TESTS, reports: { head: junitSet("a"), base: NONE } })),
    );
    const gates = evaluation.kind === "verdict" ? evaluation.verdict.gates : [];
    expect(gates.map(({ gate }) => gate).slice(1, 4)).toEqual(["checks", "tests", "assertions"]);
    expect(gates[2]).toMatchObject({ verdict: "PASS", seen: "1 of 1 passed", evidenceUrl: URL });
  });

  it("wait once for an artifact that several of them need", () => {
    const gates = {
      ...TESTS,
      ...LINT,
      ...gatesOf([
        ["junit", "junit.xml"],
        ["eslint-json", "eslint.json"],
      ]),
    };
    const evaluation = evaluatePull(buildSubject(subjectOf({ gates })));
    expect(evaluation).toMatchObject({ kind: "pending", waitingFor: ["waiting for the artifact `reports`"] });
  });

  const broken: ReportSet = { kind: "unreadable", why: "it is larger than 1 byte" };
  const bomb = fileOf("junit", "junit.xml", '<!DOCTYPE a [<!ENTITY b "c">]><testsuite/>');
  const absent: ReportFile = { format: "junit", path: "junit.xml", content: { kind: "missing" } };
  const damaged: ReportFile = { ...absent, content: { kind: "unreadable", why: "junit.xml is damaged" } };
  const pending = "pending: waiting for the artifact `reports`";
  const good = junitSet("a");
  it.each<[string, PullReports | undefined, number, string]>([
    ["wait while nothing was read", undefined, HOUR_MS, pending],
    [
      "do not wait for ever",
      undefined,
      7 * HOUR_MS,
      "BLOCKED: Its reports were not read, so nothing is proven.",
    ],
    ["wait for a run", { head: { kind: "running" }, base: NONE }, HOUR_MS, pending],
    ["wait for the first run", { head: NONE, base: NONE }, 4 * MINUTE_MS, pending],
    [
      "F135 do not wait for a run that does not come",
      { head: NONE, base: NONE },
      5 * MINUTE_MS,
      "BLOCKED: No run of this commit left the artifact `reports`, so nothing is proven.",
    ],
    [
      "F135 do not wait when every run has ended",
      { head: { kind: "missing", runs: 1 }, base: NONE },
      MINUTE_MS,
      "BLOCKED: No run of this commit left the artifact `reports`, so nothing is proven.",
    ],
    [
      "F135 are blocked by an artifact that cannot be read",
      { head: broken, base: NONE },
      HOUR_MS,
      "BLOCKED: The artifact cannot be read: it is larger than 1 byte.",
    ],
    [
      "F135 are blocked by a file that is not there",
      { head: found(absent), base: NONE },
      HOUR_MS,
      "BLOCKED: The artifact has no file `junit.xml`, so nothing is proven.",
    ],
    [
      "F135 are blocked by a file that is damaged",
      { head: found(damaged), base: NONE },
      HOUR_MS,
      "BLOCKED: The report `junit.xml` cannot be read: junit.xml is damaged.",
    ],
    [
      "are blocked by a hostile report",
      { head: found(bomb), base: NONE },
      HOUR_MS,
      "BLOCKED: The report `junit.xml` cannot be read: The junit report declares a document type or entities, which is not taken.",
    ],
    ["wait for the baseline", { head: good, base: { kind: "running" } }, HOUR_MS, pending],
    [
      "are blocked by a baseline that cannot be read, since nobody knows what it held",
      { head: good, base: found(bomb) },
      HOUR_MS,
      "BLOCKED: The baseline cannot be read: The junit report declares a document type or entities, which is not taken.",
    ],
    [
      "go without a baseline where the base has no such file",
      { head: good, base: found(absent) },
      HOUR_MS,
      "PASS: 1 test passed, none failed newly; there is no baseline to compare with.",
    ],
  ])("%s", (_name, reports, age, said) => {
    expect(
      say(testsGate, subjectOf({ gates: TESTS, age, ...(reports === undefined ? {} : { reports }) })),
    ).toBe(said);
  });

  it("let a first report pass with what was skipped long ago, but not one whose baseline lacks the file", () => {
    const head = junitSet("a", "-b");
    const of = (base: ReportSet) => say(testsGate, subjectOf({ gates: TESTS, reports: { head, base } }));

    expect(of(NONE)).toBe("PASS: 1 test passed, none failed newly; there is no baseline to compare with.");
    expect(of(found(absent))).toBe(
      "BLOCKED: 1 test is skipped (no baseline, so every skipped test counts as new): `s › b`.",
    );
  });

  it("say what brings a baseline that is lost", () => {
    const base: ReportSet = { kind: "unreadable", why: "it has expired" };
    expect(answerOf(testsGate, { gates: TESTS, reports: { head: good, base } })).toMatchObject({
      verdict: "BLOCKED",
      message: "The baseline cannot be read: it has expired.",
      howToFix:
        "Let the workflow that reports run again for the base commit, or bring this branch up to date with its base, and push.",
    });
  });

  it("say what to upload", () => {
    const answer = answerOf(testsGate, {
      gates: TESTS,
      reports: { head: { kind: "missing", runs: 2 }, base: NONE },
    });
    expect(answer).toMatchObject({
      wanted: "`junit.xml`",
      howToFix:
        "Let a workflow of the commit upload `junit.xml` as the artifact `reports`, also when a step fails.",
    });
  });
});

describe("testsGate", () => {
  it.each<[string, readonly string[], readonly string[], string]>([
    ["fails for a new failure", ["a"], ["a", "!b"], "FAIL: 1 test fails newly: `s › b`."],
    [
      "passes an existing failure",
      ["a", "!b"],
      ["a", "!b"],
      "PASS: 1 test passed, none failed newly; 1 failed before as well.",
    ],
    ["is blocked by fewer tests", ["a", "b"], ["a"], "BLOCKED: There is 1 fewer test than before: 2 → 1."],
    [
      "is blocked by a test that is skipped now",
      ["a", "b"],
      ["a", "-b"],
      "BLOCKED: 1 test is newly skipped: `s › b`.",
    ],
    ["is blocked when no test ran", ["a"], [], "BLOCKED: The report has no test case, so nothing is proven."],
  ])("%s", (_name, before, after, said) => {
    const reports = { base: junitSet(...before), head: junitSet(...after) };
    expect(say(testsGate, subjectOf({ gates: TESTS, reports }))).toBe(said);
  });

  it("allows as much as is configured", () => {
    const gates = { ...TESTS, tests: { newlySkipped: 1, lost: 1 } };
    const reports = { base: junitSet("a", "b", "c"), head: junitSet("a", "-b") };
    expect(say(testsGate, subjectOf({ gates, reports }))).toMatch(/^PASS/u);
  });

  it("judges several files together, and needs each of them", () => {
    const gates = {
      ...TESTS,
      ...gatesOf([
        ["junit", "a.xml"],
        ["junit", "b.xml"],
      ]),
    };
    const [a, b] = [fileOf("junit", "a.xml", junit("a")), fileOf("junit", "b.xml", junit("!b"))];
    const lost: ReportFile = { format: "junit", path: "b.xml", content: { kind: "missing" } };

    expect(say(testsGate, subjectOf({ gates, reports: { head: found(a, b), base: found(a) } }))).toBe(
      "FAIL: 1 test fails newly: `s › b`.",
    );
    expect(say(testsGate, subjectOf({ gates, reports: { head: found(a, lost), base: NONE } }))).toBe(
      "BLOCKED: The artifact has no file `b.xml`, so nothing is proven.",
    );
  });

  it("does not take a test of a moved file for a new one", () => {
    const at = (path: string) =>
      found(
        fileOf(
          "junit",
          "junit.xml",
          `<testsuite><testcase name="a" file="${path}"><failure/></testcase><testcase name="b"/></testsuite>`,
        ),
      );
    const files = [buildFile({ path: "new.test.ts", previousPath: "old.test.ts", status: "renamed" })];
    const scene = { gates: TESTS, reports: { base: at("old.test.ts"), head: at("new.test.ts") } };

    expect(say(testsGate, subjectOf({ ...scene, files }))).toMatch(/^PASS/u);
    expect(say(testsGate, subjectOf(scene))).toMatch(/^FAIL: 1 test fails newly/u);
  });
});

describe("findingsGate", () => {
  const old = { rule: "eqeqeq" };
  it.each<[string, Parameters<typeof eslint>[0], string]>([
    [
      "passes what was there before, wherever it moved",
      [{ ...old, line: 9 }],
      "PASS: No new finding; 1 as before, 0 gone.",
    ],
    ["fails for a new error", [old, { rule: "no-eval" }], "FAIL: The change brings 1 new error."],
    [
      "fails for a new warning",
      [old, { rule: "no-var", severity: 1 }],
      "FAIL: The change brings 1 new warning.",
    ],
  ])("%s", (_name, findings, said) => {
    const reports = { base: eslint([old]), head: eslint(findings) };
    expect(say(findingsGate, subjectOf({ gates: LINT, reports }))).toBe(said);
  });

  const linted = (text: string, tsc = "") =>
    found(fileOf("eslint-json", "eslint.json", text), fileOf("tsc", "tsc.txt", tsc));
  const files = (...rules: readonly string[]) =>
    JSON.stringify([
      { filePath: "src/price.ts", messages: rules.map((ruleId) => ({ ruleId, severity: 2, message: "m" })) },
    ]);
  const ERROR = "src/price.ts(1,2): error TS2322: no\n";
  it.each<[string, ReportSet, ReportSet, string]>([
    [
      "is blocked by a linter that looked at no file",
      linted(files("eqeqeq")),
      linted("[]"),
      "BLOCKED: The report `eslint.json` shows nothing that was looked at, though the base has 1 result there, so nothing is proven.",
    ],
    [
      "is blocked by a compiler that said nothing",
      linted(files(), `${ERROR}${ERROR}`),
      linted(files(), "\n"),
      "BLOCKED: The report `tsc.txt` shows nothing that was looked at, though the base has 2 results there, so nothing is proven.",
    ],
    [
      "passes what a linter finds no more in what it looked at",
      linted(files("eqeqeq")),
      linted(files()),
      "PASS: No new finding; 0 as before, 1 gone.",
    ],
    [
      "passes what a compiler finds no more in what it counted",
      linted("[]", ERROR),
      linted("[]", "Files:              83\nLines of TypeScript: 20\nCheck time:     0.898s\n"),
      "PASS: No new finding; 0 as before, 1 gone.",
    ],
    [
      "passes a compiler that said nothing before either, whatever another tool found",
      linted(files("eqeqeq")),
      linted(files("eqeqeq")),
      "PASS: No new finding; 1 as before, 0 gone.",
    ],
    [
      "passes where nothing was found and nothing is",
      linted("[]"),
      linted("[]"),
      "PASS: No new finding; 0 as before, 0 gone.",
    ],
  ])("%s", (_name, base, head, said) => {
    const both = gatesOf([
      ["eslint-json", "eslint.json"],
      ["tsc", "tsc.txt"],
    ]);
    expect(say(findingsGate, subjectOf({ gates: { ...LINT, ...both }, reports: { base, head } }))).toBe(said);
  });

  it("judges nothing below its level, and allows as many as configured", () => {
    const reports = {
      base: eslint([]),
      head: eslint([{ rule: "no-var", severity: 1 }, { rule: "no-eval" }]),
    };
    const gatesWith = (findings: GatesConfig["findings"]) => ({ ...LINT, ...(findings && { findings }) });

    expect(say(findingsGate, subjectOf({ gates: gatesWith({ level: "error", new: 1 }), reports }))).toMatch(
      /^PASS/u,
    );
    expect(say(findingsGate, subjectOf({ gates: gatesWith({ level: "error", new: 0 }), reports }))).toMatch(
      /^FAIL/u,
    );
  });
});

describe("annotateFindings", () => {
  const annotate = (head: ReportSet, base: ReportSet = eslint([{ rule: "eqeqeq" }])) =>
    annotateFindings(buildSubject(subjectOf({ gates: LINT, reports: { head, base } })));

  it("shows new findings where they are, the worst first, and no others", () => {
    const head = eslint([
      { rule: "eqeqeq" },
      { rule: "no-var", severity: 1, line: 3 },
      { rule: "no-eval", line: 7 },
    ]);
    expect(annotate(head)).toEqual([
      {
        path: "src/price.ts",
        startLine: 7,
        endLine: 7,
        level: "failure",
        message: "eslint no-eval: about no-eval",
      },
      {
        path: "src/price.ts",
        startLine: 3,
        endLine: 3,
        level: "warning",
        message: "eslint no-var: about no-var",
      },
    ]);
  });

  it("leaves out what is in no file of the repository", () => {
    expect(
      annotate(
        eslint([
          { rule: "a", path: "../../etc/passwd" },
          { rule: "b", path: "/etc/passwd" },
        ]),
      ),
    ).toEqual([]);
  });

  it("shows two hundred at most", () => {
    const many = Array.from({ length: 300 }, (_, index) => ({ rule: `rule-${index}` }));
    expect(annotate(eslint(many))).toHaveLength(200);
  });

  it("shows nothing where nothing can be compared", () => {
    expect(annotate({ kind: "running" })).toEqual([]);
    expect(annotateFindings(buildSubject())).toEqual([]);
  });
});

describe("coverageGate", () => {
  const base = coverage({ "src/price.ts": [9, 10], "src/old.ts": [60, 90] });
  it.each<[string, Parameters<typeof coverage>[0], string]>([
    ["passes when as much is covered as before", { "src/price.ts": [9, 10], "src/old.ts": [60, 90] }, "PASS"],
    ["fails for a loss", { "src/price.ts": [9, 10], "src/old.ts": [50, 90] }, "FAIL"],
    ["fails below the floor", { "src/price.ts": [9, 10], "src/old.ts": [30, 90] }, "FAIL"],
    [
      "fails for a change that is covered too little",
      { "src/price.ts": [7, 10], "src/old.ts": [62, 90] },
      "FAIL",
    ],
  ])("%s", (_name, files, word) => {
    const reports = { base, head: coverage(files) };
    expect(say(coverageGate, subjectOf({ gates: COVERED, reports })).split(":")[0]).toBe(word);
  });

  it.each<[string, readonly ChangedFile[], string]>([
    ["is blocked without a file that was measured", [buildFile()], "BLOCKED"],
    ["is blocked without one that the change edits", [buildFile({ path: "src/old.ts" })], "BLOCKED"],
    ["passes without one that is deleted", [buildFile({ path: "src/old.ts", status: "removed" })], "PASS"],
    [
      "passes without one that is moved among the tests",
      [buildFile({ path: "test/old.ts", previousPath: "src/old.ts", status: "renamed" })],
      "PASS",
    ],
    [
      "is blocked without one that is moved to where code is",
      [buildFile({ path: "src/new.ts", previousPath: "src/old.ts", status: "renamed" })],
      "BLOCKED",
    ],
  ])("%s", (_name, files, word) => {
    const reports = { base, head: coverage({ "src/price.ts": [9, 10] }) };
    expect(say(coverageGate, subjectOf({ gates: COVERED, reports, files })).split(":")[0]).toBe(word);
  });

  const added = (path: string, ...lines: readonly string[]) =>
    buildFile({ path, status: "added", patch: patchOf(...lines.map((line) => `+${line}`)) });
  it.each<[string, ChangedFile, string]>([
    ["code", added("src/new.ts", "export const tax = 1;"), "BLOCKED"],
    ["an arrow", added("src/new.ts", "handlers.tax = (n) => {"), "BLOCKED"],
    ["what cannot be seen", { ...added("src/new.ts"), patch: null, additions: 9000 }, "BLOCKED"],
    [
      "types",
      added("src/new.ts", "/** What if (it) is new. */", "export interface Tax {", "of: string; }"),
      "PASS",
    ],
    ["a union", added("src/new.ts", 'export type Tax = "const a" | typeof b;'), "PASS"],
    ["exports of others", added("src/new.ts", 'export * from "./price.ts";'), "PASS"],
    ["a test", added("src/new.test.ts", "const a = 1;"), "PASS"],
    ["a declaration", added("src/new.d.ts", "export const a: 1;"), "PASS"],
    ["a setting", added("src/vitest.config.ts", "const a = 1;"), "PASS"],
    ["a story", added("src/new.stories.ts", "const a = 1;"), "PASS"],
    ["a document", added("src/new.md", "const a = 1;"), "PASS"],
    ["data", added("src/new.json", "{}"), "PASS"],
    ["code where nothing is measured", added("tools/new.ts", "const a = 1;"), "PASS"],
    ["nothing", { ...added("src/new.ts"), additions: 0, patch: null }, "PASS"],
  ])("says of a new file with %s that it is not measured, or not", (_name, file, word) => {
    const reports = { base, head: base };
    expect(say(coverageGate, subjectOf({ gates: COVERED, reports, files: [file] })).split(":")[0]).toBe(word);
  });

  it("is blocked where a loss can be compared with nothing, or the changed files are not known", () => {
    const head = coverage({ "src/price.ts": [9, 10] });
    expect(say(coverageGate, subjectOf({ gates: COVERED, reports: { head, base: NONE } }))).toMatch(
      /^BLOCKED/u,
    );
    const pull = { files: null, changedFiles: 3001, reports: { head, base } };
    expect(say(coverageGate, { gates: COVERED, pull })).toBe(
      "BLOCKED: The list of changed files is not complete.",
    );
  });
});
