import type { Logger } from "pino";
import { acceptDelivery } from "./adapters/github/accept-delivery.ts";
import { createAppAccess } from "./adapters/github/app-access.ts";
import { createGitHub, type GitHub } from "./adapters/github/client/client.ts";
import { createEffector } from "./adapters/github/effector.ts";
import { createCode } from "./adapters/github/reading/code.ts";
import { createIssues } from "./adapters/github/reading/issues.ts";
import { createRuns } from "./adapters/github/reading/runs.ts";
import type { AcceptResult, ReceiveOutcome, WebhookRequest } from "./adapters/github/receive/receiver.ts";
import { openStore } from "./adapters/store/open-store.ts";
import type { Store } from "./adapters/store/store.ts";
import { LABEL_LOOKS } from "./core/messages/label-looks.ts";
import type { OwnIdentity } from "./core/plan/draft.ts";
import type { Plan } from "./core/plan/plan.ts";
import { interestsOf, pathsOf, workflowsOf } from "./core/plan/repository/branch-interests.ts";
import type { Environment } from "./env.ts";
import { handleEvent } from "./handlers/handle-event.ts";
import { paceEdits } from "./handlers/pace-edits.ts";
import { performEffect } from "./handlers/perform-effect.ts";
import { stopByEnvironment } from "./handlers/stop-by-environment.ts";
import {
  type SweepDeps,
  sweepDeadlines,
  sweepDeliveries,
  sweepReports,
  sweepRepositories,
} from "./handlers/sweep.ts";
import type { Counters } from "./ports/observation.ts";

export interface WireOptions {
  readonly env: Environment;
  readonly log: Logger;
  readonly counters: Counters;
  readonly now: () => number;
  /** Off where somebody else decides when to sweep; on when left out. */
  readonly sweepsByClock?: boolean;
  /** How long a look for waiting work may be late when nothing announces it, ms. */
  readonly pollMs?: number;
  /** Opens the store; for those who want to keep a hand on its database. */
  readonly openStore?: typeof openStore;
}

/** The product without its HTTP server: takes deliveries, works, sweeps. */
export interface App {
  readonly store: Store;
  accept(delivery: WebhookRequest): Promise<AcceptResult>;
  observe(outcome: ReceiveOutcome): void;
  /** What runs by the clock; each may also be asked for at any moment. */
  readonly sweeps: Readonly<Record<SweepName, () => Promise<unknown>>>;
  /** Begins to work on what waits, and to sweep unless `sweepsByClock` is off; a front door only learns who it is. */
  start(): Promise<void>;
  /** Takes no new work, ends what is under way, closes the store. */
  stop(): Promise<void>;
  /** Gives what is under way to other processes; this one must end then. */
  abandon(): Promise<void>;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** How often each sweep runs; the first run of all is at the start. */
const SWEEP_PAUSES = {
  self: 5 * MINUTE_MS,
  deadlines: 2 * SECOND_MS,
  deliveries: 5 * MINUTE_MS,
  repositories: 5 * MINUTE_MS,
  reports: MINUTE_MS,
} as const;
type SweepName = keyof typeof SWEEP_PAUSES;

/** Puts the parts together; the only place that knows all of them. */
export async function createApp(options: WireOptions): Promise<App> {
  const { env, log, counters, now } = options;
  const onError = (error: unknown, where: string) => {
    counters.count("errors", { where });
    log.warn({ err: error, where }, "something went wrong on its own");
  };
  const open = options.openStore ?? openStore;
  const opened = await open({
    databaseUrl: env.databaseUrl,
    dataDir: env.dataDir,
    now,
    onError,
    pollMs: options.pollMs ?? 500,
  });
  const store = stopByEnvironment(opened, { entries: env.stopped ?? [], startedAt: now() });
  const github = createGitHub({
    appId: env.appId,
    privateKey: env.privateKey,
    apiUrl: env.apiUrl,
    now,
    quota: store.quota,
    log,
    onRequest: ({ method, route, status, ms }) => {
      counters.count("requests", { method, route, status });
      counters.observe("request", ms / SECOND_MS, { method });
    },
  });
  return assemble({ ...options, store, github, onError });
}

interface Assembly extends WireOptions {
  readonly store: Store;
  readonly github: GitHub;
  readonly onError: (error: unknown, where: string) => void;
}

function assemble(assembly: Assembly): App {
  const { env, log, counters, store, github, now, onError } = assembly;
  const own: { appId: number; slug: string; botId?: number } = { appId: env.appId, slug: "orchestrator" };
  const stops: (() => Promise<void>)[] = [];
  const sweepDeps: SweepDeps = {
    inbox: store.inbox,
    ledger: store.ledger,
    app: createAppAccess(github),
    marks: store.marks,
    now,
  };

  async function learnSelf(): Promise<void> {
    if (own.botId !== undefined) return;
    const self = await github.self();
    own.slug = self.slug;
    if (self.botId !== null) own.botId = self.botId;
  }

  const sweeps = {
    self: learnSelf,
    deadlines: () => sweepDeadlines(sweepDeps),
    deliveries: () => sweepDeliveries(sweepDeps),
    repositories: () => sweepRepositories(sweepDeps),
    reports: () => sweepReports(sweepDeps),
  };

  return {
    store,
    sweeps,
    accept: (delivery) => acceptDelivery(delivery, { inbox: store.inbox, own }),
    observe: (outcome) => observeReceipt(outcome, log, counters),
    async start() {
      const isFrontDoor = env.part === "front-door";
      if (!isFrontDoor) stops.push(await startInbox(assembly, own), await startOutbox(assembly));
      if (assembly.sweepsByClock === false) return;
      const names = isFrontDoor ? (["self"] as const) : (Object.keys(sweeps) as SweepName[]);
      for (const name of names) {
        stops.push(every(SWEEP_PAUSES[name], sweeps[name], (error) => onError(error, `sweep.${name}`)));
      }
    },
    async stop() {
      await Promise.all(stops.map((stop) => stop()));
      await store.close();
    },
    abandon: () => store.abandon(),
  };
}

function observeReceipt(outcome: ReceiveOutcome, log: Logger, counters: Counters): void {
  const result = outcome.kind === "accepted" ? outcome.result : outcome.kind;
  counters.count("deliveries", { event: outcome.event ?? "unknown", outcome: result });
  counters.observe("delivery", outcome.durationMs / SECOND_MS, { outcome: result });
  const facts = { delivery: outcome.guid, event: outcome.event, bytes: outcome.bytes };
  if (outcome.kind === "accepted") log.debug({ ...facts, result }, "delivery accepted");
  else if (outcome.kind === "refused")
    log.warn({ ...facts, reason: outcome.reason, err: outcome.cause }, "delivery refused");
  else log.info(facts, "delivery aborted by its sender");
}

async function startInbox(
  { store, github, log, counters, now }: Assembly,
  own: OwnIdentity,
): Promise<() => Promise<void>> {
  const readers = {
    issues: createIssues(github),
    code: createCode(github, { interestsOf, pathsOf, workflowsOf }),
    runs: createRuns(github),
    ledger: store.ledger,
  };
  const work = await store.inbox.work(async (job) => {
    const { kind, repo } = job.event;
    const startedAt = performance.now();
    try {
      const plan = await handleEvent(job, { ...readers, own, now, inbox: store.inbox });
      counters.count("events", { kind, outcome: "done" });
      countDecisions(plan, counters);
      log.info({ event: kind, repo: repo.id, job: job.id, ...describeOutcome(plan) }, "event handled");
      tellSessions(plan, log.child({ repo: repo.id }));
    } catch (error) {
      counters.count("events", { kind, outcome: "failed" });
      log.warn(
        { err: error, event: kind, repo: repo.id, job: job.id, retry: job.retry },
        "event not handled, tried again",
      );
      throw error;
    } finally {
      counters.observe("event", (performance.now() - startedAt) / SECOND_MS, { kind });
    }
  });
  return () => work.stop();
}

/** Attempts and verdicts are counted where they are decided. */
function countDecisions({ audit }: Plan, counters: Counters): void {
  for (const { kind, data } of audit) {
    if (kind === "attempt.judged") counters.count("attempts", { conclusion: String(data.conclusion) });
    if (kind === "verdict.reached") counters.count("verdicts", { verdict: String(data.verdict) });
  }
}

/** In a governed repository the reason may be in words of people's. */
function describeOutcome({ outcome, governed }: Plan): Partial<Plan["outcome"]> {
  return governed === true ? { status: outcome.status } : outcome;
}

const SESSION_NEWS: Readonly<Record<string, string>> = {
  "session.started": "session started",
  "session.ended": "session ended",
};

function tellSessions({ audit, governed }: Plan, log: Logger): void {
  for (const { kind, actor, data } of audit) {
    const news = SESSION_NEWS[kind];
    if (news !== undefined) log.info(governed === true ? {} : { actor, ...data }, news);
  }
}

/** Pause between two edits of one comment. */
const EDIT_PAUSE_MS = 3 * SECOND_MS;

async function startOutbox({ store, github, log, counters, now }: Assembly): Promise<() => Promise<void>> {
  const effector = createEffector(github, { labels: LABEL_LOOKS });
  const deps = { effector, ledger: store.ledger, stops: store.stops, now };
  const perform = paceEdits((job) => performEffect(job, deps), { now, pauseMs: EDIT_PAUSE_MS });
  const work = await store.outbox.work(async (job) => {
    const { effect } = job;
    const kind = effect.sort === "action" ? effect.action.kind : effect.projection.kind;
    const startedAt = performance.now();
    try {
      const settlement = await perform(job);
      counters.count("effects", { kind, outcome: settlement.outcome.kind });
      log.info(
        { effect: kind, key: effect.key, outcome: settlement.outcome.kind, tries: job.tries },
        "effect tried",
      );
      return settlement;
    } catch (error) {
      counters.count("effects", { kind, outcome: "failed" });
      log.warn({ err: error, effect: kind, key: effect.key, tries: job.tries }, "effect failed, tried again");
      throw error;
    } finally {
      counters.observe("effect", (performance.now() - startedAt) / SECOND_MS, { kind });
    }
  });
  return () => work.stop();
}

/** Runs at once and then after each pause, never twice at a time; an error is told and the next run tries again. */
function every(
  pauseMs: number,
  run: () => Promise<unknown>,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();
  const turn = () => {
    current = run()
      .then(() => undefined, onError)
      .then(() => {
        if (!isStopped) timer = setTimeout(turn, pauseMs);
      });
  };
  turn();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    return current;
  };
}
