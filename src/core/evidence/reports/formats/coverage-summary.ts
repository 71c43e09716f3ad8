import { z } from "zod";
import { createRecord } from "../../../yaml/create-record.ts";
import { addCoverage, findDifference } from "../add-coverage.ts";
import { cleanPath } from "../clean-path.ts";
import { capCount, REPORT_LIMITS, ReportRefusal } from "../limits.ts";
import { readJson, readShape } from "../read-json.ts";
import type { CoverageCounts, CoverageReport, Covered, ReadOptions } from "../report.ts";

const Count = z.number().int().min(0).max(1e9);
const CoveredCount = z
  .object({ total: Count, covered: Count })
  .refine(({ total, covered }) => covered <= total, "more is covered than there is");
const Counts = z.object({
  lines: CoveredCount,
  branches: CoveredCount,
  functions: CoveredCount,
  statements: CoveredCount,
});
const Files = z.custom<object>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);

/** Reads Istanbul's `coverage-summary.json`; its percentages are not read but worked out again by those who need them. */
export function readCoverageSummary(text: string, options: ReadOptions = {}): CoverageReport {
  const entries = Object.entries(readShape(Files, readJson(text), ""));
  capCount(entries.length, REPORT_LIMITS.files, "files");
  const files = new Map<string, CoverageCounts>();
  let total: CoverageCounts | undefined;
  for (const [written, value] of entries) {
    const counts = readShape(Counts, value, written.slice(0, 100));
    const path = cleanPath(written, options);
    if (written === "total") total = counts;
    else if (files.has(path)) throw new ReportRefusal("has a file twice");
    else files.set(path, counts);
  }
  if (total === undefined) throw new ReportRefusal("has no total");
  checkTotal(total, files);
  return { kind: "coverage", total, files: createRecord(files) };
}

/** A total that its files do not add up to is wrong or made up. */
function checkTotal(total: CoverageCounts, files: ReadonlyMap<string, CoverageCounts>): void {
  if (files.size === 0) return;
  const sum = addCoverage([...files.values()]);
  const wrong = findDifference(total, sum);
  if (wrong === undefined) return;
  throw new ReportRefusal(
    `says that ${describeCovered(total[wrong])} ${wrong} are covered, but its files add up to ${describeCovered(sum[wrong])}`,
  );
}

function describeCovered({ covered, total }: Covered): string {
  return `${covered} of ${total}`;
}
