import type { Report } from "../../report/report.ts";
import { COMMENT_MAX_CHARS, paragraphs } from "../text.ts";
import { figureTable, outcomeChart } from "./report-figures.ts";
import { writeSections } from "./report-sections.ts";
import { moment, money, type Room } from "./report-table.ts";

/** From ample to bare; the last one does not grow with its input, so it always fits. */
const ROOMS: readonly Room[] = [
  { rows: 50, refs: 10 },
  { rows: 20, refs: 5 },
  { rows: 5, refs: 3 },
  { rows: 0, refs: 0 },
];

/** The weekly report as the Markdown of one comment, as long as GitHub takes. */
export function renderReport(report: Report): string {
  for (const room of ROOMS) {
    const text = write(report, room);
    if (text.length <= COMMENT_MAX_CHARS) return text;
  }
  return titleOf(report);
}

function write(report: Report, room: Room): string {
  const isOver = report.now >= report.to;
  return paragraphs(
    `## ${titleOf(report)}`,
    `As of ${moment(report.now)}${isOver ? "" : "; the week is not over"}. ` +
      "Minutes and cost are those of the runs that ended in the week, whatever became of their tasks.",
    figureTable(report, room),
    outcomeChart(report),
    writeSections(report, room),
  );
}

function titleOf({ week, figures }: Report): string {
  const { accepted, failed, usd } = figures;
  return `Orchestrator report ${week} – ${accepted} accepted, ${failed} failed, ${money(usd)}`;
}
