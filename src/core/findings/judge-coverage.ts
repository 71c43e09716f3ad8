import {
  COVERAGE_MEASURES,
  type CoverageMeasure,
  type CoverageReport,
  type ReportReading,
} from "../evidence/reports/report.ts";
import { answerAs } from "../gate/gate-rule.ts";
import type { GateResult } from "../gate/verdict.ts";
import { code, plural } from "../messages/text.ts";
import {
  type ChangedPaths,
  type CoverageChange,
  type CoverageComparison,
  compareCoverage,
} from "./compare-coverage.ts";
import { describeFirst, nameSome, takeReport } from "./take-report.ts";

const { pass, fail, blocked } = answerAs("coverage");

/** Points or percent by measure; a measure that is left out is not judged. */
export type CoverageBounds = Readonly<Partial<Record<CoverageMeasure, number>>>;

export interface CoveragePolicy {
  /** Percent that have to be covered over all files. */
  readonly floor?: CoverageBounds;
  /** Points that may be lost over all files. */
  readonly maxDrop?: CoverageBounds;
  /** Percent that have to be covered in the files of the change. */
  readonly changedFloor?: CoverageBounds;
  /** Points that may be lost in the files of the change. */
  readonly changedMaxDrop?: CoverageBounds;
}

export interface CoverageToJudge extends ChangedPaths {
  /** Null when a report was asked for and there is none. */
  readonly head: ReportReading | null;
  readonly base: CoverageReport | null;
  readonly policy: CoveragePolicy;
}

/** Digits that a sum of fractions can be wrong by are no loss. */
const EPSILON = 1e-9;
/** The smallest difference that two decimals can show. */
const SHOWN_POINTS = 0.01;

interface Breach {
  /** Whether the bound is broken, or only cannot be held against anything. */
  readonly kind: "broken" | "unknown";
  readonly text: string;
  readonly howToFix?: string;
}

interface BoundRow {
  readonly bound: keyof CoveragePolicy;
  readonly scope: "overall" | "changed";
  readonly find: (change: CoverageChange, bound: number, hasBaseline: boolean) => Breach["kind"] | undefined;
  readonly describe: (change: CoverageChange, bound: number) => string;
}

const ROWS: readonly BoundRow[] = [
  { bound: "floor", scope: "overall", find: findTotalBelow, describe: describeFloor },
  { bound: "maxDrop", scope: "overall", find: findTotalDrop, describe: describeDrop },
  { bound: "changedFloor", scope: "changed", find: findBelow, describe: describeFloor },
  { bound: "changedMaxDrop", scope: "changed", find: findDrop, describe: describeDrop },
];
const SCOPES = { overall: "overall", changed: "in the changed files" } as const;

/**
 * Below a floor or losing more than allowed is FAIL; a loss that nothing can be compared with is BLOCKED, and so are files that
 * should be measured and are not, since their absence raises what is judged.
 */
export function judgeCoverage({ head, base, policy, ...paths }: CoverageToJudge): GateResult {
  const taken = takeReport("coverage", head);
  if (!taken.ok) return taken.answer;
  const comparison = compareCoverage(base, taken.report, paths);
  const breaches = [
    ...ROWS.flatMap((row) => findBreaches(row, policy, comparison)),
    ...findUnmeasured(policy, comparison, new Set(paths.changedFiles)),
  ];
  const broken = breaches.filter(({ kind }) => kind === "broken");
  const [first] = broken.length > 0 ? broken : breaches;
  const seen = `${formatPercent(comparison.overall.lines.after)} of lines`;
  const facts = {
    seen,
    wanted: describePolicy(policy),
    ...describeBase(comparison.overall.lines),
    details: describeAll(comparison, breaches),
  };
  if (first === undefined) {
    const remark = comparison.hasBaseline
      ? `; ${describeLines(comparison)}`
      : "; there is no baseline to compare with";
    return pass({ message: `Coverage is ${seen}${remark}.`, ...facts });
  }
  if (broken.length > 0) {
    const howToFix = "Add tests for what is not covered.";
    return fail({ message: `Coverage is too low: ${first.text}.`, ...facts, howToFix });
  }
  return blocked({
    message: `Coverage cannot be judged: ${first.text}.`,
    ...facts,
    howToFix: first.howToFix ?? "Have a coverage report of the base, and one that measures the code.",
  });
}

/** Files that nobody measures count where they would have: everywhere, or in the change alone. */
function findUnmeasured(
  { floor, maxDrop, changedFloor, changedMaxDrop }: CoveragePolicy,
  { unmeasuredFiles, unmeasuredNew }: CoverageComparison,
  changed: ReadonlySet<string>,
): readonly Breach[] {
  const isOverall = hasBound(floor) || hasBound(maxDrop);
  const isOfChange = hasBound(changedFloor) || hasBound(changedMaxDrop);
  const lost = unmeasuredFiles.filter((path) => isOverall || (isOfChange && changed.has(path)));
  return [
    ...nameBreach(lost, {
      what: (count) => `${count} that the base measured ${isOrAre(lost)} not in the report, or empty there`,
      howToFix:
        "Measure them again. If the base branch has deleted them since, bring this branch up to date; else have a person confirm that they need no measure.",
    }),
    ...nameBreach(isOfChange ? unmeasuredNew : [], {
      what: (count) => `${count} with new code ${isOrAre(unmeasuredNew)} not in the report`,
      howToFix: "Add tests that load them, or have a person confirm that they need no measure.",
    }),
  ];
}

function nameBreach(
  paths: readonly string[],
  { what, howToFix }: { readonly what: (count: string) => string; readonly howToFix: string },
): readonly Breach[] {
  if (paths.length === 0) return [];
  const names = nameSome(paths.map((path) => code(path)));
  return [{ kind: "unknown", text: `${what(plural(paths.length, "file"))}: ${names}`, howToFix }];
}

function isOrAre({ length }: readonly string[]): string {
  return length === 1 ? "is" : "are";
}

function hasBound(bounds: CoverageBounds | undefined): boolean {
  return Object.values(bounds ?? {}).some((bound) => bound !== undefined);
}

function findBreaches(
  row: BoundRow,
  policy: CoveragePolicy,
  comparison: CoverageComparison,
): readonly Breach[] {
  const bounds = policy[row.bound] ?? {};
  return COVERAGE_MEASURES.flatMap((measure) => {
    const bound = bounds[measure];
    if (bound === undefined) return [];
    const change = comparison[row.scope][measure];
    const kind = Number.isFinite(bound) ? row.find(change, bound, comparison.hasBaseline) : "unknown";
    return kind === undefined
      ? []
      : [{ kind, text: `${measure} ${SCOPES[row.scope]} ${row.describe(change, bound)}` }];
  });
}

/** A project in which there is nothing to cover has measured nothing. */
function findTotalBelow({ after }: CoverageChange, bound: number): Breach["kind"] | undefined {
  if (after === null) return "unknown";
  return after + EPSILON < bound ? "broken" : undefined;
}

/** A change may well have nothing to cover. */
function findBelow({ after }: CoverageChange, bound: number): Breach["kind"] | undefined {
  return after !== null && after + EPSILON < bound ? "broken" : undefined;
}

/** Where the base measured something and the head nothing, nobody knows what was lost. */
function findTotalDrop(
  change: CoverageChange,
  bound: number,
  hasBaseline: boolean,
): Breach["kind"] | undefined {
  return change.before !== null && change.after === null ? "unknown" : findDrop(change, bound, hasBaseline);
}

/** New code and code that is gone have no loss. */
function findDrop(change: CoverageChange, bound: number, hasBaseline: boolean): Breach["kind"] | undefined {
  if (!hasBaseline) return "unknown";
  return change.delta !== null && change.delta + EPSILON < -bound ? "broken" : undefined;
}

function describeFloor({ after }: CoverageChange, bound: number): string {
  return `at ${formatPercent(after)}, wanted ${formatPercent(bound)}`;
}

function describeDrop({ before, after }: CoverageChange, bound: number): string {
  const change = before === null ? "with no baseline" : `${formatPercent(before)} → ${formatPercent(after)}`;
  return `${change}, may lose at most ${formatPoints(bound)}`;
}

function describeLines({ overall }: CoverageComparison): string {
  const { delta } = overall.lines;
  if (delta === null) return "no change is known";
  return Math.abs(delta) < SHOWN_POINTS / 2 ? "as before" : formatDelta(delta);
}

function describeBase({ before, delta }: CoverageChange): Pick<GateResult, "base" | "delta"> {
  if (before === null) return {};
  return { base: formatPercent(before), ...(delta === null ? {} : { delta: formatDelta(delta) }) };
}

/** A loss that is too small for two decimals is a loss all the same. */
function formatDelta(delta: number): string {
  const size = Math.abs(delta);
  if (size <= EPSILON) return "0";
  const points = size < SHOWN_POINTS / 2 ? `less than ${SHOWN_POINTS} points` : formatPoints(size);
  return `${delta > 0 ? "+" : "−"}${points}`;
}

function describePolicy(policy: CoveragePolicy): string {
  const parts = ROWS.flatMap(({ bound, scope }) =>
    COVERAGE_MEASURES.flatMap((measure) => {
      const value = policy[bound]?.[measure];
      if (value === undefined) return [];
      const isFloor = bound === "floor" || bound === "changedFloor";
      const limit = isFloor ? `≥ ${formatPercent(value)}` : `at most −${formatPoints(value)}`;
      return [`${measure} ${SCOPES[scope]} ${limit}`];
    }),
  );
  return parts.length === 0 ? "a coverage report" : parts.join(", ");
}

function describeAll(comparison: CoverageComparison, breaches: readonly Breach[]): readonly string[] {
  const changes = COVERAGE_MEASURES.map((measure) => {
    const { before, after } = comparison.overall[measure];
    const from = before === null ? "" : `${formatPercent(before)} → `;
    return `${measure} overall: ${from}${formatPercent(after)}`;
  });
  const unmeasured = comparison.unmeasuredFiles.map((path) => `no longer measured: ${code(path)}`);
  return describeFirst([...breaches.map(({ text }) => text), ...changes, ...unmeasured], (line) => line);
}

/** Rounded down, so that nothing shows a floor that it has not reached. */
function formatPercent(percent: number | null): string {
  return percent === null ? "nothing to cover" : `${Math.floor(percent * 100 + EPSILON) / 100} %`;
}

function formatPoints(points: number): string {
  return plural(Number(points.toFixed(2)), "point");
}
