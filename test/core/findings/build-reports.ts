import { addCoverage } from "../../../src/core/evidence/reports/add-coverage.ts";
import {
  buildFindingsReport,
  type RawFinding,
} from "../../../src/core/evidence/reports/build-findings-report.ts";
import { buildTestReport } from "../../../src/core/evidence/reports/build-test-report.ts";
import type {
  CoverageCounts,
  CoverageReport,
  FindingsReport,
  TestOutcome,
  TestReport,
} from "../../../src/core/evidence/reports/report.ts";

export interface SimpleCase {
  readonly name: string;
  readonly outcome: TestOutcome;
  readonly file?: string | null;
  readonly message?: string;
}

/** A test report of cases as short as a test needs them. */
export function testsOf(cases: readonly SimpleCase[]): TestReport {
  return buildTestReport(
    cases.map(({ name, outcome, file = "test/a.test.ts", message = "" }) => ({
      name,
      outcome,
      file,
      message,
      durationMs: null,
    })),
  );
}

/** A test report from `name: outcome`. */
export function testsBy(outcomes: Readonly<Record<string, TestOutcome>>): TestReport {
  return testsOf(Object.entries(outcomes).map(([name, outcome]) => ({ name, outcome })));
}

export function findingsOf(
  findings: readonly Partial<RawFinding>[],
  {
    suppressed = [],
    isSilent = false,
    tools = [],
  }: {
    readonly suppressed?: readonly Partial<RawFinding>[];
    readonly isSilent?: boolean;
    readonly tools?: readonly string[];
  } = {},
): FindingsReport {
  const raw = {
    tool: "eslint",
    rule: "no-var",
    level: "error",
    path: "src/a.ts",
    line: 1,
    message: "no var",
  } as const;
  const fill = (finding: Partial<RawFinding>) => ({ ...raw, ...finding });
  return buildFindingsReport(findings.map(fill), { suppressed: suppressed.map(fill), isSilent, tools });
}

/** Coverage from `path: [covered, total]`, the same for every measure. */
export function coverageOf(files: Readonly<Record<string, readonly [number, number]>>): CoverageReport {
  const counts = Object.entries(files).map(([path, [covered, total]]): [string, CoverageCounts] => {
    const count = { covered, total };
    return [path, { lines: count, branches: count, functions: count, statements: count }];
  });
  return {
    kind: "coverage",
    total: addCoverage(counts.map(([, count]) => count)),
    files: Object.fromEntries(counts),
  };
}

/** A reading of a report that could be read. */
export function read<T>(report: T): { readonly ok: true; readonly report: T } {
  return { ok: true, report };
}
