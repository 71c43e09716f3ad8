import { type RawBuilder, sql } from "kysely";
import type { Queue, StoreContext, Trx } from "../engine.ts";
import { toJson, toText } from "../json.ts";
import { JOB_CHANNEL } from "../postgres/listen-for-jobs.ts";

/** Work for one lane; jobs of a lane are done one after another, lanes in parallel. */
export interface NewJob {
  readonly lane: string;
  readonly repoId: number;
  /** At most one job with this key waits. */
  readonly key: string | null;
  readonly guid: string | null;
  readonly body: unknown;
}

/**
 * Queues jobs in their order. Opening (or locking) the lanes first keeps a job from slipping past the moment in which a
 * worker finds its lane empty and closes it; in one order, so that two transactions never wait for each other.
 */
export async function enqueue(
  trx: Trx,
  context: Pick<StoreContext, "engine" | "options">,
  { queue, jobs }: { readonly queue: Queue; readonly jobs: readonly NewJob[] },
): Promise<void> {
  if (jobs.length === 0) return;
  await sql`
    with incoming as (${incomingRows(jobs)}), opened as (
      insert into lanes (queue, lane, ready_at)
      select ${queue}::text, lane, ${context.options.now()}::double precision
      from (select distinct lane from incoming) as wanted order by lane
      on conflict (queue, lane) do update set queue = excluded.queue
    )
    insert into jobs (queue, lane, repo_id, key, guid, body)
    select ${queue}::text, lane, repo_id, key, guid, body from incoming order by position
    on conflict do nothing`.execute(trx);
  if (context.engine.kind === "postgres") await announce(trx, queue);
}

/** Tells the other replicas, when the transaction commits, that something is waiting. */
export async function announce(trx: Trx, queue: Queue): Promise<void> {
  await sql`select pg_notify(${JOB_CHANNEL}, ${queue})`.execute(trx);
}

export function incomingRows(jobs: readonly NewJob[]): RawBuilder<unknown> {
  const rows = jobs.map((job, position) => ({
    position,
    ...job,
    repo_id: job.repoId,
    key: job.key === null ? null : toText(job.key),
  }));
  return sql`select * from jsonb_to_recordset(${toJson(rows)}::text::jsonb)
    as x(position integer, lane text, repo_id bigint, key text, guid text, body jsonb)`;
}
