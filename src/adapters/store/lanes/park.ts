import { sql } from "kysely";
import type { Db, Engine, Queue, StoreContext, Trx } from "../engine.ts";
import { sqlState } from "../engine.ts";
import type { NewJob } from "./enqueue.ts";
import { announce, incomingRows } from "./enqueue.ts";

/**
 * A process that stands still in the middle of a transaction keeps the lanes that it has locked. Whoever must not wait for
 * it gives up after so long, and parks the jobs instead.
 */
const PATIENCE = "100ms";
const LOCK_NOT_AVAILABLE = "55P03";
const PARKED = "parked:";
const OPEN_EVERY_MS = 1_000;

/** As `transact`, but nothing in it waits long for another transaction: it fails then, see `isLockTimeout`. */
export function transactImpatiently<T>(engine: Engine, work: (trx: Trx) => Promise<T>): Promise<T> {
  return engine.transact(async (trx) => {
    await sql.raw(`set local lock_timeout = '${PATIENCE}'`).execute(trx);
    return work(trx);
  });
}

export function isLockTimeout(error: unknown): boolean {
  return sqlState(error) === LOCK_NOT_AVAILABLE;
}

/**
 * Queues jobs that carry a guid without touching their lanes, so that it waits for nobody. Where the lane is open they are
 * found at once, elsewhere when `startOpeningLanes` has opened it.
 */
export async function park(
  trx: Trx,
  { queue, jobs }: { readonly queue: Queue; readonly jobs: readonly NewJob[] },
): Promise<void> {
  if (jobs.length === 0) return;
  await sql`
    insert into jobs (queue, lane, repo_id, key, guid, body)
    select ${queue}::text, lane, repo_id, ${PARKED}::text || guid, guid, body
    from (${incomingRows(jobs)}) as incoming order by position`.execute(trx);
}

/** Opens the lanes of parked jobs from now on, whichever process parked them. */
export function startOpeningLanes(context: StoreContext): () => Promise<void> {
  const { engine, options } = context;
  let underWay: Promise<void> | null = null;
  const open = async (): Promise<void> => {
    try {
      await openLanes(engine, options.now());
    } catch (error) {
      options.onError(error, "opening lanes");
    }
    underWay = null;
  };
  const timer = setInterval(() => {
    underWay ??= open();
  }, OPEN_EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    await underWay;
  };
}

interface ParkedLane {
  readonly queue: Queue;
  readonly lane: string;
}

/** The lanes in which jobs are parked, by an index that holds nothing else: its condition has to be spelled out. */
export async function findParkedLanes(db: Db): Promise<readonly ParkedLane[]> {
  const { rows } = await sql<ParkedLane>`
    select distinct queue, lane from jobs where key like ${sql.lit(`${PARKED}%`)}`.execute(db);
  return rows;
}

async function openLanes(engine: Engine, now: number): Promise<void> {
  for (const { queue, lane } of await findParkedLanes(engine.db)) {
    try {
      await transactImpatiently(engine, (trx) => openLane(trx, { queue, lane, now }));
    } catch (error) {
      // Whoever holds it still stands still; the others need not wait for that.
      if (!isLockTimeout(error)) throw error;
    }
  }
}

async function openLane(
  trx: Trx,
  { queue, lane, now }: { readonly queue: Queue; readonly lane: string; readonly now: number },
): Promise<void> {
  await sql`
    insert into lanes (queue, lane, ready_at) values (${queue}, ${lane}, ${now})
    on conflict (queue, lane) do update set queue = excluded.queue`.execute(trx);
  await sql`
    update jobs set key = null
    where queue = ${queue} and lane = ${lane} and key like ${`${PARKED}%`}`.execute(trx);
  await announce(trx, queue);
}
