import { isoWeekOf } from "../../report/iso-week.ts";
import { refused, started } from "../answers.ts";
import { type CommandRow, TAKES_NOTHING } from "../command-row.ts";

export const reportCommand: CommandRow = {
  verb: "report",
  aliases: [],
  group: "Administration",
  permission: "write",
  mutates: true,
  takes: TAKES_NOTHING,
  summary: "Writes the report of this week now.",
  details: "It appears on the issue that `reports.weekly.issue` names, and is written again when it is due.",
  examples: [{ line: "/orchestrate report", does: "writes the report of the week so far" }],
  plan({ draft }) {
    const weekly = draft.view.config?.reports.weekly;
    if (weekly === undefined) {
      return refused(
        "There is no report to write: `reports.weekly` in `.github/orchestrator.yml` turns it on and says on which issue.",
      );
    }
    const week = isoWeekOf(draft.now);
    draft.emit({ kind: "report.due", repo: draft.repo, week });
    return started(
      `📊 The report of **${week}** so far is written on #${weekly.issue}. It changes no task, so there is nothing to undo.`,
    );
  },
};
