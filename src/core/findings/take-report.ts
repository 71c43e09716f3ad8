import type { Report, ReportReading } from "../evidence/reports/report.ts";
import type { GateResult } from "../gate/verdict.ts";
import { inline, plural } from "../messages/text.ts";

const NAMES: Readonly<Record<Report["kind"], string>> = {
  tests: "test report",
  findings: "report of findings",
  coverage: "coverage report",
  metrics: "report of metrics",
};

/** Lines of single findings that a gate shows. */
const MAX_DETAILS = 20;

/** A report, or the answer of a gate that was promised one and has none. */
export type Taken<K extends Report["kind"]> =
  | { readonly ok: true; readonly report: Extract<Report, { readonly kind: K }> }
  | { readonly ok: false; readonly answer: GateResult };

/** Takes a report of one kind out of what was read; missing, unreadable or of another kind is BLOCKED. */
export function takeReport<K extends Report["kind"]>(kind: K, reading: ReportReading | null): Taken<K> {
  const wanted = `a ${NAMES[kind]}`;
  const block = (message: string, seen: string, howToFix: string): Taken<K> => ({
    ok: false,
    answer: { gate: kind, verdict: "BLOCKED", message, seen, wanted, howToFix },
  });
  if (reading === null) {
    return block(
      `A ${NAMES[kind]} was asked for and there is none, so nothing is proven.`,
      "no report",
      "Write the report, and name it under `reports` in `result.json`.",
    );
  }
  if (!reading.ok) {
    return block(
      `The ${NAMES[kind]} cannot be read: ${inline(reading.why)}`,
      "an unreadable report",
      "Look at how the report is written, and run it again.",
    );
  }
  if (!isOfKind(kind, reading.report)) {
    return block(
      `Instead of a ${NAMES[kind]} there is a ${NAMES[reading.report.kind]}.`,
      `a ${NAMES[reading.report.kind]}`,
      "Correct the format of the report in `result.json`.",
    );
  }
  return { ok: true, report: reading.report };
}

/** One line for each of the first items; the last says how many more there are. */
export function describeFirst<T>(items: readonly T[], describe: (item: T) => string): readonly string[] {
  if (items.length <= MAX_DETAILS) return items.map(describe);
  const shown = items.slice(0, MAX_DETAILS - 1).map(describe);
  return [...shown, `and ${items.length - shown.length} more`];
}

/** How much more or less there is than before: `+2 tests`; `0` for neither. */
export function differenceOf(number: number, noun: string): string {
  if (number === 0) return "0";
  return `${number > 0 ? "+" : "−"}${plural(Math.abs(number), noun)}`;
}

/** The first few of many, by name. */
export function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function isOfKind<K extends Report["kind"]>(
  kind: K,
  report: Report,
): report is Extract<Report, { readonly kind: K }> {
  return report.kind === kind;
}
