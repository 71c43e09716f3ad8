import { type RawBuilder, sql } from "kysely";
import type { Db, Queue, Trx } from "../engine.ts";
import { toJson } from "../json.ts";

/** How long a worker may be silent before its lane is given to another, by the database's clock. */
export const LEASE_SECONDS = 30;

/** GitHub ends every request within this time: what is begun later may end when somebody else works on the lane. */
const LAST_REQUEST_MS = 10_000;

type LeaseClaim = Pick<Lease, "queue" | "lane" | "token" | "jobId" | "guid">;

/** The right to work on a lane's first job. Whoever was given the lane later has another token, and only theirs counts. */
export class Lease {
  readonly queue: Queue;
  readonly lane: string;
  readonly token: number;
  readonly jobId: number;
  readonly guid: string | null;
  #isEnded = false;
  #heldUntil: number;

  /** `askedAt` is when the database was asked for it, by this process' own clock, which also counts while it stands still. */
  constructor(claim: LeaseClaim, askedAt: number) {
    this.queue = claim.queue;
    this.lane = claim.lane;
    this.token = claim.token;
    this.jobId = claim.jobId;
    this.guid = claim.guid;
    this.#heldUntil = askedAt + LEASE_SECONDS * 1_000;
  }

  /** Whether a request that begins now ends before anybody else may be given the lane. */
  mayWrite(): boolean {
    return performance.now() < this.#heldUntil - LAST_REQUEST_MS;
  }

  /** Called when the database has confirmed that it is still ours. */
  extend(askedAt: number): void {
    this.#heldUntil = askedAt + LEASE_SECONDS * 1_000;
  }

  /** Whether the job is known to have ended; false says nothing, because a commit may have succeeded unheard. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Called after the commit that ended the job, so that its worker need not ask the database. */
  end(): void {
    this.#isEnded = true;
  }

  /** The lease of a job that this store handed out. */
  static of(job: { readonly lease: unknown }): Lease {
    if (job.lease instanceof Lease) return job.lease;
    throw new Error("The job was not handed out by this store.");
  }
}

/** The work was given to somebody else, or has already ended; nothing of this try may be written. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";

  constructor(lease: Lease) {
    super(`The lease of ${lease.queue} job ${lease.jobId} in lane ${lease.lane} was lost.`);
  }
}

/** Makes sure that the lane is still ours, and keeps it so until the transaction ends. */
export async function holdLease(trx: Trx, lease: Lease): Promise<void> {
  const { rows } = await sql`
    select 1 from lanes
    where queue = ${lease.queue} and lane = ${lease.lane} and token = ${lease.token} for update`.execute(trx);
  if (rows.length === 0) throw new LeaseLost(lease);
}

/** Takes the job off its lane; call `holdLease` in a statement before, so that this one sees every job of the lane. */
export async function finishJob(trx: Trx, lease: Lease, now: number): Promise<void> {
  await sql`
    with gone as (
      delete from jobs where id = ${lease.jobId}
    ), remaining as (
      select exists (
        select 1 from jobs
        where queue = ${lease.queue} and lane = ${lease.lane} and id <> ${lease.jobId}
      ) as any_left
    ), closed as (
      delete from lanes
      where queue = ${lease.queue} and lane = ${lease.lane} and not (select any_left from remaining)
    )
    update lanes set ready_at = ${now}, leased_until = null, token = nextval('lease_tokens')
    where queue = ${lease.queue} and lane = ${lease.lane} and (select any_left from remaining)`.execute(trx);
}

/** Leaves the job first in its lane and lets the lane rest until `readyAt`. */
export async function postponeJob(
  trx: Trx,
  lease: Lease,
  { readyAt, forgiveTry }: { readonly readyAt: number; readonly forgiveTry: boolean },
): Promise<void> {
  await sql`
    with forgiven as (
      update jobs set tries = tries - 1 where id = ${lease.jobId} and ${forgiveTry}::boolean
    )
    update lanes set ready_at = ${readyAt}, leased_until = null, token = nextval('lease_tokens')
    where queue = ${lease.queue} and lane = ${lease.lane}`.execute(trx);
}

/** Says that the workers of these leases are alive. */
export async function renewLeases(db: Db, leases: readonly Lease[]): Promise<void> {
  const askedAt = performance.now();
  const { rows } = await sql<{ token: number }>`
    update lanes set leased_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
    from ${heldRows(leases)}
    where lanes.queue = held.queue and lanes.lane = held.lane and lanes.token = held.token
    returning lanes.token`.execute(db);
  const renewed = new Set(rows.map(({ token }) => token));
  for (const lease of leases) if (renewed.has(lease.token)) lease.extend(askedAt);
}

/** Gives leases back before they lapse: nothing of these tries is written any more, others may begin after `seconds`. */
export async function releaseLeases(db: Db, leases: readonly Lease[], seconds: number): Promise<void> {
  await sql`
    update lanes set token = nextval('lease_tokens'),
      leased_until = clock_timestamp() + make_interval(secs => ${seconds})
    from ${heldRows(leases)}
    where lanes.queue = held.queue and lanes.lane = held.lane and lanes.token = held.token`.execute(db);
}

function heldRows(leases: readonly Lease[]): RawBuilder<unknown> {
  const held = toJson(leases.map(({ queue, lane, token }) => ({ queue, lane, token })));
  return sql`jsonb_to_recordset(${held}::text::jsonb) as held(queue text, lane text, token bigint)`;
}
