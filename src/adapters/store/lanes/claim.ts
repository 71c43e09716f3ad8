import { sql } from "kysely";
import type { Db, Queue } from "../engine.ts";
import { LEASE_SECONDS, Lease } from "./lease.ts";

/** A job that is ours to do. */
export interface ClaimedJob {
  readonly lease: Lease;
  readonly body: unknown;
  /** How often it was taken, this time included. */
  readonly tries: number;
}

interface ClaimedRow {
  readonly id: number;
  readonly lane: string;
  readonly token: number;
  readonly guid: string | null;
  readonly body: unknown;
  readonly tries: number;
}

/**
 * Takes the first job of up to `limit` lanes that are ready, longest waiting first. One statement, whose cost does not
 * depend on how many jobs wait. The try is counted here, so a job that kills its process is counted too.
 */
export async function claimJobs(
  db: Db,
  { queue, limit, now }: { readonly queue: Queue; readonly limit: number; readonly now: number },
): Promise<readonly ClaimedJob[]> {
  const askedAt = performance.now();
  const { rows } = await sql<ClaimedRow>`
    with ready as (
      select queue, lane from lanes
      where queue = ${queue} and ready_at <= ${now}
        and (leased_until is null or leased_until <= clock_timestamp())
      order by ready_at limit ${limit} for update skip locked
    ), taken as (
      update lanes set token = nextval('lease_tokens'),
        leased_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
      from ready where lanes.queue = ready.queue and lanes.lane = ready.lane
      returning lanes.lane, lanes.token, (
        select min(jobs.id) from jobs where jobs.queue = lanes.queue and jobs.lane = lanes.lane
      ) as job_id
    )
    update jobs set tries = tries + 1, key = case when queue = 'inbox' then null else key end
    from taken where jobs.id = taken.job_id
    returning jobs.id, jobs.lane, taken.token, jobs.guid, jobs.body, jobs.tries`.execute(db);
  return rows.map(({ id, lane, token, guid, body, tries }) => ({
    lease: new Lease({ queue, lane, token, jobId: id, guid }, askedAt),
    body,
    tries,
  }));
}

/** When the next lane that rests becomes ready; null when none rests. */
export async function nextReadyAt(db: Db, queue: Queue, now: number): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`
    select min(ready_at) as at from lanes where queue = ${queue} and ready_at > ${now}`.execute(db);
  return rows[0]?.at ?? null;
}
