import { mergeFindingsReports } from "../../evidence/reports/build-findings-report.ts";
import { mergeTestReports } from "../../evidence/reports/build-test-report.ts";
import { REPORT_LIMITS } from "../../evidence/reports/limits.ts";
import type {
  CoverageReport,
  FindingsReport,
  MetricsReport,
  Reading,
  Report,
  TestReport,
} from "../../evidence/reports/report.ts";

/** What the reports of one kind have in common. */
export interface ReportKind<R extends Report> {
  readonly kind: R["kind"];
  readonly isOfKind: (report: Report) => report is R;
  /** The reports of one commit as one; `paths` are theirs in the artifact. */
  readonly merge: (reports: readonly [R, ...R[]], paths: readonly string[]) => Reading<R>;
}

export const TESTS: ReportKind<TestReport> = {
  kind: "tests",
  isOfKind: (report) => report.kind === "tests",
  merge: mergeTestReports,
};

export const FINDINGS: ReportKind<FindingsReport> = {
  kind: "findings",
  isOfKind: (report) => report.kind === "findings",
  merge: mergeFindingsReports,
};

/** There is only one, which the rules of the configuration see to. */
export const COVERAGE: ReportKind<CoverageReport> = {
  kind: "coverage",
  isOfKind: (report) => report.kind === "coverage",
  merge: ([report]) => ({ ok: true, report }),
};

export const METRICS: ReportKind<MetricsReport> = {
  kind: "metrics",
  isOfKind: (report) => report.kind === "metrics",
  merge: mergeMetricsReports,
};

function mergeMetricsReports(reports: readonly MetricsReport[]): Reading<MetricsReport> {
  const samples = reports.flatMap((report) => report.samples);
  return samples.length <= REPORT_LIMITS.samples
    ? { ok: true, report: { kind: "metrics", samples } }
    : { ok: false, why: `The reports together have more than ${REPORT_LIMITS.samples} samples.` };
}
