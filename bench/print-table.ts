import { type Figure, type Goal, isMet, type SectionResult } from "./figure.ts";

const HEADINGS = ["figure", "measured", "baseline", "ratio", "goal", ""];

/** A section as plain text: its figures, the details below them, and what one has to know to read them. */
export function printSection(title: string, { figures, details = [], notes = [] }: SectionResult): string {
  return [
    `\n${title}\n${"=".repeat(title.length)}`,
    printTable(HEADINGS, figures.map(describeFigure)),
    ...details.map(({ title: heading, headings, rows }) => `\n${heading}\n${printTable(headings, rows)}`),
    ...(notes.length === 0 ? [] : [`\n${notes.map((note) => `- ${note}`).join("\n")}`]),
    "",
  ].join("\n");
}

function describeFigure({ unit, ...figure }: Figure): readonly string[] {
  const { baseline, goal } = figure;
  return [
    figure.what,
    `${formatNumber(figure.value)} ${unit}`.trim(),
    baseline === undefined ? "" : `${formatNumber(baseline.value)} (${baseline.what})`,
    baseline === undefined ? "" : (figure.value / baseline.value).toFixed(2),
    goal === undefined ? "" : `${describeGoal(goal)} ${unit}`.trim(),
    describeVerdict(isMet({ unit, ...figure })),
  ];
}

function describeGoal(goal: Goal): string {
  return "atLeast" in goal ? `≥ ${formatNumber(goal.atLeast)}` : `≤ ${formatNumber(goal.atMost)}`;
}

function describeVerdict(met: boolean | null): string {
  if (met === null) return "";
  return met ? "met" : "MISSED";
}

/** Three digits that count, and thousands apart. */
export function formatNumber(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function printTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
  const lines = table.map((row) =>
    widths
      .map((width, column) => (row[column] ?? "").padEnd(width))
      .join("  ")
      .trimEnd(),
  );
  return lines.toSpliced(1, 0, widths.map((width) => "-".repeat(width)).join("  ")).join("\n");
}
