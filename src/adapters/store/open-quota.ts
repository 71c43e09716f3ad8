import { sql } from "kysely";
import type { Quota } from "../../ports/quota.ts";
import type { Db, StoreContext, Trx } from "./engine.ts";

/** What was reserved arrives at GitHub within this time: then every request has ended. */
const UNDER_WAY_MS = 10_000;

/**
 * GitHub's limits for content that notifies people (80 a minute, 500 an hour); writes over any of them are refused. GitHub
 * counts what arrives, so each window is longer by the time that a write may be under way.
 */
const WINDOWS = [
  { ms: 60_000 + UNDER_WAY_MS, writes: 80 },
  { ms: 3_600_000 + UNDER_WAY_MS, writes: 500 },
];
const LONGEST_MS = Math.max(...WINDOWS.map((window) => window.ms));

/** Any number, the same in every replica: it keeps this lock apart from other uses of advisory locks. */
const LOCK_CLASS = 7_301;

export function openQuota({ engine }: StoreContext): Quota {
  return {
    reserve: (installationId, _kind, now) =>
      engine.transact(async (trx) => {
        await sql`select pg_advisory_xact_lock(${LOCK_CLASS}::integer, hashint8(${installationId}::bigint))`.execute(
          trx,
        );
        const freeAt = await findFreeAt(trx, installationId, now);
        if (freeAt > now) return { ok: false, at: freeAt };
        await trx.insertInto("content_writes").values({ installation_id: installationId, at: now }).execute();
        return { ok: true };
      }),
    pauseUntil: async (installationId, at) => {
      await sql`insert into installation_pauses (installation_id, until) values (${installationId}, ${at})
        on conflict (installation_id)
        do update set until = greatest(installation_pauses.until, excluded.until)`.execute(engine.db);
    },
    pausedUntil: (installationId) => readPause(engine.db, installationId),
  };
}

async function findFreeAt(trx: Trx, installationId: number, now: number): Promise<number> {
  await trx
    .deleteFrom("content_writes")
    .where("installation_id", "=", installationId)
    .where("at", "<=", now - LONGEST_MS)
    .execute();
  const writes = await trx
    .selectFrom("content_writes")
    .select("at")
    .where("installation_id", "=", installationId)
    .orderBy("at", "desc")
    .execute();
  // The n-th newest write must have left the window before there is room in it again.
  const freed = WINDOWS.map((window) => {
    const oldest = writes[window.writes - 1];
    return oldest === undefined ? 0 : oldest.at + window.ms;
  });
  return Math.max(...freed, await readPause(trx, installationId));
}

async function readPause(db: Db, installationId: number): Promise<number> {
  const row = await db
    .selectFrom("installation_pauses")
    .select("until")
    .where("installation_id", "=", installationId)
    .executeTakeFirst();
  return row?.until ?? 0;
}
