import { addCoverage, eachMeasure, percentOf } from "../evidence/reports/add-coverage.ts";
import type { CoverageCounts, CoverageMeasure, CoverageReport } from "../evidence/reports/report.ts";
import { NO_RENAMES, type Renames } from "./renames.ts";

/** Percentages from 0 to 100; null where there was nothing to cover, or no baseline. */
export interface CoverageChange {
  readonly before: number | null;
  readonly after: number | null;
  /** Points up or down; null when one of both is not known. */
  readonly delta: number | null;
}
export type CoverageChanges = Readonly<Record<CoverageMeasure, CoverageChange>>;

/** What became of coverage since the baseline, over all files and over those that were changed. */
export interface CoverageComparison {
  readonly hasBaseline: boolean;
  readonly overall: CoverageChanges;
  readonly changed: CoverageChanges;
  /** Changed files that the report measures; others, such as documentation, have no coverage. */
  readonly measuredFiles: readonly string[];
  /** Files of the baseline that the report no longer measures, though they were not changed. */
  readonly unmeasuredFiles: readonly string[];
}

export interface ChangedPaths {
  /** As they are now called. */
  readonly changedFiles: readonly string[];
  readonly renames?: Renames;
}

/** Compares counts, never the percentages that a report brings. */
export function compareCoverage(
  base: CoverageReport | null,
  head: CoverageReport,
  { changedFiles, renames = NO_RENAMES }: ChangedPaths,
): CoverageComparison {
  const before = new Map(
    Object.entries(base?.files ?? {}).map(([path, counts]) => [renames.get(path) ?? path, counts]),
  );
  const after = new Map(Object.entries(head.files));
  const changed = new Set(changedFiles);
  const measuredFiles = sortPaths([...changed].filter((path) => after.has(path)));
  return {
    hasBaseline: base !== null,
    overall: changesOf(base?.total ?? null, head.total),
    changed: changesOf(
      base === null ? null : addCoverage(pick(before, measuredFiles)),
      addCoverage(pick(after, measuredFiles)),
    ),
    measuredFiles,
    unmeasuredFiles: sortPaths([...before.keys()].filter((path) => !after.has(path) && !changed.has(path))),
  };
}

function sortPaths(paths: readonly string[]): readonly string[] {
  return paths.toSorted((a, b) => (a < b ? -1 : 1));
}

function pick(
  files: ReadonlyMap<string, CoverageCounts>,
  paths: readonly string[],
): readonly CoverageCounts[] {
  return paths.flatMap((path) => files.get(path) ?? []);
}

function changesOf(base: CoverageCounts | null, head: CoverageCounts): CoverageChanges {
  return eachMeasure((measure) => {
    const before = base === null ? null : percentOf(base[measure]);
    const after = percentOf(head[measure]);
    return { before, after, delta: before === null || after === null ? null : after - before };
  });
}
