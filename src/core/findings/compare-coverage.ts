import { addCoverage, eachMeasure, percentOf } from "../evidence/reports/add-coverage.ts";
import {
  COVERAGE_MEASURES,
  type CoverageCounts,
  type CoverageMeasure,
  type CoverageReport,
} from "../evidence/reports/report.ts";
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
  /** Files in which the baseline counted something, which are still there, and which the report does not measure. */
  readonly unmeasuredFiles: readonly string[];
  /** New files with code that the report does not name, though it measures others like them beside or above them. */
  readonly unmeasuredNew: readonly string[];
}

export interface ChangedPaths {
  /** As they are now called. */
  readonly changedFiles: readonly string[];
  /** Those that need no measure any more: deleted, or moved to where no code is. */
  readonly goneFiles?: readonly string[];
  /** Those that are new and have code that runs. */
  readonly newCode?: readonly string[];
  readonly renames?: Renames;
}

/** Compares counts, never the percentages that a report brings. */
export function compareCoverage(
  base: CoverageReport | null,
  head: CoverageReport,
  { changedFiles, goneFiles = [], newCode = [], renames = NO_RENAMES }: ChangedPaths,
): CoverageComparison {
  const before = new Map(
    Object.entries(base?.files ?? {}).map(([path, counts]) => [renames.get(path) ?? path, counts]),
  );
  const after = new Map(Object.entries(head.files));
  const changed = new Set(changedFiles);
  const gone = new Set(goneFiles);
  const measuredFiles = sortPaths([...changed].filter((path) => after.has(path)));
  return {
    hasBaseline: base !== null,
    overall: changesOf(base?.total ?? null, head.total),
    changed: changesOf(
      base === null ? null : addCoverage(pick(before, measuredFiles)),
      addCoverage(pick(after, measuredFiles)),
    ),
    measuredFiles,
    unmeasuredFiles: sortPaths(
      [...before].flatMap(([path, counts]) => {
        const now = after.get(path);
        // A change may take all code out of a file; a file that was not changed has what it had.
        const isMeasured = now !== undefined && (hasCode(now) || changed.has(path));
        return hasCode(counts) && !isMeasured && !isGone(path, gone) ? [path] : [];
      }),
    ),
    unmeasuredNew: sortPaths(
      findLikeMeasured(
        newCode.filter((path) => !after.has(path)),
        [...after.keys()],
      ),
    ),
  };
}

/** A report from outside of a runner's usual checkout has the whole path of a file. */
function isGone(path: string, gone: ReadonlySet<string>): boolean {
  return gone.has(path) || (path.startsWith("/") && [...gone].some((one) => path.endsWith(`/${one}`)));
}

function hasCode(counts: CoverageCounts): boolean {
  return COVERAGE_MEASURES.some((measure) => counts[measure].total > 0);
}

/** New files that should be measured: others of their kind are, in their directory or in one above it that is not the root. */
function findLikeMeasured(paths: readonly string[], measured: readonly string[]): readonly string[] {
  const kinds = new Set(measured.map((path) => kindOf(directoryOf(path), path)));
  return paths.filter((path) => directoriesOf(path).some((directory) => kinds.has(kindOf(directory, path))));
}

/** The directory of a file and those above it, without the root unless the file is in it. */
function directoriesOf(path: string): readonly string[] {
  const own = directoryOf(path);
  const directories = [own];
  for (let at = directoryOf(own); at !== ""; at = directoryOf(at)) directories.push(at);
  return directories;
}

function kindOf(directory: string, path: string): string {
  return `${directory}/*${/\.[^./]*$/u.exec(path)?.[0] ?? ""}`;
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
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
