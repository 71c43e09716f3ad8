import type { EventOf } from "../core/events.ts";
import type { Gathered } from "../core/plan/gathered.ts";
import type { Snapshot } from "../core/plan/snapshot.ts";
import { weekStart } from "../core/report/iso-week.ts";
import type { Readers } from "./readers.ts";

const WEEK_MS = 7 * 24 * 3_600_000;

/** What a week's report is made of, the week before included. */
export async function readWeek({
  event,
  readers,
}: {
  readonly event: EventOf<"report.due">;
  readonly readers: Readers;
}): Promise<Gathered> {
  const { ledger } = readers;
  const { id } = event.repo;
  const from = weekStart(event.week);
  const before = { from: from - WEEK_MS, to: from };
  return {
    history: await ledger.tasksSince(id, before.from),
    used: {
      week: await ledger.usageBetween(id, { from, to: from + WEEK_MS }),
      before: await ledger.usageBetween(id, before),
    },
  };
}

/** What the report of a session is made of; for a comment, which may name any of those that are kept, that of all. */
export async function readSessions({
  event,
  snapshot,
  readers,
}: {
  readonly event: EventOf<"comment.created" | "session.ended">;
  readonly snapshot: Snapshot;
  readonly readers: Readers;
}): Promise<Gathered> {
  const meant = (snapshot.repository.stored.sessions ?? []).filter(
    ({ number }) => event.kind === "comment.created" || number === event.session,
  );
  const since = Math.min(...meant.map(({ startedAt }) => startedAt));
  return meant.length === 0 ? {} : { history: await readers.ledger.tasksSince(event.repo.id, since) };
}
