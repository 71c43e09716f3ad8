import { sql } from "kysely";
import type { IncomingDelivery } from "../../../ports/inbox.ts";
import type { StoreContext, Trx } from "../engine.ts";
import { sqlState } from "../engine.ts";
import { toJson, toText } from "../json.ts";
import { enqueue } from "../lanes/enqueue.ts";
import { isLockTimeout, park, transactImpatiently } from "../lanes/park.ts";
import { createGroupCommit } from "./group-commit.ts";
import { toEventJob } from "./send-events.ts";

type Acceptance = "stored" | "duplicate" | "ignored";

/** Stores deliveries with their jobs, many to a commit. */
export function createDeliveryWriter(
  context: StoreContext,
): (delivery: IncomingDelivery) => Promise<Acceptance> {
  const { arriving } = context;
  const commit = createGroupCommit<IncomingDelivery, Acceptance>({
    write: async (deliveries) => {
      const answers = await writeDeliveries(context, deliveries);
      if (answers.includes("stored")) context.wake("inbox");
      return answers;
    },
    isOneToBlame: (error) => isBadData(error) || isLockTimeout(error),
  });
  return async (delivery) => {
    arriving.count += 1;
    try {
      return await commit(delivery);
    } finally {
      arriving.count -= 1;
    }
  };
}

async function writeDeliveries(
  context: StoreContext,
  deliveries: readonly IncomingDelivery[],
): Promise<readonly Acceptance[]> {
  const firstByGuid = new Map<string, IncomingDelivery>();
  for (const delivery of deliveries) {
    const guid = toText(delivery.guid);
    if (!firstByGuid.has(guid)) firstByGuid.set(guid, delivery);
  }
  const fresh = await storeFresh(context, firstByGuid);
  return deliveries.map(({ guid, event }) => {
    // The first one of a guid that is new takes it; the same guid once more in this commit is a duplicate.
    if (!fresh.delete(toText(guid))) return "duplicate";
    return event === null ? "ignored" : "stored";
  });
}

type Deliveries = ReadonlyMap<string, IncomingDelivery>;

/** Stores what is new, without waiting for a worker that stands still in the middle of a transaction. */
async function storeFresh(context: StoreContext, deliveries: Deliveries): Promise<Set<string>> {
  const { engine } = context;
  const store = (add: typeof enqueue) => async (trx: Trx) => {
    const guids = await insertDeliveries(trx, deliveries, context.options.now());
    const jobs = [...deliveries]
      .filter(([guid]) => guids.has(guid))
      .flatMap(([guid, { event }]) => (event === null ? [] : [toEventJob(event, { key: null, guid })]));
    await add(trx, context, { queue: "inbox", jobs });
    return guids;
  };
  // The embedded database has one session: nobody waits for a lock there.
  if (engine.kind === "embedded") return engine.transact(store(enqueue));
  try {
    return await transactImpatiently(engine, store(enqueue));
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    return transactImpatiently(
      engine,
      store((trx, _, jobs) => park(trx, jobs)),
    );
  }
}

async function insertDeliveries(trx: Trx, deliveries: Deliveries, now: number): Promise<Set<string>> {
  const { rows } = await sql<{ guid: string }>`
    insert into deliveries (guid, name, action, repo_id, received_at, status, reason)
    select guid, name, action, repo_id, ${now}::double precision, status, reason
    from jsonb_to_recordset(${deliveryRows(deliveries)}::text::jsonb)
      as x(guid text, name text, action text, repo_id bigint, status text, reason text)
    order by guid
    on conflict (guid) do nothing returning guid`.execute(trx);
  return new Set(rows.map((row) => row.guid));
}

function deliveryRows(deliveries: Deliveries): string {
  return toJson(
    [...deliveries].map(([guid, delivery]) => ({
      guid,
      name: delivery.name,
      action: delivery.action,
      repo_id: delivery.repoId,
      status: delivery.event === null ? "ignored" : "received",
      reason: delivery.ignored,
    })),
  );
}

/** Data exceptions and broken constraints: the same rows fail again, the others would not. */
function isBadData(error: unknown): boolean {
  const state = sqlState(error);
  return state !== null && (state.startsWith("22") || state.startsWith("23"));
}
