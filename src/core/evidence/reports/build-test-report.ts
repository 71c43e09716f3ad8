import { cleanMessage, cleanText } from "./clean-text.ts";
import { capCount, FIELD_CHARS, REPORT_LIMITS, ReportRefusal } from "./limits.ts";
import type { Reading, TestCase, TestCounts, TestOutcome, TestReport } from "./report.ts";

/** A test case as an importer found it. */
export type RawCase = Omit<TestCase, "id">;

/** Within cases of one name, the worst is the first, so that ordinals do not depend on the order of a report. */
const SEVERITY: Readonly<Record<TestOutcome, number>> = { failed: 0, flaky: 1, skipped: 2, passed: 3 };

/** A day: no test takes longer, so a longer time is a mistake. */
const MAX_DURATION_MS = 86_400_000;

/** Cleans and names the cases of a report. Throws a refusal when there are too many. */
export function buildTestReport(raw: readonly RawCase[]): TestReport {
  capCount(raw.length, REPORT_LIMITS.cases, "test cases");
  const cases = identifyCases(raw.map(cleanCase));
  return { kind: "tests", cases, counts: countCases(cases) };
}

/** Several reports of one run, such as one file per class, as one. */
export function mergeTestReports(reports: readonly TestReport[]): Reading<TestReport> {
  const [only, ...others] = reports;
  if (only !== undefined && others.length === 0) return { ok: true, report: only };
  try {
    return { ok: true, report: buildTestReport(reports.flatMap((report) => report.cases)) };
  } catch (error) {
    if (error instanceof ReportRefusal) return { ok: false, why: `The reports together: ${error.message}.` };
    throw error;
  }
}

/** Gives every case its id: file and name, and an ordinal for the second and later ones of the same. */
export function identifyCases(cases: readonly RawCase[]): readonly TestCase[] {
  const groups = new Map<string, RawCase[]>();
  for (const found of cases) {
    const id = baseId(found);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [found]);
    else group.push(found);
  }
  const identified: TestCase[] = [];
  for (const [id, group] of groups) {
    const ordered = group.length === 1 ? group : group.toSorted(compareSeverity);
    for (const [index, { name, file, outcome, message, durationMs }] of ordered.entries()) {
      // Names have single spaces only, so two of them cannot be part of one.
      const own = index === 0 ? id : `${id}  #${index + 1}`;
      identified.push({ id: own, name, file, outcome, message, durationMs });
    }
  }
  return identified;
}

function compareSeverity(a: RawCase, b: RawCase): number {
  return SEVERITY[a.outcome] - SEVERITY[b.outcome];
}

/** A duration in ms, or null where the report has nothing that can be one. */
export function readDuration(ms: number): number | null {
  return Number.isFinite(ms) && ms >= 0 && ms <= MAX_DURATION_MS ? ms : null;
}

function baseId({ file, name }: RawCase): string {
  return file === null ? name : `${file} › ${name}`;
}

function cleanCase({ name, file, outcome, message, durationMs }: RawCase): RawCase {
  return {
    name: cleanText(name, FIELD_CHARS.name) || "(no name)",
    file,
    outcome,
    message: cleanMessage(message),
    durationMs,
  };
}

function countCases(cases: readonly TestCase[]): TestCounts {
  const counts = { total: cases.length, passed: 0, failed: 0, skipped: 0, flaky: 0 };
  for (const { outcome } of cases) counts[outcome] += 1;
  return counts;
}
