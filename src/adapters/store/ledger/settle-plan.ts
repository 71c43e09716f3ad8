import { sql } from "kysely";
import type { Plan } from "../../../core/plan/plan.ts";
import type { RepoRef } from "../../../core/repo.ts";
import type { InboxJob } from "../../../ports/inbox.ts";
import { appendAudit } from "../audit/append-audit.ts";
import type { StoreContext, Trx } from "../engine.ts";
import { sendEvents } from "../inbox/send-events.ts";
import { toJson, toText } from "../json.ts";
import { finishJob, holdLease, Lease } from "../lanes/lease.ts";
import { writeStopChange } from "../open-stops.ts";
import { knowRepository } from "./know-repository.ts";
import { queueEffects } from "./queue-effects.ts";
import { writePulls } from "./write-pulls.ts";
import { writeAttempts, writeTasks } from "./write-tasks.ts";

/**
 * Writes a plan and ends its job. Locks are taken in the order inbox lane, effects, outbox lanes, audit head, here as
 * everywhere, so that transactions never wait for each other in a circle.
 */
export async function settlePlan(context: StoreContext, job: InboxJob, plan: Plan): Promise<void> {
  const lease = Lease.of(job);
  const now = context.options.now();
  const repoId = job.event.repo.id;
  await context.engine.transact(async (trx) => {
    await holdLease(trx, lease);
    for (const repo of reposOf(job, plan)) await knowRepository(trx, repo);
    await writeRepository(trx, plan.repository);
    for (const change of plan.stopChanges ?? []) await writeStopChange(trx, change);
    await writeTasks(trx, { repoId, tasks: plan.tasks });
    await writeAttempts(trx, plan.attempts);
    await writePulls(trx, plan.pulls);
    await sendEvents(
      trx,
      context,
      plan.events.map((event) => ({ event, key: null })),
    );
    const intents = await queueEffects(trx, context, plan.effects);
    await endDelivery(trx, lease, plan.outcome);
    await finishJob(trx, lease, now);
    await appendAudit(trx, repoId, [...plan.audit, ...intents]);
  });
  lease.end();
  context.wake("inbox");
  if (plan.effects.length > 0) context.wake("outbox");
}

/** Every repository that the plan touches: an effect is only done where its repository is known. */
function reposOf(job: InboxJob, plan: Plan): readonly RepoRef[] {
  const all = [...plan.effects.map((effect) => effect.repo), job.event.repo];
  return [...new Map(all.map((repo) => [repo.id, repo])).values()];
}

async function writeRepository(trx: Trx, record: Plan["repository"]): Promise<void> {
  if (record === null) return;
  const { repo, status, stored } = record;
  await sql`
    insert into repositories (id, installation_id, owner, name, status, stored)
    values (${repo.id}, ${repo.installationId}, ${toText(repo.owner)}, ${toText(repo.name)}, ${status},
      ${toJson(stored)}::text::jsonb)
    on conflict (id) do update set installation_id = excluded.installation_id, owner = excluded.owner,
      name = excluded.name, status = excluded.status, stored = excluded.stored`.execute(trx);
}

async function endDelivery(trx: Trx, lease: Lease, outcome: Plan["outcome"]): Promise<void> {
  if (lease.guid === null) return;
  await trx
    .updateTable("deliveries")
    .set({ status: outcome.status, reason: toText(outcome.reason) })
    .where("guid", "=", lease.guid)
    .execute();
}
