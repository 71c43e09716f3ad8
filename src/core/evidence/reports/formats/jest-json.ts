import { z } from "zod";
import { buildTestReport, type RawCase, readDuration } from "../build-test-report.ts";
import { cleanPath } from "../clean-path.ts";
import { capCount, REPORT_LIMITS, ReportRefusal } from "../limits.ts";
import { AnyList, listOf, readJson, readShape } from "../read-json.ts";
import type { ReadOptions, TestOutcome, TestReport } from "../report.ts";

const Count = z.number().int().min(0).max(1e9).optional();
const Run = z.object({
  success: z.boolean().optional(),
  numTotalTests: Count,
  numFailedTests: Count,
  testResults: AnyList,
});
const TestFile = z.object({
  name: z.string(),
  status: z.string().optional(),
  message: z.string().nullish(),
  assertionResults: AnyList,
});
const Assertion = z.object({
  ancestorTitles: listOf(z.string(), 100).default([]),
  title: z.string().default(""),
  fullName: z.string().default(""),
  status: z.string(),
  duration: z.unknown().optional(),
  failureMessages: listOf(z.string(), 1000).nullish(),
  invocations: z.number().nullish(),
  retryReasons: AnyList.nullish(),
});

const OUTCOME_BY_STATUS: ReadonlyMap<string, TestOutcome> = new Map([
  ["passed", "passed"],
  ["failed", "failed"],
  ["skipped", "skipped"],
  ["pending", "skipped"],
  ["todo", "skipped"],
  ["disabled", "skipped"],
]);

/** Reads the JSON of Jest, which vitest writes too. */
export function readJestJson(text: string, options: ReadOptions = {}): TestReport {
  const run = readShape(Run, readJson(text), "");
  const cases: RawCase[] = [];
  for (const [index, file] of run.testResults.entries()) {
    for (const found of readTestFile(file, `testResults.${index}`, options)) cases.push(found);
    capCount(cases.length, REPORT_LIMITS.cases, "test cases");
  }
  const report = buildTestReport(cases);
  const { total, failed } = report.counts;
  if ((run.numTotalTests ?? 0) > total) {
    throw new ReportRefusal(`says that there were ${run.numTotalTests} tests, yet lists ${total}`);
  }
  if ((run.numFailedTests ?? 0) > failed || (run.success === false && failed === 0)) {
    throw new ReportRefusal(`says that tests failed, yet lists ${failed === 0 ? "none" : `only ${failed}`}`);
  }
  return report;
}

function readTestFile(value: unknown, where: string, options: ReadOptions): readonly RawCase[] {
  const { name, status, message, assertionResults } = readShape(TestFile, value, where);
  capCount(assertionResults.length, REPORT_LIMITS.cases, "test cases");
  const file = cleanPath(name, options) || null;
  const cases = assertionResults.map((item, index) =>
    readAssertion(item, `${where}.assertionResults.${index}`, file),
  );
  const isUntold = status === "failed" && cases.every(({ outcome }) => outcome !== "failed");
  if (!isUntold) return cases;
  // An error at import or in a hook: no test says so, but the file is red.
  return [
    ...cases,
    { name: "(the file itself)", file, outcome: "failed", message: message ?? "", durationMs: null },
  ];
}

function readAssertion(value: unknown, where: string, file: string | null): RawCase {
  const read = readShape(Assertion, value, where);
  const outcome = OUTCOME_BY_STATUS.get(read.status);
  if (outcome === undefined) throw new ReportRefusal(`has a test with an unknown status at ${where}`);
  const wasRetried = (read.invocations ?? 1) > 1 || (read.retryReasons ?? []).length > 0;
  const titles = [...read.ancestorTitles, read.title].filter((title) => title.trim() !== "");
  return {
    name: titles.length === 0 ? read.fullName : titles.join(" › "),
    file,
    outcome: outcome === "passed" && wasRetried ? "flaky" : outcome,
    message: read.failureMessages?.[0] ?? "",
    durationMs: typeof read.duration === "number" ? readDuration(read.duration) : null,
  };
}
