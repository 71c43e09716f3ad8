import { Event } from "../../../core/events.ts";
import type { Inbox } from "../../../ports/inbox.ts";
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
  return {
    accept,
    send: async (event, key) => {
      await context.engine.transact((trx) => sendEvents(trx, context, [{ event, key }]));
      context.wake("inbox");
    },
    work: async (handle) => {
      const run = (job: ClaimedJob): Promise<void> => runJob(context, options.retry, { job, handle });
      const workers = workLanes(context, { queue: "inbox", parallel: options.parallel, run });
      options.onWorkers(workers);
      return workers;
    },
  };
}

async function runJob(
  context: StoreContext,
  retry: RetryOptions,
  { job, handle }: { readonly job: ClaimedJob; readonly handle: Parameters<Inbox["work"]>[0] },
): Promise<void> {
  const parsed = Event.safeParse(job.body);
  if (!parsed.success) {
    return buryJob(context, job, `The stored event cannot be read: ${parsed.error.message}`);
  }
  if (job.tries > retry.inboxRetries + 1) {
    return buryJob(context, job, "The process ended each time the event was handled.");
  }
  try {
    await handle({
      id: job.lease.guid ?? `event-${job.lease.jobId}`,
      event: parsed.data,
      retry: job.tries - 1,
      lease: job.lease,
    });
    // Otherwise the repository would stand still until the lease lapses.
    if (!job.lease.isEnded) throw new Error("The handler ended without settling its job.");
  } catch (error) {
    await failJob(context, retry, { job, error });
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
  retry: RetryOptions,
  { job, error }: { readonly job: ClaimedJob; readonly error: unknown },
): Promise<void> {
  const { now, onError } = context.options;
  onError(error, `inbox job ${job.lease.jobId}, try ${job.tries}`);
  if (job.lease.isEnded) return;
  if (job.tries > retry.inboxRetries) return buryJob(context, job, describe(error));
  const readyAt = now() + backOff(job.tries, retry);
  await context.engine.transact(async (trx) => {
    if (await isHeld(trx, job)) await postponeJob(trx, job.lease, { readyAt, forgiveTry: false });
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
