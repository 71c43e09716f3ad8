import { type Reason, reason } from "../reasons.ts";
import type { Task } from "../task/task.ts";
import { findRestingSession, isOpen, type Session } from "./session.ts";

/** Why a task is not started although its session could have: the session takes nothing more. */
export function explainSession(
  sessions: readonly Session[],
  task: Pick<Task, "id" | "team" | "standsIn">,
): readonly Reason[] {
  const session = findRestingSession(sessions, task);
  if (session === undefined) return [];
  return [reason("session.over", `${nameSession(session)} takes nothing more: ${describeEnd(session)}.`)];
}

/** A session as people call it: `Session 3 of team qa`. */
export function nameSession({ number, team }: Pick<Session, "number" | "team">): string {
  return team === null ? `Session ${number}` : `Session ${number} of team \`${team}\``;
}

type Describe = (session: Session, closed: NonNullable<Session["closed"]>) => string;

const ENDS: Readonly<Record<NonNullable<Session["closed"]>["by"], Describe>> = {
  count: ({ taken }) =>
    taken.length === 1 ? "it has taken its one task" : `it has taken its ${taken.length} tasks`,
  hours: ({ endsAt }, { at }) => `its time was over at ${momentOf(endsAt ?? at)}`,
  command: (_, { who }) => `${who ?? "somebody"} ended it`,
  pause: (_, { who }) => `${who ?? "somebody"} paused the repository`,
  done: () => "nothing was left to do",
};

/** Why a session takes nothing more, as half a sentence. */
export function describeEnd(session: Session): string {
  const { closed } = session;
  return closed === null ? "it is open" : ENDS[closed.by](session, closed);
}

/** The minute with its day, since it is read on other days too. */
function momentOf(at: number): string {
  const iso = new Date(at).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** How far a session is, in a few words. */
export function describeStanding(session: Session): string {
  const { taken, count, endsAt, endedAt, rests } = session;
  const tasks = `${taken.length}${count === null ? "" : ` of ${count}`} ${(count ?? taken.length) === 1 ? "task" : "tasks"} taken`;
  if (isOpen(session)) return `open, ${tasks}${endsAt === null ? "" : `, until ${momentOf(endsAt)}`}`;
  if (endedAt === null) return `ending, ${tasks}: ${describeEnd(session)}`;
  return `over, ${tasks}: ${describeEnd(session)}${rests ? "; what it covers waits" : ""}`;
}
