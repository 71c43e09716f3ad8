import {
  COVERAGE_MEASURES,
  type CoverageCounts,
  type ReportReading,
} from "../../../../src/core/evidence/reports/report.ts";

/** A reading as lines that a person can check against the report it came from. */
export function showReading(reading: ReportReading): string {
  if (!reading.ok) return `refused: ${reading.why}\n`;
  const { report } = reading;
  if (report.kind === "tests") {
    const { total, passed, failed, skipped, flaky } = report.counts;
    const cases = report.cases.map(({ id, outcome, file, durationMs, message }) =>
      [outcome, id, file ?? "-", durationMs === null ? "-" : `${durationMs} ms`, message].join(" | "),
    );
    return lines([
      `${total} cases: ${passed} passed, ${failed} failed, ${skipped} skipped, ${flaky} flaky`,
      ...cases,
    ]);
  }
  if (report.kind === "findings") {
    const findings = report.findings.map(({ level, path, line, message, fingerprint }) =>
      [level, path ?? "-", line ?? "-", message, fingerprint].join(" | "),
    );
    return lines([`${report.findings.length} findings, ${report.suppressed.length} suppressed`, ...findings]);
  }
  if (report.kind === "metrics") {
    const samples = report.samples.map(({ name, value, labels }) =>
      [name, value ?? "not a number", JSON.stringify(labels)].join(" | "),
    );
    return lines([`${samples.length} samples`, ...samples]);
  }
  const files = Object.entries(report.files).map(([path, counts]) => `${path}: ${showCounts(counts)}`);
  return lines([`total: ${showCounts(report.total)}`, ...files]);
}

function showCounts(counts: CoverageCounts): string {
  return COVERAGE_MEASURES.map(
    (measure) => `${measure} ${counts[measure].covered}/${counts[measure].total}`,
  ).join(", ");
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
