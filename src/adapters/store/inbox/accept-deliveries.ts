import { sql } from "kysely";
import type { IncomingDelivery } from "../../../ports/inbox.ts";
import type { StoreContext } from "../engine.ts";
import { sqlState } from "../engine.ts";
import { toJson, toText } from "../json.ts";
import { enqueue } from "../lanes/enqueue.ts";
import { createGroupCommit } from "./group-commit.ts";
import { toEventJob } from "./send-events.ts";

type Acceptance = "stored" | "duplicate" | "ignored";

/** Stores deliveries with their jobs, many to a commit. */
export function createDeliveryWriter(
  context: StoreContext,
): (delivery: IncomingDelivery) => Promise<Acceptance> {
  return createGroupCommit<IncomingDelivery, Acceptance>({
    write: async (deliveries) => {
      const answers = await writeDeliveries(context, deliveries);
      if (answers.includes("stored")) context.wake("inbox");
      return answers;
    },
    isOneToBlame: isBadData,
  });
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
  const fresh = await context.engine.transact(async (trx) => {
    const { rows } = await sql<{ guid: string }>`
      insert into deliveries (guid, name, action, repo_id, received_at, status, reason)
      select guid, name, action, repo_id, ${context.options.now()}::double precision, status, reason
      from jsonb_to_recordset(${deliveryRows(firstByGuid)}::text::jsonb)
        as x(guid text, name text, action text, repo_id bigint, status text, reason text)
      order by guid
      on conflict (guid) do nothing returning guid`.execute(trx);
    const guids = new Set(rows.map((row) => row.guid));
    const jobs = [...firstByGuid]
      .filter(([guid]) => guids.has(guid))
      .flatMap(([guid, { event }]) => (event === null ? [] : [toEventJob(event, { key: null, guid })]));
    await enqueue(trx, context, { queue: "inbox", jobs });
    return guids;
  });
  return deliveries.map(({ guid, event }) => {
    // The first one of a guid that is new takes it; the same guid once more in this commit is a duplicate.
    if (!fresh.delete(toText(guid))) return "duplicate";
    return event === null ? "ignored" : "stored";
  });
}

function deliveryRows(firstByGuid: ReadonlyMap<string, IncomingDelivery>): string {
  return toJson(
    [...firstByGuid].map(([guid, delivery]) => ({
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
