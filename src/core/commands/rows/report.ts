import { renderSessionAnswer } from "../../messages/report/session-report.ts";
import type { Answer } from "../../plan/draft.ts";
import { reportOnSession } from "../../plan/events/plan-session.ts";
import { sessionsOf } from "../../plan/session/follow-sessions.ts";
import { isoWeekOf } from "../../report/iso-week.ts";
import { refused, started, told } from "../answers.ts";
import { type CommandContext, type CommandRow, TAKES_NOTHING } from "../command-row.ts";

export const reportCommand: CommandRow = {
  verb: "report",
  aliases: [],
  group: "Administration",
  permission: "write",
  mutates: true,
  takes: {
    ...TAKES_NOTHING,
    word: { name: "session", isRequired: false, pattern: /^session$/u, expected: "`session`, or nothing" },
    options: [
      {
        name: "session",
        value: "n",
        accepts: (value) => /^[1-9]\d{0,8}$/u.test(value),
        expected: "the number of a session",
        does: "Answers with the report of this session; the last five are kept.",
      },
    ],
  },
  summary: "Writes the report of this week now, or answers with that of a session.",
  details:
    "The week's appears on the issue that `reports.weekly.issue` names, and is written again when it is due. That of a session is the answer; of one that goes on, so far.",
  examples: [
    { line: "/orchestrate report", does: "writes the report of the week so far" },
    { line: "/orchestrate report session", does: "answers with the report of the last session" },
    { line: "/orchestrate report session=3", does: "answers with the report of session 3" },
  ],
  plan(context) {
    const { draft, word, options } = context;
    if (word !== null || options.size > 0) return tellSession(context);
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

function tellSession({ draft, options }: CommandContext): Answer {
  const sessions = sessionsOf(draft);
  const number = options.get("session");
  const session =
    number === undefined ? sessions.at(-1) : sessions.find((known) => known.number === Number(number));
  if (session === undefined) {
    const known = sessions.map((one) => `${one.number}`).join(", ");
    return refused(
      known === ""
        ? "There was no session here. `/orchestrate start` begins one."
        : `Nothing is kept of session ${number}. These are: ${known}.`,
    );
  }
  const report = reportOnSession(draft, session);
  if (report === undefined) return refused("The tasks of the session could not be read. Ask again.");
  return told(renderSessionAnswer(report));
}
