import { describeEnd } from "../../session/explain-session.ts";
import {
  closeSession,
  coversTask,
  findOpenSession,
  hasTaken,
  isOpen,
  type Session,
  takeTask,
} from "../../session/session.ts";
import { startsByItself } from "../../session/starts-by-itself.ts";
import type { Task } from "../../task/task.ts";
import { isUnderWay } from "../../task/under-way.ts";
import { SESSION_IDLE_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";

/** How many ended sessions are kept, beside those that something still depends on. */
const KEPT_ENDED = 5;
/** What the clock lifts later than this is nothing that a session waits for. */
const HORIZON_MS = 24 * 3_600_000;

export function sessionsOf({ view }: Pick<Draft, "view">): readonly Session[] {
  return view.record.stored.sessions ?? [];
}

/** Writes a session down, in the place of what was known of it. */
export function saveSession(draft: Draft, session: Session): void {
  const others = sessionsOf(draft).filter(({ number }) => number !== session.number);
  saveSessions(draft, [...others, session]);
}

export function saveSessions(draft: Draft, sessions: readonly Session[]): void {
  const ordered = sessions.toSorted((a, b) => a.number - b.number);
  const spare = ordered.filter(({ endedAt, rests }) => endedAt !== null && !rests).slice(0, -KEPT_ENDED);
  const { stored, status } = draft.view.record;
  const kept = ordered.filter((session) => !spare.includes(session));
  draft.saveRepository({ ...stored, sessions: kept }, status);
}

/** Closes sessions whose time is over, before anything is planned: nothing is started later than that. */
export function closeOverdueSessions(draft: Draft): void {
  for (const session of sessionsOf(draft)) {
    const { endsAt } = session;
    if (isOpen(session) && endsAt !== null && endsAt <= draft.now)
      endAdmission(draft, session, { by: "hours", who: null });
  }
}

/** Closes a session: it takes nothing more, and ends when what it took has. */
export function endAdmission(
  draft: Draft,
  session: Session,
  end: Omit<NonNullable<Session["closed"]>, "at">,
): Session {
  const closed = closeSession(session, { ...end, at: draft.now });
  saveSession(draft, closed);
  draft.audit("session.closed", {
    ...(end.who !== null && { actor: end.who.replace("@", "") }),
    data: { session: session.number, by: end.by, taken: closed.taken.length },
  });
  return closed;
}

/** A queued task is started: in the session that it is in, if there is one. */
export function takeIntoSession(draft: Draft, task: Task): void {
  const session = findOpenSession(sessionsOf(draft), task);
  if (session === undefined || hasTaken(session, task.id)) return;
  const next = takeTask(session, task, draft.now);
  saveSession(draft, next);
  const { number, taken } = next;
  draft.audit("session.took", { taskId: task.id, data: { session: number, taken: taken.length } });
  if (!isOpen(next))
    draft.audit("session.closed", { data: { session: number, by: "count", taken: taken.length } });
}

/** Ends sessions of which nothing goes on any more. What is stopped goes on later, so a stop ends none. */
export function settleSessions(draft: Draft): void {
  if (draft.stops().length > 0 || draft.view.record.status !== "active") return;
  for (const session of sessionsOf(draft)) {
    if (session.endedAt !== null) continue;
    if (isOpen(session)) closeWhenIdle(draft, session);
    else endWhenOver(draft, session);
  }
}

/** Nothing to do is believed after a while only: what has just ended may let something else begin. */
function closeWhenIdle(draft: Draft, session: Session): void {
  const { idleSince } = session;
  if (hasWork(draft, session)) {
    if (idleSince !== null) saveSession(draft, { ...session, idleSince: null });
  } else if (idleSince === null) saveSession(draft, { ...session, idleSince: draft.now });
  else if (idleSince + SESSION_IDLE_MS <= draft.now)
    endWhenOver(draft, endAdmission(draft, session, { by: "done", who: null }));
}

/** Whether something of an open session goes on, or starts without anybody doing anything for it. */
export function hasWork(draft: Draft, session: Session): boolean {
  const isAnyUnderWay = draft.activeTasks().some(isUnderWay);
  const before = Math.min(session.endsAt ?? Number.POSITIVE_INFINITY, draft.now + HORIZON_MS);
  return (
    listGoingOn(draft, session).length > 0 ||
    draft
      .queuedTasks()
      .some((task) => coversTask(session, task) && startsByItself(task, { isAnyUnderWay, before }))
  );
}

function endWhenOver(draft: Draft, session: Session): void {
  if (listGoingOn(draft, session).length > 0) return;
  const { number, taken, closed, rests } = session;
  const left = closed?.by === "pause" ? [] : listUnended(draft, session).map(({ id }) => id);
  saveSession(draft, { ...session, endedAt: draft.now, left });
  draft.audit("session.ended", {
    data: {
      session: number,
      by: closed?.by ?? "done",
      why: describeEnd(session),
      taken: taken.length,
      rests,
    },
  });
  draft.emit({ kind: "session.ended", repo: draft.repo, session: number });
}

/** Tasks of a session that bring themselves to their end, or to where people are asked; in a pause only runs do. */
export function listGoingOn(draft: Draft, session: Session): readonly Task[] {
  const unended = listUnended(draft, session);
  if (session.closed?.by === "pause")
    return unended.filter((task) => task.state === "running" && isUnderWay(task));
  const isAnyUnderWay = draft.activeTasks().some(isUnderWay);
  const flow = { isAnyUnderWay, before: draft.now + HORIZON_MS };
  return unended.filter((task) => (task.state === "queued" ? startsByItself(task, flow) : isUnderWay(task)));
}

function listUnended(draft: Draft, session: Session): readonly Task[] {
  return [...draft.activeTasks(), ...draft.queuedTasks()].filter(({ id }) => hasTaken(session, id));
}

/** A pause ends what sessions may do: none takes anything more, and what they took waits like everything else. */
export function pauseSessions(draft: Draft, who: string): readonly Session[] {
  if (sessionsOf(draft).length === 0) return [];
  const open = sessionsOf(draft).filter(isOpen);
  const paused = open.map((session) => endAdmission(draft, session, { by: "pause", who }));
  saveSessions(
    draft,
    sessionsOf(draft).map((session) => revoke(session, who)),
  );
  return paused;
}

function revoke(session: Session, who: string): Session {
  const { closed, endedAt } = session;
  if (endedAt !== null) return { ...session, left: [] };
  return closed === null ? session : { ...session, closed: { ...closed, by: "pause", who } };
}

/** What sessions that are over held back goes on; answers with these sessions. */
export function wakeSessions(draft: Draft, actor: string): readonly Session[] {
  const resting = sessionsOf(draft).filter(({ rests }) => rests);
  if (resting.length === 0) return [];
  saveSessions(
    draft,
    sessionsOf(draft).map((session) => ({ ...session, rests: false })),
  );
  for (const { number } of resting) draft.audit("session.lifted", { actor, data: { session: number } });
  return resting;
}
