import type { Outcome } from "../../../core/effects.ts";
import type { Outbox, Settlement } from "../../../ports/outbox.ts";
import type { StoreContext } from "../engine.ts";
import { backOff } from "../lanes/back-off.ts";
import type { ClaimedJob } from "../lanes/claim.ts";
import { LeaseLost } from "../lanes/lease.ts";
import type { Workers } from "../lanes/work-lanes.ts";
import { workLanes } from "../lanes/work-lanes.ts";
import type { RetryOptions } from "../store.ts";
import type { BegunTry } from "./begin-try.ts";
import { beginTry, EffectJob } from "./begin-try.ts";
import { dropJob, endTry, putOff } from "./end-try.ts";

interface OutboxOptions {
  readonly parallel: number;
  readonly retry: RetryOptions;
  /** Given the workers when they start, so that they can be woken and stopped with the store. */
  readonly onWorkers: (workers: Workers) => void;
}

type Perform = Parameters<Outbox["work"]>[0];

/**
 * What was done and could not be written down is looked for before it is done again, and GitHub's lists lag behind: so the look
 * must not come at once.
 */
const UNWRITTEN_PAUSE_MS = 15_000;

export function openOutbox(context: StoreContext, options: OutboxOptions): Outbox {
  return {
    work: async (perform) => {
      const run = (job: ClaimedJob): Promise<void> => runJob(context, options.retry, { job, perform });
      const workers = workLanes(context, { queue: "outbox", parallel: options.parallel, run });
      options.onWorkers(workers);
      return workers;
    },
  };
}

async function runJob(
  context: StoreContext,
  retry: RetryOptions,
  { job, perform }: { readonly job: ClaimedJob; readonly perform: Perform },
): Promise<void> {
  const { now, onError } = context.options;
  const within = { context, lease: job.lease };
  const body = EffectJob.safeParse(job.body);
  const begun = body.success ? await beginTry(context.engine.db, body.data.effect, now()) : null;
  if (begun === null) return dropJob(within);
  let shortest = 0;
  try {
    const settlement = await performTry(context, { job, begun, perform });
    const { outcome } = settlement;
    shortest = UNWRITTEN_PAUSE_MS;
    if (outcome.kind === "later") {
      const wait = { readyAt: outcome.at, forgiveTry: true };
      return await putOff(within, begun, settlement.sentNothing ? { ...wait, sentNothing: true } : wait);
    }
    await endTry(within, begun, { ...settlement, outcome });
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    onError(error, `outbox: ${begun.kind} ${begun.key}, try ${job.tries}`);
    const pause = Math.max(shortest, backOff(job.tries, retry));
    await putOff(within, begun, { readyAt: now() + pause, forgiveTry: false });
  }
}

async function performTry(
  context: StoreContext,
  { job, begun, perform }: { readonly job: ClaimedJob; readonly begun: BegunTry; readonly perform: Perform },
): Promise<Settlement> {
  if (begun.effect === null) return refuseUnreadable(context, begun);
  return perform({
    effect: begun.effect,
    mayHaveHappened: begun.firstTriedAt !== null,
    firstTriedAt: begun.firstTriedAt,
    tries: begun.tries,
    remoteId: begun.remoteId,
    lease: job.lease,
    mayWrite: () => job.lease.mayWrite(),
  });
}

/** A row of another version or a damaged one ends here, told to its task, and the subject goes on. */
function refuseUnreadable(context: StoreContext, begun: BegunTry): Settlement {
  const message = "The stored effect cannot be read.";
  context.options.onError(new Error(message), `outbox: ${begun.kind} ${begun.key}`);
  const outcome: Outcome = { kind: "refused", status: 0, message };
  const event = {
    kind: "effect.settled" as const,
    repo: begun.repo,
    key: begun.key,
    effect: begun.kind,
    taskId: begun.taskId,
    outcome,
  };
  return { outcome, remoteId: null, event };
}
