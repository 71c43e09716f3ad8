import { sql } from "kysely";
import { appendAudit } from "../audit/append-audit.ts";
import type { StoreContext } from "../engine.ts";
import { toJson, toText } from "../json.ts";
import type { ClaimedJob } from "../lanes/claim.ts";
import { finishJob, holdLease } from "../lanes/lease.ts";

/** Keeps an event that cannot be handled as a dead letter, with the reason, and lets its repository go on. */
export async function buryJob(context: StoreContext, job: ClaimedJob, reason: string): Promise<void> {
  const { lease } = job;
  const now = context.options.now();
  const repoId = Number.parseInt(lease.lane, 10);
  const guid = lease.guid ?? `event-${lease.jobId}`;
  await context.engine.transact(async (trx) => {
    await holdLease(trx, lease);
    await sql`
      insert into deliveries (guid, name, repo_id, received_at, status, reason, event)
      values (${guid}, 'internal', ${repoId}, ${now}, 'dead', ${toText(reason)}, ${toJson(job.body)}::text::jsonb)
      on conflict (guid) do update set status = 'dead', reason = excluded.reason, event = excluded.event`.execute(
      trx,
    );
    await finishJob(trx, lease, now);
    const data = { delivery: guid, reason, tries: job.tries };
    await appendAudit(trx, repoId, [
      { kind: "delivery.dead", actor: "orchestrator", taskId: null, at: now, data },
    ]);
  });
}
