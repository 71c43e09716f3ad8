import { COVERAGE_MEASURES, type CoverageCounts, type CoverageMeasure, type Covered } from "./report.ts";

/** One value for each measure of coverage. */
export function eachMeasure<T>(make: (measure: CoverageMeasure) => T): Readonly<Record<CoverageMeasure, T>> {
  return {
    lines: make("lines"),
    branches: make("branches"),
    functions: make("functions"),
    statements: make("statements"),
  };
}

/** The counts of several files together. */
export function addCoverage(all: readonly CoverageCounts[]): CoverageCounts {
  return eachMeasure((measure) => ({
    covered: all.reduce((sum, counts) => sum + counts[measure].covered, 0),
    total: all.reduce((sum, counts) => sum + counts[measure].total, 0),
  }));
}

/** Percent of what there is; null where there is nothing to cover. */
export function percentOf({ covered, total }: Covered): number | null {
  return total === 0 ? null : (covered / total) * 100;
}

/** The first measure in which two counts differ. */
export function findDifference(a: CoverageCounts, b: CoverageCounts): CoverageMeasure | undefined {
  return COVERAGE_MEASURES.find(
    (measure) => a[measure].covered !== b[measure].covered || a[measure].total !== b[measure].total,
  );
}
