import type { Figures, Report } from "../../report/report.ts";
import { code, duration, table } from "../text.ts";
import { cutList, money, type Room, refs } from "./report-table.ts";

const STAGE_CHARS = 40;

interface FigureRow {
  readonly name: string;
  readonly value: (figures: Figures) => number | null;
  readonly show: (value: number) => string;
  /** What the number is counted from. */
  readonly source: (report: Report, room: Room) => string;
}

const FIGURES: readonly FigureRow[] = [
  { name: "Accepted", value: (one) => one.accepted, show: String, source: endedAs("done") },
  { name: "Failed", value: (one) => one.failed, show: String, source: endedAs("failed") },
  { name: "Cancelled", value: (one) => one.cancelled, show: String, source: endedAs("cancelled") },
  {
    name: "Attempts",
    value: (one) => one.attempts,
    show: String,
    source: ({ tests }, room) =>
      cutList(tests.stages, room.refs, (stage) => `${stage.total} × ${code(stage.stage, STAGE_CHARS)}`),
  },
  {
    name: "Minutes",
    value: (one) => Math.round(one.minutes),
    show: String,
    source: () => "runs that ended in the week",
  },
  { name: "Cost", value: (one) => one.usd, show: money, source: () => "runs that ended in the week" },
  {
    name: "Cost per accepted task",
    value: (one) => (one.accepted === 0 ? null : one.usd / one.accepted),
    show: money,
    source: () => "all cost of the week, by its accepted tasks",
  },
  {
    name: "Median lead time, label to done",
    value: (one) => one.medianLeadMs,
    show: duration,
    source: () => "accepted tasks",
  },
];

function endedAs(state: "done" | "failed" | "cancelled"): FigureRow["source"] {
  return ({ ended }, room) => {
    const issues = ended.filter((task) => task.state === state).map((task) => task.issue);
    return refs(issues, room.refs);
  };
}

/** The week's numbers against those of the week before. */
export function figureTable(report: Report, room: Room): string {
  const rows = FIGURES.map((row) => {
    const value = row.value(report.figures);
    return [row.name, value === null ? "–" : row.show(value), change(report, row), row.source(report, room)];
  });
  return table(["", "This week", "vs last week", "Counted from"], rows);
}

function change({ figures, previous }: Report, { value, show }: FigureRow): string {
  const now = value(figures);
  const before = previous === null ? null : value(previous);
  if (now === null || before === null) return "–";
  const size = show(Math.abs(now - before));
  if (size === show(0)) return "±0";
  return now > before ? `+${size}` : `−${size}`;
}

/** How the week's tasks ended, as a diagram of numbers and fixed words; nothing when none ended. */
export function outcomeChart({ figures }: Report): string {
  const slices = [
    { name: "accepted", count: figures.accepted },
    { name: "failed", count: figures.failed },
    { name: "cancelled", count: figures.cancelled },
  ].filter(({ count }) => count > 0);
  if (slices.length === 0) return "";
  const lines = slices.map(({ name, count }) => `    "${name}" : ${count}`);
  return ["```mermaid", "pie showData", "    title How tasks ended this week", ...lines, "```"].join("\n");
}
