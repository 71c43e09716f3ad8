import { z } from "zod";
import { Actor } from "../repo.ts";
import type { Task } from "../task/task.ts";

/** What ended a session's admission: a bound of its own, a person, or that nothing was left to do. */
export const SESSION_ENDS = ["count", "hours", "command", "pause", "done"] as const;
export type SessionEnd = (typeof SESSION_ENDS)[number];

/** A task that a session has taken, and what the task had used before. */
const TakenTask = z.object({ id: z.string(), minutes: z.number(), usd: z.number() });

/** A bounded run of the loop in one repository. */
export const Session = z.object({
  /** Counts the repository's sessions from 1. */
  number: z.number(),
  startedAt: z.number(),
  startedBy: Actor,
  /** Where it was asked for, and where its report goes. */
  issue: z.number(),
  /** Null for tasks of every team. */
  team: z.string().nullable(),
  /** How many different tasks it takes at most; null where nobody said. */
  count: z.number().nullable(),
  /** Nothing new is started from this moment on; null where nobody said. */
  endsAt: z.number().nullable(),
  /** In the order in which they were started. */
  taken: z.array(TakenTask).readonly(),
  /** Since when it takes nothing new, and why; null while it is open. */
  closed: z.object({ by: z.enum(SESSION_ENDS), at: z.number(), who: z.string().nullable() }).nullable(),
  /** Whether what it covers waits, now that it is closed, until somebody says more. */
  rests: z.boolean(),
  /** Since when nothing is left to do; null while something is. */
  idleSince: z.number().nullable(),
  /** When what it took had ended or waited for people; null until then. */
  endedAt: z.number().nullable(),
  /** Tasks that waited for people at its end; these are still brought to theirs. */
  left: z.array(z.string()).readonly(),
});
export type Session = z.infer<typeof Session>;

/** A session without a `count` ends at this many tasks; no `count` may be higher. */
export const MAX_TASKS = 1000;

type Scoped = Pick<Task, "team" | "standsIn">;

/** Whose work it is, whoever does it: a backup of another team takes no task out of a session, or into it. */
export function teamOf({ team, standsIn }: Scoped): string {
  return standsIn?.team ?? team;
}

export function coversTask({ team }: Pick<Session, "team">, task: Scoped): boolean {
  return team === null || team === teamOf(task);
}

/** Whether two sessions would cover the same task. */
export function overlaps(a: Pick<Session, "team">, b: Pick<Session, "team">): boolean {
  return a.team === null || b.team === null || a.team === b.team;
}

/** Whether all that one covers is covered by the other as well. */
export function isWithinScope(inner: Pick<Session, "team">, outer: Pick<Session, "team">): boolean {
  return outer.team === null || outer.team === inner.team;
}

export function hasTaken({ taken }: Pick<Session, "taken">, taskId: string): boolean {
  return taken.some(({ id }) => id === taskId);
}

/** Whether it takes tasks that it does not have yet. */
export function isOpen({ closed }: Session): boolean {
  return closed === null;
}

/** The session that a task may be started in; there is one at most, since sessions that overlap are refused. */
export function findOpenSession(sessions: readonly Session[], task: Scoped): Session | undefined {
  return sessions.find((session) => isOpen(session) && coversTask(session, task));
}

/** Whether a task goes on whatever its repository's pause or a session's end says, because a session has taken it. */
function isBroughtToItsEnd({ taken, closed, endedAt, left }: Session, taskId: string): boolean {
  if (endedAt !== null) return left.includes(taskId);
  return closed?.by !== "pause" && hasTaken({ taken }, taskId);
}

/** Whether a session brings a task to its end. */
export function isTaken(sessions: readonly Session[], taskId: string): boolean {
  return sessions.some((session) => isBroughtToItsEnd(session, taskId));
}

/** Whether a pause holds back what was ordered for a task that is under way. */
export function isPaused(
  { pausedBy, sessions = [] }: { readonly pausedBy: string | null; readonly sessions?: readonly Session[] },
  taskId: string,
): boolean {
  return pausedBy !== null && !isTaken(sessions, taskId);
}

/** Whether a session works on a task, or may start it. */
export function isInSession(sessions: readonly Session[], task: Scoped & Pick<Task, "id">): boolean {
  return isTaken(sessions, task.id) || findOpenSession(sessions, task) !== undefined;
}

/** The session whose end keeps a task from being started. */
export function findRestingSession(
  sessions: readonly Session[],
  task: Scoped & Pick<Task, "id">,
): Session | undefined {
  if (isInSession(sessions, task)) return undefined;
  return sessions.findLast((session) => session.rests && !isOpen(session) && coversTask(session, task));
}

/** The session with one more task; the last one that it may take closes it. */
export function takeTask(session: Session, { id, usage }: Pick<Task, "id" | "usage">, now: number): Session {
  if (hasTaken(session, id)) return session;
  const taken = [...session.taken, { id, minutes: usage.minutes, usd: usage.usd }];
  const isFull = taken.length >= (session.count ?? MAX_TASKS);
  const next = { ...session, taken, idleSince: null };
  return isFull ? closeSession(next, { by: "count", at: now, who: null }) : next;
}

/** Ends hold back what the session covers, but for those that leave things as they were before it. */
const RESTS: Readonly<Record<SessionEnd, boolean>> = {
  count: true,
  hours: true,
  command: true,
  pause: false,
  done: false,
};

export function closeSession(session: Session, closed: NonNullable<Session["closed"]>): Session {
  return { ...session, closed, rests: session.rests || RESTS[closed.by] };
}
