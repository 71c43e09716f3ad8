import { sql } from "kysely";
import { openAuditLog } from "./audit/open-audit-log.ts";
import { countSessions } from "./count-sessions.ts";
import type { Engine, Queue, StoreContext } from "./engine.ts";
import { QUEUES } from "./engine.ts";
import { openInbox } from "./inbox/open-inbox.ts";
import { startOpeningLanes } from "./lanes/park.ts";
import type { Workers } from "./lanes/work-lanes.ts";
import { openLedger } from "./ledger/open-ledger.ts";
import { openMarks } from "./open-marks.ts";
import { openQuota } from "./open-quota.ts";
import { openStops } from "./open-stops.ts";
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
    arriving: { count: 0 },
  };
  const stopUpkeep = [
    startRetention(context),
    ...(engine.kind === "postgres" ? [startOpeningLanes(context)] : []),
  ];
  const allWorkers = () => QUEUES.flatMap((queue) => workers[queue]);
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
    stops: openStops(context),
    ready: () => readReadiness(context),
    abandon: async () => {
      await Promise.all(allWorkers().map((one) => one.abandon()));
    },
    close: async () => {
      await Promise.all(allWorkers().map((one) => one.stop()));
      await Promise.all(stopUpkeep.map((stop) => stop()));
      await engine.close();
    },
  };
}

interface Counts extends Omit<Readiness, "ok" | "stopped" | "sessions"> {
  readonly allStopped: number;
  readonly partsStopped: number;
}

async function readReadiness({ engine, options }: StoreContext): Promise<Readiness> {
  try {
    const { rows } = await sql<Counts>`
      select (select count(*) from jobs where queue = 'inbox') as backlog,
        (select count(*) from deliveries where status = 'dead') as "deadLetters",
        (select count(*) from jobs where queue = 'outbox') as "outboxWaiting",
        (select count(*) from stops where scope = 'all') as "allStopped",
        (select count(distinct scope) from stops where scope <> 'all') as "partsStopped"`.execute(engine.db);
    const [found] = rows;
    if (found !== undefined) {
      const { allStopped, partsStopped, ...counts } = found;
      const sessions = await countSessions(engine.db);
      return { ok: true, ...counts, stopped: { all: allStopped > 0, parts: partsStopped }, sessions };
    }
  } catch (error) {
    options.onError(error, "readiness");
  }
  return { ok: false, backlog: 0, deadLetters: 0, outboxWaiting: 0, stopped: { all: false, parts: 0 } };
}
