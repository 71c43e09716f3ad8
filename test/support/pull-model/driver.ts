import type { Event } from "../../../src/core/events.ts";
import type { OwnIdentity } from "../../../src/core/plan/draft.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { handleEvent } from "../../../src/handlers/handle-event.ts";
import { performEffect } from "../../../src/handlers/perform-effect.ts";
import type { Code, Issues, Runs } from "../../../src/ports/github.ts";
import type { OutboxJob, Settlement } from "../../../src/ports/outbox.ts";
import { isOutsideTrouble } from "../../../src/ports/outside-trouble.ts";
import { REPO } from "../build-snapshot.ts";
import { NOW } from "../build-task.ts";
import { Checker } from "./checker.ts";
import type { Tree } from "./diff-texts.ts";
import { doEffect } from "./do-effect.ts";
import { type Fault, Faults, ModelTrouble } from "./faults.ts";
import { type KeptEffect, MemoryLedger } from "./memory-ledger.ts";
import type { Mutant } from "./mutants.ts";
import { OWN_APP, personOf } from "./people.ts";
import type { Rules } from "./rules.ts";
import { createWorker, type Worker } from "./worker.ts";
import { ISSUE, MAIN, type Reading, World } from "./world.ts";

const OWN: OwnIdentity = { appId: OWN_APP, slug: "orchestrator" };
const INPUTS = ["task", "attempt", "correlation", "base_sha", "from_run", "brief"];
const SECOND_MS = 1000;
const RECONCILE_MS = 300 * SECOND_MS;
/** A reading may show the head before the last one this long after it moved. */
const STALE_MS = 30 * SECOND_MS;
const MAX_TURNS = 5000;

interface Arrival {
  readonly event: Event;
  at: number;
}

interface Waiting {
  readonly event: Event;
  readyAt: number;
  retry: number;
}

interface Lane {
  readonly jobs: { readonly kept: KeptEffect; readyAt: number }[];
  /** A write that is on its way to GitHub. */
  inFlight: { readonly at: number; readonly land: () => Promise<void> } | null;
}

/** Plays the production handlers against the model in virtual time; the same history and faults give the same end. */
export class Driver {
  readonly world: World;
  readonly ledger: MemoryLedger;
  readonly checker: Checker;
  readonly faults: Faults;
  readonly worker: Worker;
  now = NOW;
  turns = 0;
  /** The configuration as the last settled reading of the default branch showed it. */
  knownRules: Rules | null = null;
  #nextReconcile = NOW + RECONCILE_MS;
  #arrivals: Arrival[] = [];
  readonly #inbox: Waiting[] = [];
  readonly #lanes = new Map<string, Lane>();
  readonly #mutant: Mutant;
  #reading: Reading | null = null;
  #configRead: World["config"] | null = null;

  constructor(setUp: {
    readonly tree: Tree;
    readonly rules: Rules;
    readonly faults: readonly Fault[];
    readonly mutant?: Mutant;
  }) {
    this.#mutant = setUp.mutant ?? {};
    this.faults = new Faults(setUp.faults);
    this.world = new World({ ...setUp, emit: (event) => this.#deliver(event) });
    this.world.now = this.now;
    this.checker = new Checker(this);
    this.ledger = new MemoryLedger({
      onSettle: (_job, plan) => this.#onSettle(plan),
      onEffect: (kept) => this.#enqueue(kept),
    });
    this.worker = createWorker(this.world);
    this.send({ kind: "repository.added", repo: REPO });
    this.world.tell({
      kind: "issue.labeled",
      repo: REPO,
      issue: ISSUE,
      sender: personOf("robin"),
      label: "autopilot",
      text: { title: "Correct the total", body: "It is wrong.", labels: this.world.issue.labels },
      isPull: false,
    });
  }

  send(event: Event): void {
    this.#inbox.push({ event, readyAt: this.now, retry: 0 });
  }

  /** Lets time pass, with everything that happens in it. */
  async run(ms: number): Promise<void> {
    const end = this.now + ms;
    for (let at = this.#nextAt(); at <= end; at = this.#nextAt()) await this.#turn(at);
    this.#moveTo(end);
  }

  /** Lets time pass until something is so; false when it does not come to it. */
  async runUntil(isSo: () => boolean, maxMs: number): Promise<boolean> {
    const end = this.now + maxMs;
    while (!isSo()) {
      const at = this.#nextAt();
      if (at > end) return false;
      await this.#turn(at);
    }
    return true;
  }

  async #turn(at: number): Promise<void> {
    this.turns += 1;
    if (this.turns > MAX_TURNS) throw new Error("the history does not come to rest");
    this.#moveTo(at);
    this.#takeArrivals();
    this.worker.work();
    await this.#sweep();
    await this.#handleNext();
    for (const lane of [...this.#lanes.values()]) await this.#advance(lane);
  }

  #moveTo(at: number): void {
    this.now = Math.max(this.now, at);
    this.world.now = this.now;
  }

  /** When something happens next; never earlier than now. */
  #nextAt(): number {
    const lanes = [...this.#lanes.values()].map(
      (lane) => lane.inFlight?.at ?? lane.jobs[0]?.readyAt ?? Number.POSITIVE_INFINITY,
    );
    const isAsleep =
      this.#mutant.isWatchdogDead || this.#inbox.some(({ event }) => event.kind === "task.due");
    const wakes = isAsleep
      ? []
      : [...this.ledger.tasks.values()].map((task) => task.wakeAt ?? Number.POSITIVE_INFINITY);
    return Math.min(
      this.#inbox[0]?.readyAt ?? Number.POSITIVE_INFINITY,
      ...this.#arrivals.map(({ at }) => at),
      ...lanes,
      ...wakes,
      this.worker.nextAt(),
      this.#nextReconcile,
    );
  }

  /** A webhook on its way; what a person wrote is never lost for good, since failed deliveries are asked for again. */
  #deliver(event: Event): void {
    const isSaid = event.kind === "comment.created" || event.kind === "issue.labeled";
    const lost = this.faults.take("lose");
    if (lost !== undefined && !isSaid) return;
    const late = this.faults.take("late") ?? lost;
    this.#arrivals.push({ event, at: this.now + (late?.ms ?? 0) });
    const double = this.faults.take("double");
    if (double !== undefined) this.#arrivals.push({ event, at: this.now + double.ms });
  }

  #takeArrivals(): void {
    const due = this.#arrivals.filter(({ at }) => at <= this.now).toSorted((a, b) => a.at - b.at);
    this.#arrivals = this.#arrivals.filter(({ at }) => at > this.now);
    for (const { event } of due) this.send(this.#mutant.event?.(event) ?? event);
  }

  async #sweep(): Promise<void> {
    const due = this.#mutant.isWatchdogDead ? [] : await this.ledger.dueTasks(this.now);
    for (const { repo, taskId } of due) {
      const isQueued = this.#inbox.some(({ event }) => event.kind === "task.due" && event.taskId === taskId);
      if (!isQueued) this.send({ kind: "task.due", repo, taskId });
    }
    if (this.now < this.#nextReconcile) return;
    this.#nextReconcile = this.now + RECONCILE_MS;
    this.send({ kind: "repository.reconcile", repo: REPO });
  }

  /** Later reconciliations say nothing new once faults have stopped and every fact was read again. */
  endReconciling(): void {
    this.#nextReconcile = Number.POSITIVE_INFINITY;
  }

  async #handleNext(): Promise<void> {
    const [job] = this.#inbox;
    if (job === undefined || job.readyAt > this.now) return;
    this.#reading = null;
    this.#configRead = null;
    const { event, retry } = job;
    try {
      await handleEvent(
        { id: "", event, retry, lease: null },
        { ...this.#readers(), own: OWN, now: () => this.now },
      );
      this.#inbox.shift();
    } catch (error) {
      if (!isOutsideTrouble(error)) throw error;
      job.retry += 1;
      job.readyAt = this.now + Math.min(60, 2 ** job.retry) * SECOND_MS;
    }
  }

  #onSettle(planned: Plan): Plan {
    if (this.faults.take("crash") !== undefined) throw new ModelTrouble("the process died");
    this.#learnRules();
    const plan = this.#mutant.plan?.(planned, this) ?? planned;
    this.checker.seePlan(plan, this.#reading);
    for (const event of plan.events) this.send(event);
    return plan;
  }

  /** A broken file changes nothing; one that is gone leaves nothing in force. */
  #learnRules(): void {
    if (this.#configRead === null) return;
    const { text, rules } = this.#configRead;
    this.knownRules = text === null ? null : (rules ?? this.knownRules);
  }

  #readers() {
    return { issues: this.#issues, code: this.#code, runs: this.#runs, ledger: this.ledger };
  }

  #mayRead(): void {
    if (this.faults.take("read-fails") !== undefined) throw new ModelTrouble("502");
  }

  readonly #issues: Issues = {
    permissionOf: async (_repo, login) => {
      this.#mayRead();
      return this.world.permissions.get(login) ?? "none";
    },
    issue: async () => {
      this.#mayRead();
      return this.#issueNow();
    },
    blockedBy: async () => [],
    stateOf: async () => "unknown",
    labeledBy: async () => personOf("robin"),
    openIssuesWithLabel: async (_repo, label) => {
      const { state, labels } = this.world.issue;
      return state === "open" && labels.includes(label) ? [this.#issueNow()] : [];
    },
  };

  readonly #code: Code = {
    branchFacts: async () => {
      this.#mayRead();
      const { config, mainSha } = this.world;
      this.#configRead = config;
      const facts = {
        branch: MAIN,
        sha: mainSha,
        configText: config.text,
        roadmapText: null,
        paths: {},
        workflows: { "agent.yml": INPUTS },
      };
      return this.#mutant.facts?.(facts) ?? facts;
    },
    pull: async (_repo, number) => {
      this.#mayRead();
      const now = this.world.read(number);
      const { before } = this.world;
      const isLate = before?.pull.number === number && this.now - before.at < STALE_MS;
      const reading = isLate && this.faults.take("stale-read") !== undefined ? before : now;
      this.#reading = reading ?? null;
      return reading === undefined ? undefined : (this.#mutant.pull?.(reading.pull, this) ?? reading.pull);
    },
    fileAt: async () => undefined,
  };

  readonly #runs: Runs = {
    run: async (_repo, id) => {
      this.#mayRead();
      return this.world.runNow(id);
    },
    runsOf: async (_repo, _workflow, correlation) =>
      this.world.runs
        .filter((run) => run.correlation === correlation)
        .flatMap(({ id }) => this.world.runNow(id) ?? []),
    resultFile: async (_repo, id) => {
      const text = this.world.runs.find((run) => run.id === id)?.result ?? null;
      return text === null ? { kind: "missing" } : { kind: "found", text, url: "https://github.test" };
    },
  };

  #issueNow() {
    const { state, labels } = this.world.issue;
    const text = { title: "Correct the total", body: "It is wrong." };
    const reason = state === "closed" ? ("completed" as const) : null;
    return { number: ISSUE, state, stateReason: reason, ...text, labels, isPull: false, locked: false };
  }

  #enqueue(kept: KeptEffect): void {
    const { subject } = kept.effect;
    const lane = this.#lanes.get(subject) ?? { jobs: [], inFlight: null };
    this.#lanes.set(subject, lane);
    const late = isWatched(kept) ? this.faults.take("late-effect") : undefined;
    const job = { kept, readyAt: this.now + (late?.ms ?? 0) };
    if (this.#mutant.isNewestFirst) lane.jobs.unshift(job);
    else lane.jobs.push(job);
  }

  /** One step of a lane: a write that lands, or the next one that sets out. */
  async #advance(lane: Lane): Promise<void> {
    if (lane.inFlight !== null) {
      if (lane.inFlight.at > this.now) return;
      const { land } = lane.inFlight;
      lane.inFlight = null;
      return land();
    }
    const [job] = lane.jobs;
    if (job === undefined || job.readyAt > this.now) return;
    const { kept } = job;
    if (kept.appliedVersion >= kept.version) {
      lane.jobs.shift();
      return;
    }
    await this.#begin(lane, kept);
  }

  /** Sends an effect as far as the wire; what happens there is decided when it lands. */
  async #begin(lane: Lane, kept: KeptEffect): Promise<void> {
    const { effect, version } = kept;
    const mayHaveHappened = kept.firstTriedAt !== null;
    kept.firstTriedAt ??= this.now;
    kept.tries += 1;
    const { firstTriedAt, tries, remoteId } = kept;
    const outboxJob: OutboxJob = { effect, mayHaveHappened, firstTriedAt, tries, remoteId, lease: null };
    let answer: { resolve: (settlement: Settlement) => void; reject: (error: unknown) => void } | undefined;
    const sent = Promise.withResolvers<"sent">();
    const effector = {
      perform: (_job: OutboxJob) =>
        new Promise<Settlement>((resolve, reject) => {
          answer = { resolve, reject };
          sent.resolve("sent");
        }),
    };
    const deps = { effector, ledger: this.ledger, now: () => this.now };
    const performing = this.#mutant.skipsWithdrawal
      ? effector.perform(outboxJob)
      : performEffect(outboxJob, deps);
    const first = await Promise.race([performing, sent.promise]);
    if (first !== "sent") return this.#end(lane, { kept, version, settlement: first });
    this.checker.seeSend(effect);
    const slow = isWatched(kept) ? this.faults.take("slow-write") : undefined;
    lane.inFlight = {
      at: this.now + (slow?.ms ?? 0),
      land: async () => {
        this.#land(outboxJob, answer);
        await performing.then(
          (settlement) => this.#end(lane, { kept, version, settlement }),
          () => this.#putOff(lane, this.now + Math.min(30, 2 ** tries) * SECOND_MS),
        );
      },
    };
  }

  #land(
    job: OutboxJob,
    answer: { resolve: (settlement: Settlement) => void; reject: (error: unknown) => void } | undefined,
  ): void {
    if (this.faults.take("write-fails") !== undefined) return answer?.reject(new ModelTrouble("502"));
    const effect = this.#mutant.effect?.(job.effect, this) ?? job.effect;
    const isMerge = effect.sort === "action" && effect.action.kind === "merge";
    const before = this.world.pulls.filter((pull) => pull.merged).length;
    const { outcome, remoteId } = doEffect({ ...job, effect, world: this.world });
    if (isMerge && this.world.pulls.filter((pull) => pull.merged).length > before)
      this.checker.seeMerge(job.effect);
    this.checker.seeWrite(effect);
    if (this.faults.take("write-unknown") !== undefined) return answer?.reject(new ModelTrouble("timeout"));
    answer?.resolve({ outcome, remoteId: remoteId ?? job.remoteId, event: settledEvent(job, outcome) });
  }

  #end(
    lane: Lane,
    {
      kept,
      version,
      settlement,
    }: { readonly kept: KeptEffect; readonly version: number; readonly settlement: Settlement },
  ): void {
    const { outcome, remoteId, event } = settlement;
    if (outcome.kind === "later") return this.#putOff(lane, outcome.at);
    kept.appliedVersion = version;
    kept.firstTriedAt = null;
    kept.remoteId = remoteId;
    lane.jobs.splice(
      lane.jobs.findIndex((job) => job.kept === kept),
      1,
    );
    if (event !== null && !this.#mutant.isDeaf?.(event)) this.send(event);
  }

  #putOff(lane: Lane, at: number): void {
    const [job] = lane.jobs;
    if (job !== undefined) job.readyAt = at;
  }
}

/** Comments and labels show what is decided elsewhere; delaying them changes nothing that is checked. */
function isWatched({ effect }: KeptEffect): boolean {
  return effect.sort === "action" ? effect.action.kind !== "react" : effect.projection.kind === "check";
}

function settledEvent({ effect }: OutboxJob, outcome: Settlement["outcome"]): Event | null {
  if (outcome.kind === "later" || (effect.sort === "projection" && outcome.kind === "done")) return null;
  const { key, repo, taskId } = effect;
  const kind = effect.sort === "action" ? effect.action.kind : effect.projection.kind;
  const said = outcome.kind === "done" ? { kind: "done" as const, facts: { ...outcome.facts } } : outcome;
  return { kind: "effect.settled", repo, key, effect: kind, taskId, outcome: said };
}
