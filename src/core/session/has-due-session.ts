import { SESSION_IDLE_MS } from "../plan/deadlines.ts";
import type { RepositoryRecord } from "../plan/repository/repository.ts";
import { isOpen } from "./session.ts";

/** Whether the clock alone has something to say about a session of the repository. */
export function hasDueSession({ status, stored }: RepositoryRecord, now: number): boolean {
  if (status !== "active") return false;
  return (stored.sessions ?? []).some(
    (session) =>
      isOpen(session) &&
      ((session.endsAt !== null && session.endsAt <= now) ||
        (session.idleSince !== null && session.idleSince + SESSION_IDLE_MS <= now)),
  );
}
