import { sql } from "kysely";
import type { Db } from "../engine.ts";
import type { StoreOptions } from "../store.ts";

const CHECKPOINT_EVERY_MS = 60_000;
const VACUUM_EVERY_MS = 3_600_000;

/** Does what PostgreSQL's background processes do, which PGlite does not have: without it the log grows for ever. */
export function startUpkeep(db: Db, onError: StoreOptions["onError"]): () => Promise<void> {
  let underWay: Promise<void> = Promise.resolve();
  const every = (statement: string, ms: number): NodeJS.Timeout => {
    const timer = setInterval(() => {
      underWay = underWay.then(() => run(statement));
    }, ms);
    return timer.unref();
  };
  const run = async (statement: string): Promise<void> => {
    try {
      await sql.raw(statement).execute(db);
    } catch (error) {
      onError(error, `embedded upkeep: ${statement}`);
    }
  };
  const timers = [every("checkpoint", CHECKPOINT_EVERY_MS), every("vacuum analyze", VACUUM_EVERY_MS)];
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await underWay;
  };
}
