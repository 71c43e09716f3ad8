import { be, code } from "../../messages/text.ts";
import type { Draft } from "../../plan/draft.ts";
import { endAdmission, listGoingOn, sessionsOf } from "../../plan/session/follow-sessions.ts";
import { describeEnd, nameSession } from "../../session/explain-session.ts";
import { isOpen, type Session } from "../../session/session.ts";
import { refused, started, told } from "../answers.ts";
import { type CommandRow, TAKES_NOTHING } from "../command-row.ts";
import { TEAM_OPTION } from "./start.ts";

export const endCommand: CommandRow = {
  verb: "end",
  aliases: [],
  group: "Administration",
  permission: "maintain",
  mutates: true,
  overrules: { verbs: ["start"], about: "repository", own: false },
  takes: {
    ...TAKES_NOTHING,
    options: [{ ...TEAM_OPTION, does: "The session of this team; without it, every session that is open." }],
  },
  summary: "Ends a session before its bounds do.",
  details:
    "It takes nothing more. What is under way is brought to its end, then the report comes to where the session was started. What the session covers waits until `/orchestrate start` or `/orchestrate resume`.",
  examples: [
    { line: "/orchestrate end", does: "ends every session that is open" },
    { line: "/orchestrate end team=qa", does: "ends the session of team `qa`" },
  ],
  plan({ draft, origin, options }) {
    const team = options.get(TEAM_OPTION.name)?.toLowerCase();
    const known = sessionsOf(draft).filter(({ endedAt }) => endedAt === null);
    const meant = known.filter((session) => team === undefined || session.team?.toLowerCase() === team);
    if (meant.length === 0) return refused(describeNone(known, team));
    const open = meant.filter(isOpen);
    if (open.length === 0)
      return told(
        `Nothing changed: ${meant.map((one) => `${nameSession(one)} takes nothing more, ${describeEnd(one)}`).join("; ")}.`,
      );
    const who = `@${origin.sender.login}`;
    const closed = open.map((session) => endAdmission(draft, session, { by: "command", who }));
    return started(
      `⏹️ ${closed.map((session) => describeClosed(draft, session)).join(" ")} What else is queued waits: \`/orchestrate start\` begins another session, \`/orchestrate resume\` goes on without one.`,
    );
  },
};

function describeClosed(draft: Draft, session: Session): string {
  const under = listGoingOn(draft, session).map(({ issue }) => `#${issue}`);
  const rest =
    under.length === 0
      ? "Nothing of it is under way"
      : `${under.join(", ")} ${be(under.length)} brought to an end`;
  return `${nameSession(session)} takes nothing more. ${rest}; its report comes to #${session.issue}.`;
}

function describeNone(known: readonly Session[], team: string | undefined): string {
  const [other] = known;
  if (other === undefined) return "No session is open here. `/orchestrate start` begins one.";
  const end = other.team === null ? "end" : `end team=${other.team}`;
  return `No session of team ${code(team ?? "")} is open here; ${nameSession(other)}${other.team === null ? " is for every team" : ""}: \`/orchestrate ${end}\` ends it.`;
}
