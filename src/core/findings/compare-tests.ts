import { identifyCases } from "../evidence/reports/build-test-report.ts";
import type { TestCase, TestReport } from "../evidence/reports/report.ts";
import { followRename, NO_RENAMES, type Renames } from "./renames.ts";

/** What became of the tests since the baseline; without one, everything is new. Lists are ordered by id. */
export interface TestComparison {
  readonly hasBaseline: boolean;
  readonly newFailures: readonly TestCase[];
  readonly existingFailures: readonly TestCase[];
  readonly fixed: readonly TestCase[];
  readonly newlySkipped: readonly TestCase[];
  readonly flaky: readonly TestCase[];
  /** Cases of the baseline that the head does not have. */
  readonly disappeared: readonly TestCase[];
  /** How many cases there were and are; `drop` is 0 when there are not fewer. */
  readonly countDrop: { readonly before: number; readonly after: number; readonly drop: number };
}

/** Compares by file and name, so that neither order nor, with a map of renames, moved files make a difference. */
export function compareTests(
  base: TestReport | null,
  head: TestReport,
  renames: Renames = NO_RENAMES,
): TestComparison {
  const before = indexCases(base?.cases ?? [], renames);
  const after = indexCases(head.cases, NO_RENAMES);
  const cases = [...after.values()];
  const priorOf = ({ id }: TestCase) => before.get(id)?.outcome;
  const failures = cases.filter(({ outcome }) => outcome === "failed");
  const wasFailing = (found: TestCase) => priorOf(found) === "failed";
  return {
    hasBaseline: base !== null,
    newFailures: failures.filter((found) => !wasFailing(found)),
    existingFailures: failures.filter(wasFailing),
    fixed: cases.filter((found) => found.outcome === "passed" && wasFailing(found)),
    newlySkipped: cases.filter((found) => found.outcome === "skipped" && priorOf(found) !== "skipped"),
    flaky: cases.filter(({ outcome }) => outcome === "flaky"),
    disappeared: [...before.values()].filter(({ id }) => !after.has(id)),
    countDrop: countDrop(base?.cases.length ?? 0, head.cases.length),
  };
}

function indexCases(cases: readonly TestCase[], renames: Renames): ReadonlyMap<string, TestCase> {
  const moved = cases.map((found) => ({ ...found, file: followRename(found.file, renames) }));
  const identified = identifyCases(moved).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return new Map(identified.map((found) => [found.id, found]));
}

function countDrop(before: number, after: number): TestComparison["countDrop"] {
  return { before, after, drop: Math.max(0, before - after) };
}
