import { sql } from "kysely";
import type { Outcome } from "../../../core/effects.ts";
import type { Event } from "../../../core/events.ts";
import type { Settlement } from "../../../ports/outbox.ts";
import { appendAudit } from "../audit/append-audit.ts";
import type { StoreContext, Trx } from "../engine.ts";
import { sendEvents } from "../inbox/send-events.ts";
import { toJson } from "../json.ts";
import type { Lease } from "../lanes/lease.ts";
import { finishJob, holdLease, postponeJob } from "../lanes/lease.ts";
import type { BegunTry } from "./begin-try.ts";

type Final = Exclude<Outcome, { kind: "later" }>;

interface TryContext {
  readonly context: StoreContext;
  readonly lease: Lease;
}

/** Takes a job away whose effect needs nothing. */
export async function dropJob({ context, lease }: TryContext): Promise<void> {
  await context.engine.transact(async (trx) => {
    await holdLease(trx, lease);
    await finishJob(trx, lease, context.options.now());
  });
}

/** Leaves the effect for a later moment; `forgiveTry` when it was not the try's fault, `sentNothing` when it left no trace. */
export async function putOff(
  { context, lease }: TryContext,
  begun: BegunTry,
  wait: { readonly readyAt: number; readonly forgiveTry: boolean; readonly sentNothing?: true },
): Promise<void> {
  const firstTriedAt = wait.sentNothing ? sql`${begun.firstTriedAt}::double precision` : sql`first_tried_at`;
  await context.engine.transact(async (trx) => {
    await sql`update effects set state = 'waiting', tries = tries - ${wait.forgiveTry ? 1 : 0},
        first_tried_at = ${firstTriedAt}
      where key = ${begun.key} and state = 'trying'`.execute(trx);
    await holdLease(trx, lease);
    await postponeJob(trx, lease, wait);
  });
}

/**
 * Writes how an effect ended: its row, the audit's outcome row, the event for its repository and the end of the job, or
 * nothing of it. Locks are taken in the same order as when a plan is settled.
 */
export async function endTry(
  { context, lease }: TryContext,
  begun: BegunTry,
  settlement: Settlement & { readonly outcome: Final },
): Promise<void> {
  const now = context.options.now();
  await context.engine.transact(async (trx) => {
    await sendOutcome(trx, context, settlement.event);
    const isNewest = await writeOutcome(trx, begun, { settlement, now });
    await holdLease(trx, lease);
    if (isNewest) await finishJob(trx, lease, now);
    else await postponeJob(trx, lease, { readyAt: now, forgiveTry: true });
    await appendAudit(trx, begun.repo.id, [outcomeEntry(begun, settlement.outcome, now)]);
  });
  if (settlement.event !== null) context.wake("inbox");
}

async function sendOutcome(trx: Trx, context: StoreContext, event: Event | null): Promise<void> {
  if (event !== null) await sendEvents(trx, context, [{ event, key: null }]);
}

/** Whether what was done is still what is wanted; a projection may have changed meanwhile. */
async function writeOutcome(
  trx: Trx,
  begun: BegunTry,
  {
    settlement,
    now,
  }: { readonly settlement: Settlement & { readonly outcome: Final }; readonly now: number },
): Promise<boolean> {
  const { outcome, remoteId } = settlement;
  const { rows } = await sql<{ is_newest: boolean }>`
    update effects set
      applied_version = ${begun.version},
      state = case when version = ${begun.version} then ${outcome.kind} else 'waiting' end,
      desired = case when sort = 'action' then null else desired end,
      remote_id = coalesce(${remoteId}::text, remote_id),
      first_tried_at = null,
      outcome = ${toJson(outcome)}::text::jsonb,
      updated_at = ${now}
    where key = ${begun.key}
    returning version = ${begun.version} as is_newest`.execute(trx);
  return rows[0]?.is_newest ?? true;
}

function outcomeEntry(begun: BegunTry, outcome: Final, now: number) {
  const { kind, ...facts } = outcome;
  return {
    kind: `effect.${kind}`,
    actor: "orchestrator",
    taskId: begun.taskId,
    at: now,
    data: { key: begun.key, effect: begun.kind, version: begun.version, ...facts },
  };
}
