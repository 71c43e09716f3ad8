import { Event } from "../../../core/events.ts";
import type { Inbox } from "../../../ports/inbox.ts";
import { isOutsideTrouble } from "../../../ports/outside-trouble.ts";
import type { StoreContext, Trx } from "../engine.ts";
import { backOff } from "../lanes/back-off.ts";
import type { ClaimedJob } from "../lanes/claim.ts";
import { holdLease, LeaseLost, postponeJob } from "../lanes/lease.ts";
import type { Workers } from "../lanes/work-lanes.ts";
import { workLanes } from "../lanes/work-lanes.ts";
import type { RetryOptions } from "../store.ts";
import { createDeliveryWriter } from "./accept-deliveries.ts";
import { buryJob } from "./bury-job.ts";
import { sendEvents } from "./send-events.ts";

interface InboxOptions {
  readonly parallel: number;
  readonly retry: RetryOptions;
  /** Given the workers when they start, so that they can be woken and stopped with the store. */
  readonly onWorkers: (workers: Workers) => void;
}

export function openInbox(context: StoreContext, options: InboxOptions): Inbox {
  const accept = createDeliveryWriter(context);
  const policy: Policy = { retry: options.retry, troubles: new Map() };
  return {
    accept,
    send: async (event, key) => {
      await context.engine.transact((trx) => sendEvents(trx, context, [{ event, key }]));
      context.wake("inbox");
    },
    work: async (handle) => {
      const run = (job: ClaimedJob): Promise<void> => runJob(context, policy, { job, handle });
      const workers = workLanes(context, { queue: "inbox", parallel: options.parallel, run });
      options.onWorkers(workers);
      return workers;
    },
  };
}

interface Policy {
  readonly retry: RetryOptions;
  readonly troubles: Troubles;
}

async function runJob(
  context: StoreContext,
  policy: Policy,
  { job, handle }: { readonly job: ClaimedJob; readonly handle: Parameters<Inbox["work"]>[0] },
): Promise<void> {
  const parsed = Event.safeParse(job.body);
  if (!parsed.success) {
    return buryJob(context, job, `The stored event cannot be read: ${parsed.error.message}`);
  }
  if (job.tries > policy.retry.inboxRetries + 1) {
    return buryJob(context, job, "The process ended each time the event was handled.");
  }
  try {
    await handle({
      id: job.lease.guid ?? `event-${job.lease.jobId}`,
      event: parsed.data,
      retry: job.tries - 1,
      isLastTry: job.tries > policy.retry.inboxRetries,
      lease: job.lease,
    });
    // Otherwise the repository would stand still until the lease lapses.
    if (!job.lease.isEnded) throw new Error("The handler ended without settling its job.");
    policy.troubles.delete(job.lease.jobId);
  } catch (error) {
    await failJob(context, policy, { job, error });
  }
}

async function isHeld(trx: Trx, job: ClaimedJob): Promise<boolean> {
  try {
    await holdLease(trx, job.lease);
    return true;
  } catch (error) {
    if (error instanceof LeaseLost) return false;
    throw error;
  }
}

async function failJob(
  context: StoreContext,
  policy: Policy,
  { job, error }: { readonly job: ClaimedJob; readonly error: unknown },
): Promise<void> {
  const { now, onError } = context.options;
  onError(error, `inbox job ${job.lease.jobId}, try ${job.tries}`);
  if (job.lease.isEnded) return;
  if (isOutsideTrouble(error) && isBearable(policy.troubles, job, now()))
    return waitForOutside(context, job, error.retryAt);
  policy.troubles.delete(job.lease.jobId);
  if (job.tries > policy.retry.inboxRetries) return buryJob(context, job, describe(error));
  const readyAt = now() + backOff(job.tries, policy.retry);
  await context.engine.transact(async (trx) => {
    if (await isHeld(trx, job)) await postponeJob(trx, job.lease, { readyAt, forgiveTry: false });
  });
}

/** Pause before looking again whether the trouble outside is over, when nobody said how long it lasts. */
const OUTSIDE_PAUSE_MS = 15_000;

/** A read that fails for so long is a trouble of this event alone; its repository must not wait for it for ever. */
const OUTSIDE_PATIENCE_MS = 6 * 3_600_000;

/** Since when each job waits for the world outside. */
type Troubles = Map<number, number>;

function isBearable(troubles: Troubles, { lease: { jobId } }: ClaimedJob, now: number): boolean {
  const since = troubles.get(jobId) ?? now;
  troubles.set(jobId, since);
  return now - since < OUTSIDE_PATIENCE_MS;
}

async function waitForOutside(context: StoreContext, job: ClaimedJob, retryAt: number | null): Promise<void> {
  const now = context.options.now();
  const readyAt = Math.max(now, retryAt ?? now + OUTSIDE_PAUSE_MS);
  await context.engine.transact(async (trx) => {
    if (await isHeld(trx, job)) await postponeJob(trx, job.lease, { readyAt, forgiveTry: true });
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
