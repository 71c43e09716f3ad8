import type { Event } from "../../../core/events.ts";
import type { StoreContext, Trx } from "../engine.ts";
import type { NewJob } from "../lanes/enqueue.ts";
import { enqueue } from "../lanes/enqueue.ts";

/** Queues events in the lanes of their repositories. */
export async function sendEvents(
  trx: Trx,
  context: Pick<StoreContext, "engine" | "options">,
  events: readonly { readonly event: Event; readonly key: string | null }[],
): Promise<void> {
  const jobs = events.map(({ event, key }) => toEventJob(event, { key, guid: null }));
  await enqueue(trx, context, { queue: "inbox", jobs });
}

export function toEventJob(event: Event, { key, guid }: Pick<NewJob, "key" | "guid">): NewJob {
  return { lane: laneOf(event), repoId: event.repo.id, key, guid, body: event };
}

/** One lane for each repository, and one beside it for what must not wait. */
function laneOf({ kind, repo }: Event): string {
  return kind === "stop.asked" ? `${repo.id}/stop` : String(repo.id);
}
