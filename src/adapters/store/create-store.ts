import { sql } from "kysely";
import { openAuditLog } from "./audit/open-audit-log.ts";
import type { Engine, Queue, StoreContext } from "./engine.ts";
import { QUEUES } from "./engine.ts";
import { openInbox } from "./inbox/open-inbox.ts";
import type { Workers } from "./lanes/work-lanes.ts";
import { openLedger } from "./ledger/open-ledger.ts";
import { openMarks } from "./open-marks.ts";
import { openQuota } from "./open-quota.ts";
import { openOutbox } from "./outbox/open-outbox.ts";
import { startRetention } from "./retention.ts";
import type { Readiness, RetryOptions, Store, StoreOptions } from "./store.ts";

const DEFAULT_RETRY: RetryOptions = {
  inboxRetries: 5,
  firstDelayMs: 1_000,
  maxDelayMs: 300_000,
  random: Math.random,
};
const DEFAULT_POLL_MS = 1_000;
const DEFAULT_PARALLEL = 8;

/** Makes a store of an open database, which it closes with itself. */
export function createStore(engine: Engine, options: StoreOptions): Store {
  const workers: Record<Queue, Workers[]> = { inbox: [], outbox: [] };
  const wake = (queue: Queue): void => {
    for (const one of workers[queue]) one.wake();
  };
  engine.onAnnounced(wake);
  const context: StoreContext = {
    engine,
    options: { now: options.now, onError: options.onError, pollMs: options.pollMs ?? DEFAULT_POLL_MS },
    wake,
  };
  const stopRetention = startRetention(context);
  const retry = { ...DEFAULT_RETRY, ...options.retry };
  const optionsOf = (queue: Queue) => ({
    retry,
    parallel: options.parallel?.[queue] ?? DEFAULT_PARALLEL,
    onWorkers: (started: Workers) => workers[queue].push(started),
  });
  return {
    inbox: openInbox(context, optionsOf("inbox")),
    outbox: openOutbox(context, optionsOf("outbox")),
    ledger: openLedger(context),
    audit: openAuditLog(context),
    marks: openMarks(context),
    quota: openQuota(context),
    ready: () => readReadiness(context),
    close: async () => {
      await Promise.all(QUEUES.flatMap((queue) => workers[queue]).map((one) => one.stop()));
      await stopRetention();
      await engine.close();
    },
  };
}

async function readReadiness({ engine, options }: StoreContext): Promise<Readiness> {
  try {
    const { rows } = await sql<Omit<Readiness, "ok">>`
      select (select count(*) from jobs where queue = 'inbox') as backlog,
        (select count(*) from deliveries where status = 'dead') as "deadLetters",
        (select count(*) from jobs where queue = 'outbox') as "outboxWaiting"`.execute(engine.db);
    const [counts] = rows;
    if (counts !== undefined) return { ok: true, ...counts };
  } catch (error) {
    options.onError(error, "readiness");
  }
  return { ok: false, backlog: 0, deadLetters: 0, outboxWaiting: 0 };
}
