/** How a test case ended; flaky is a pass that needed more than one try. */
export type TestOutcome = "passed" | "failed" | "skipped" | "flaky";

export interface TestCase {
  /** File and full name, with an ordinal where a report has several of the same; unique in its report. */
  readonly id: string;
  readonly name: string;
  readonly file: string | null;
  readonly outcome: TestOutcome;
  readonly message: string;
  readonly durationMs: number | null;
}

export interface TestCounts {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly flaky: number;
}

export interface TestReport {
  readonly kind: "tests";
  readonly cases: readonly TestCase[];
  readonly counts: TestCounts;
}

export type FindingLevel = "error" | "warning" | "note";

export interface Finding {
  readonly tool: string;
  readonly rule: string;
  readonly level: FindingLevel;
  /** Null where the finding is of the whole project. */
  readonly path: string | null;
  readonly line: number | null;
  readonly message: string;
  /** What tells this finding from others of its rule and path, without its place; what fingerprints are made of. */
  readonly essence: string;
  /** The same for the same finding wherever it moves in its file; unique in its report. */
  readonly fingerprint: string;
}

export interface FindingsReport {
  readonly kind: "findings";
  readonly findings: readonly Finding[];
  /** Results that the project has accepted and that are therefore not among the findings. */
  readonly suppressed: readonly Finding[];
  /** What it was made of: one report, or several. */
  readonly sources: readonly FindingsSource[];
}

export interface FindingsSource {
  /** Path in the artifact; empty for a report by itself. */
  readonly path: string;
  /** Findings, suppressed ones among them. */
  readonly results: number;
  /** Whether the report says that nothing was looked at: no file, or not a word. */
  readonly isSilent: boolean;
  /** The tools that it says have run, where one report may be of several. */
  readonly tools: readonly string[];
}

/** What coverage counts, in the order in which it is shown. */
export const COVERAGE_MEASURES = ["lines", "branches", "functions", "statements"] as const;
export type CoverageMeasure = (typeof COVERAGE_MEASURES)[number];

export interface Covered {
  readonly covered: number;
  readonly total: number;
}

export type CoverageCounts = Readonly<Record<CoverageMeasure, Covered>>;

export interface CoverageReport {
  readonly kind: "coverage";
  readonly total: CoverageCounts;
  readonly files: Readonly<Record<string, CoverageCounts>>;
}

/** A metric as a worker reports it; `value: null` is NaN or infinite. */
export interface MetricSample {
  readonly name: string;
  readonly value: number | null;
  readonly labels: Readonly<Record<string, string>>;
}

export interface MetricsReport {
  readonly kind: "metrics";
  readonly samples: readonly MetricSample[];
}

export type Report = TestReport | FindingsReport | CoverageReport | MetricsReport;

/** A report, or one sentence on why the text is none. */
export type Reading<T extends Report> =
  | { readonly ok: true; readonly report: T }
  | { readonly ok: false; readonly why: string };
export type ReportReading = Reading<Report>;

export interface ReadOptions {
  /** The directory that absolute paths are made relative to; without it, the usual checkouts of runners are known. */
  readonly root?: string;
}
