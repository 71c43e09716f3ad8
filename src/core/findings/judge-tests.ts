import type { ReportReading, TestCase, TestReport } from "../evidence/reports/report.ts";
import { answerAs } from "../gate/gate-rule.ts";
import type { GateResult } from "../gate/verdict.ts";
import { be, code, inline, plural } from "../messages/text.ts";
import { compareTests, type TestComparison } from "./compare-tests.ts";
import type { Renames } from "./renames.ts";
import { describeFirst, differenceOf, nameSome, takeReport } from "./take-report.ts";

const { pass, fail, blocked } = answerAs("tests");

/** How much worse a test report may be than its baseline; null allows any number. */
export interface TestPolicy {
  /** How many tests fewer there may be, and how many may be gone though others came. */
  readonly maxDrop: number | null;
  readonly maxNewlySkipped: number | null;
}

export const STRICT_TESTS: TestPolicy = { maxDrop: 0, maxNewlySkipped: 0 };

export interface TestsToJudge {
  /** Null when a report was asked for and there is none. */
  readonly head: ReportReading | null;
  readonly base: TestReport | null;
  /** Whether there never was a baseline: what is skipped may have been so for long. */
  readonly isFirst?: boolean;
  readonly policy: TestPolicy;
  readonly renames?: Renames;
}

type Question = (scene: Scene) => GateResult | undefined;

interface Scene {
  readonly report: TestReport;
  readonly comparison: TestComparison;
  readonly isFirst: boolean;
  readonly policy: TestPolicy;
  /** What every answer shows. */
  readonly facts: Pick<GateResult, "wanted" | "base" | "delta" | "details">;
}

/** Asked in this order; a failure is known for certain, so it comes before what is only missing. */
const QUESTIONS: readonly Question[] = [askForFailures, askForProof, askForDrop, askForLost, askForSkipped];

/** New failures are FAIL, existing ones are not; tests that are gone or skipped now are BLOCKED. */
export function judgeTests({ head, base, isFirst = false, policy, renames }: TestsToJudge): GateResult {
  const taken = takeReport("tests", head);
  if (!taken.ok) return taken.answer;
  const { report } = taken;
  const comparison = compareTests(base, report, renames);
  const facts = {
    wanted: "no new failure, no test lost or newly skipped",
    ...describeBase(base, report),
    details: describeAll(comparison, isFirst),
  };
  const scene: Scene = { report, comparison, isFirst, policy, facts };
  for (const ask of QUESTIONS) {
    const answer = ask(scene);
    if (answer !== undefined) return answer;
  }
  const { counts } = report;
  const { existingFailures, flaky, hasBaseline } = comparison;
  const remarks = [
    existingFailures.length > 0 ? `${existingFailures.length} failed before as well` : "",
    flaky.length > 0 ? `${flaky.length} needed more than one try` : "",
    hasBaseline ? "" : "there is no baseline to compare with",
  ].filter((remark) => remark !== "");
  return pass({
    message: `${[`${plural(counts.passed + counts.flaky, "test")} passed, none failed newly`, ...remarks].join("; ")}.`,
    seen: describePassed(report),
    ...facts,
  });
}

function describeBase(base: TestReport | null, head: TestReport): Pick<GateResult, "base" | "delta"> {
  if (base === null) return {};
  return { base: describePassed(base), delta: differenceOf(head.counts.total - base.counts.total, "test") };
}

function describePassed({ counts }: TestReport): string {
  return `${counts.passed + counts.flaky} of ${counts.total} passed`;
}

function askForFailures({ comparison, facts }: Scene): GateResult | undefined {
  const { newFailures, hasBaseline } = comparison;
  if (newFailures.length === 0) return undefined;
  const names = nameSome(newFailures.map(({ id }) => code(id)));
  const since = hasBaseline ? "newly" : "(no baseline, so every failure counts as new)";
  const failing = newFailures.length === 1 ? "1 test fails" : `${newFailures.length} tests fail`;
  return fail({
    message: `${failing} ${since}: ${names}.`,
    seen: plural(newFailures.length, "new failure"),
    ...facts,
    howToFix: "Correct the change so that these tests pass again.",
  });
}

function askForProof({ report, facts }: Scene): GateResult | undefined {
  const { total, passed, flaky, skipped } = report.counts;
  if (passed + flaky > 0) return undefined;
  return blocked({
    message:
      total === 0
        ? "The report has no test case, so nothing is proven."
        : "No test passed, so nothing is proven.",
    seen: `${plural(total, "test")}, ${skipped} skipped`,
    ...facts,
    howToFix: "Look at why the tests do not run.",
  });
}

function askForDrop({ comparison, policy, facts }: Scene): GateResult | undefined {
  const { before, after, drop } = comparison.countDrop;
  if (policy.maxDrop === null || drop <= policy.maxDrop) return undefined;
  return blocked({
    message: `There ${be(drop)} ${drop} fewer ${drop === 1 ? "test" : "tests"} than before: ${before} → ${after}.`,
    seen: plural(after, "test"),
    ...facts,
    wanted: `at least ${plural(before - policy.maxDrop, "test")}`,
    howToFix: "Bring them back, or have a person confirm that they are no longer needed.",
  });
}

/** As many new tests do not stand for those that are gone. */
function askForLost({ report, comparison, policy, facts }: Scene): GateResult | undefined {
  const { length } = comparison.disappeared;
  if (policy.maxDrop === null || length <= policy.maxDrop) return undefined;
  const names = nameSome(comparison.disappeared.map(({ id }) => code(id)));
  return blocked({
    message: `${plural(length, "test")} of the base ${be(length)} gone, though others came: ${names}.`,
    seen: plural(report.counts.total, "test"),
    ...facts,
    howToFix:
      "Bring them back under their names, or have a person confirm that they were renamed or are no longer needed.",
  });
}

function askForSkipped({ comparison, isFirst, policy, facts }: Scene): GateResult | undefined {
  const { newlySkipped, hasBaseline } = comparison;
  const allowed = policy.maxNewlySkipped;
  if (isFirst || allowed === null || newlySkipped.length <= allowed) return undefined;
  const names = nameSome(newlySkipped.map(({ id }) => code(id)));
  const since = hasBaseline ? "newly skipped" : "skipped (no baseline, so every skipped test counts as new)";
  return blocked({
    message: `${newlySkipped.length === 1 ? "1 test is" : `${newlySkipped.length} tests are`} ${since}: ${names}.`,
    seen: `${newlySkipped.length} newly skipped`,
    ...facts,
    howToFix: "Let them run again, or have a person confirm that they may be skipped.",
  });
}

function describeAll(comparison: TestComparison, isFirst: boolean): readonly string[] {
  const label = (what: string, cases: readonly TestCase[]) => cases.map((found) => ({ what, found }));
  const all = [
    ...label("new failure", comparison.newFailures),
    ...(isFirst ? [] : label("newly skipped", comparison.newlySkipped)),
    ...label("gone", comparison.disappeared),
    ...label("flaky", comparison.flaky),
    ...label("failed before as well", comparison.existingFailures),
    ...label("fixed", comparison.fixed),
  ];
  return describeFirst(all, ({ what, found: { id, message } }) => {
    return `${what}: ${code(id)}${message === "" ? "" : `: ${inline(message, 160)}`}`;
  });
}
