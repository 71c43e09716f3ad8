import type { Queue, StoreContext } from "../engine.ts";
import type { ClaimedJob } from "./claim.ts";
import { claimJobs, nextReadyAt } from "./claim.ts";
import type { Lease } from "./lease.ts";
import { LEASE_SECONDS, releaseLeases, renewLeases } from "./lease.ts";

const RENEW_EVERY_MS = (LEASE_SECONDS * 1000) / 3;

/**
 * How long others wait for work that was given back. An event only reads; a request of an effect may still be under way,
 * and GitHub ends every request within ten seconds: only then can be seen what came of it.
 */
const HANDOVER_SECONDS: Readonly<Record<Queue, number>> = { inbox: 0, outbox: 10 };

/** While so many deliveries wait to be stored, nothing new is begun: GitHub waits ten seconds, work can wait. */
const CROWD = 50;
const CROWD_PAUSE_MS = 20;

export interface Workers {
  /** Takes no new job and waits for those under way. */
  stop(): Promise<void>;
  /** Takes no new job and gives those under way back, for others to do; what they still do is not written. */
  abandon(): Promise<void>;
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
    if (context.arriving.count > CROWD) return CROWD_PAUSE_MS;
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
  const takeNoMore = async (): Promise<void> => {
    isStopped = true;
    signal.raise();
    await looping;
  };
  return {
    wake: signal.raise,
    stop: async () => {
      await takeNoMore();
      await Promise.all(held.values());
      clearInterval(renewal);
    },
    abandon: async () => {
      await takeNoMore();
      clearInterval(renewal);
      if (held.size > 0) await releaseLeases(engine.db, [...held.keys()], HANDOVER_SECONDS[options.queue]);
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
