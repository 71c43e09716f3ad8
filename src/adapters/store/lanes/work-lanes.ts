import type { Queue, StoreContext } from "../engine.ts";
import type { ClaimedJob } from "./claim.ts";
import { claimJobs, nextReadyAt } from "./claim.ts";
import type { Lease } from "./lease.ts";
import { LEASE_SECONDS, renewLeases } from "./lease.ts";

const RENEW_EVERY_MS = (LEASE_SECONDS * 1000) / 3;

export interface Workers {
  /** Takes no new job and waits for those under way. */
  stop(): Promise<void>;
  wake(): void;
}

interface WorkersOptions {
  readonly queue: Queue;
  readonly parallel: number;
  /** Does one job and ends it; what it throws is only reported. */
  readonly run: (job: ClaimedJob) => Promise<void>;
}

/** Works on the lanes of a queue until stopped, several at a time, one job per lane. */
export function workLanes(context: StoreContext, options: WorkersOptions): Workers {
  const { engine } = context;
  const { onError, now, pollMs } = context.options;
  const held = new Map<Lease, Promise<void>>();
  const signal = createSignal();
  let isStopped = false;

  const begin = (job: ClaimedJob): void => {
    const done = options
      .run(job)
      .catch((error: unknown) => onError(error, `${options.queue} job ${job.lease.jobId}`))
      .finally(() => {
        held.delete(job.lease);
        signal.raise();
      });
    held.set(job.lease, done);
  };
  /** How long nothing will be there to do, unless somebody says otherwise. */
  const takeReady = async (): Promise<number> => {
    const limit = options.parallel - held.size;
    if (limit === 0) return pollMs;
    const at = now();
    const jobs = await claimJobs(engine.db, { queue: options.queue, limit, now: at });
    for (const job of jobs) begin(job);
    if (jobs.length === limit) return pollMs;
    const next = await nextReadyAt(engine.db, options.queue, at);
    return next === null ? pollMs : Math.min(pollMs, Math.max(0, next - now()));
  };
  const loop = async (): Promise<void> => {
    while (!isStopped) {
      const idleMs = await takeReady().catch((error: unknown) => {
        onError(error, `${options.queue}: looking for work`);
        return pollMs;
      });
      if (!isStopped) await signal.wait(idleMs);
    }
  };
  const renewal = setInterval(() => {
    if (held.size === 0) return;
    renewLeases(engine.db, [...held.keys()]).catch((error: unknown) =>
      onError(error, `${options.queue}: renewing leases`),
    );
  }, RENEW_EVERY_MS).unref();

  const looping = loop();
  return {
    wake: signal.raise,
    stop: async () => {
      isStopped = true;
      signal.raise();
      await looping;
      await Promise.all(held.values());
      clearInterval(renewal);
    },
  };
}

/** A bell that is heard also when it rang just before somebody listened. */
function createSignal(): { raise(): void; wait(ms: number): Promise<void> } {
  let isRaised = false;
  let release: (() => void) | null = null;
  return {
    raise: () => {
      isRaised = true;
      release?.();
    },
    wait: async (ms) => {
      if (!isRaised) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          release = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      release = null;
      isRaised = false;
    },
  };
}
