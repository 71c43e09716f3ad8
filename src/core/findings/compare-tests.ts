import { identifyCases } from "../evidence/reports/build-test-report.ts";
import type { TestCase, TestReport } from "../evidence/reports/report.ts";
import { withoutMoved } from "./match-moved.ts";
import { followRename, NO_RENAMES, type Renames } from "./renames.ts";

/** What became of the tests since the baseline; without one, everything is new. Lists are ordered by id. */
export interface TestComparison {
  readonly hasBaseline: boolean;
  readonly newFailures: readonly TestCase[];
  readonly existingFailures: readonly TestCase[];
  readonly fixed: readonly TestCase[];
  readonly newlySkipped: readonly TestCase[];
  readonly flaky: readonly TestCase[];
  /** Cases of the baseline that the head does not have, not in another file or suite either. */
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
  const before = indexCases(base === null ? [] : followRenames(base.cases, renames));
  const after = indexCases(head.cases);
  const pick = (isPicked: (found: TestCase, prior: TestCase["outcome"] | undefined) => boolean) =>
    sortCases(head.cases.filter((found) => isPicked(found, before.get(found.id)?.outcome)));
  const gone = sortCases([...before.values()].filter(({ id }) => !after.has(id)));
  const came = head.cases.filter(({ id }) => !before.has(id));
  return {
    hasBaseline: base !== null,
    newFailures: pick(({ outcome }, prior) => outcome === "failed" && prior !== "failed"),
    existingFailures: pick(({ outcome }, prior) => outcome === "failed" && prior === "failed"),
    fixed: pick(({ outcome }, prior) => outcome === "passed" && prior === "failed"),
    newlySkipped: pick(({ outcome }, prior) => outcome === "skipped" && prior !== "skipped"),
    flaky: pick(({ outcome }) => outcome === "flaky"),
    disappeared: withoutMoved(gone, came),
    countDrop: countDrop(base?.cases.length ?? 0, head.cases.length),
  };
}

/** The cases of the baseline under the names that they have now. */
function followRenames(cases: readonly TestCase[], renames: Renames): readonly TestCase[] {
  if (!cases.some(({ file }) => file !== null && renames.has(file))) return cases;
  return identifyCases(cases.map((found) => ({ ...found, file: followRename(found.file, renames) })));
}

function indexCases(cases: readonly TestCase[]): ReadonlyMap<string, TestCase> {
  return new Map(cases.map((found) => [found.id, found]));
}

function sortCases(cases: readonly TestCase[]): readonly TestCase[] {
  return cases.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function countDrop(before: number, after: number): TestComparison["countDrop"] {
  return { before, after, drop: Math.max(0, before - after) };
}
