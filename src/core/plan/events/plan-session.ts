import type { EventOf } from "../../events.ts";
import { renderSessionReport } from "../../messages/report/session-report.ts";
import { ownOf } from "../../report/compute-figures.ts";
import { computeSessionReport, type SessionReport } from "../../report/compute-session-report.ts";
import type { Session } from "../../session/session.ts";
import type { Draft } from "../draft.ts";
import { sessionsOf } from "../session/follow-sessions.ts";

/** The clock may have ended a session; whether it has is looked at with every event. */
export function planSessionDue(draft: Draft, _event: EventOf<"session.due">): void {
  draft.conclude("processed", "sessions looked at");
}

/** Writes the report of a session, once, where it was asked for. */
export function planSessionEnded(draft: Draft, event: EventOf<"session.ended">): void {
  const session = sessionsOf(draft).find(({ number }) => number === event.session);
  if (session === undefined || session.endedAt === null)
    return draft.conclude("ignored", "the session is not known, or goes on");
  const report = reportOnSession(draft, session);
  if (report === undefined) return draft.conclude("ignored", "nothing was read");
  draft.conclude("processed", "report of a session written");
  draft.act(
    `session-report:${session.number}`,
    { kind: "reply", issue: session.issue, body: renderSessionReport(report) },
    { subject: `issue:${session.issue}`, taskId: null },
  );
}

/** A session as it stands now; undefined where its tasks were not read. */
export function reportOnSession(draft: Draft, session: Session): SessionReport | undefined {
  const { history } = draft.gathered;
  if (history === undefined) return undefined;
  return computeSessionReport({
    session,
    sessions: sessionsOf(draft),
    now: draft.now,
    tasks: ownOf(draft.repo.id, history.tasks).map((task) => draft.current(task)),
    attempts: ownOf(draft.repo.id, history.attempts),
    queueLength: draft.queueLength(),
    pausedBy: draft.view.record.stored.pausedBy,
  });
}
