import type { MetricGate } from "../../core/config/config.ts";
import type { ReportFile } from "../../core/facts.ts";
import { sampleMetrics } from "./sample-metrics.ts";

const JUNIT = `<testsuites><testsuite name="all" tests="1" failures="0"><testcase classname="all" name="works" time="0.1"/></testsuite></testsuites>`;
const JEST = JSON.stringify({
  success: true,
  numTotalTests: 1,
  numFailedTests: 0,
  testResults: [
    { name: "all.test.ts", status: "passed", assertionResults: [{ title: "works", status: "passed" }] },
  ],
});
const COUNT = { total: 100, covered: 100, skipped: 0, pct: 100 };
const COVERED = { lines: COUNT, branches: COUNT, functions: COUNT, statements: COUNT };
const SARIF = {
  version: "2.1.0",
  runs: [{ tool: { driver: { name: "scanner" } }, results: [] }],
};

/** A report of each format in which nothing is wrong. */
const SAMPLES: Readonly<Record<string, string>> = {
  junit: JUNIT,
  "vitest-json": JEST,
  "jest-json": JEST,
  tsc: "",
  "eslint-json": "[]",
  "biome-json": JSON.stringify({ summary: { errors: 0 }, diagnostics: [] }),
  sarif: JSON.stringify(SARIF),
  "coverage-summary": JSON.stringify({ total: COVERED }),
};

/** Reports as a commit leaves them whose checks have passed. */
export function sampleReports(
  files: readonly { readonly format: string; readonly path: string }[],
  gates: readonly MetricGate[],
): readonly ReportFile[] {
  return files.map(({ format, path }) => {
    const text = format === "metrics" ? metricsReport(gates) : SAMPLES[format];
    return { format, path, content: text === undefined ? { kind: "missing" } : { kind: "found", text } };
  });
}

function metricsReport(gates: readonly MetricGate[]): string {
  return JSON.stringify({ metrics: sampleMetrics(gates, { isGood: true, badness: 0 }) });
}
