import { sql } from "kysely";
import type { StoreContext } from "./engine.ts";

const SWEEP_EVERY_MS = 3_600_000;
const KEEP_MS = 30 * 86_400_000;

/** Forgets deliveries and pull requests that ended long ago; until then a redelivery of one is recognised. */
export function startRetention({ engine, options }: StoreContext): () => Promise<void> {
  let underWay: Promise<void> = Promise.resolve();
  const sweep = async (): Promise<void> => {
    try {
      await forgetOldDeliveries(engine.db, options.now());
      await forgetClosedPulls(engine.db, options.now());
    } catch (error) {
      options.onError(error, "forgetting what ended long ago");
    }
  };
  const timer = setInterval(() => {
    underWay = sweep();
  }, SWEEP_EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    await underWay;
  };
}

export async function forgetOldDeliveries(db: StoreContext["engine"]["db"], now: number): Promise<void> {
  await sql`delete from deliveries where received_at < ${now - KEEP_MS} and status <> 'received'`.execute(db);
}

export async function forgetClosedPulls(db: StoreContext["engine"]["db"], now: number): Promise<void> {
  await sql`delete from pulls where updated_at < ${now - KEEP_MS} and state = 'closed'`.execute(db);
}
