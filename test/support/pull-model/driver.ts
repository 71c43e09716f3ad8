import type { Effect } from "../../../src/core/effects.ts";
import type { Event } from "../../../src/core/events.ts";
import type { OwnIdentity } from "../../../src/core/plan/draft.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { handleEvent } from "../../../src/handlers/handle-event.ts";
import { performEffect } from "../../../src/handlers/perform-effect.ts";
import { sweepDeadlines } from "../../../src/handlers/sweep.ts";
import type { InboxJob } from "../../../src/ports/inbox.ts";
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
import { verifyCheckOf } from "./own-checks.ts";
import { OWN_APP, OWN_BOT, personOf } from "./people.ts";
import { answerQueue } from "./queue.ts";
import { createReaders, type Read } from "./readers.ts";
import type { Rules } from "./rules.ts";
import { createWorker, type Worker } from "./worker.ts";
import { CHANGE, ISSUE, TASK, World } from "./world.ts";

const OWN: OwnIdentity = { appId: OWN_APP, slug: "orchestrator", botId: OWN_BOT };
const SECOND_MS = 1000;
const RECONCILE_MS = 300 * SECOND_MS;
const RARE_RECONCILE_MS = 3600 * SECOND_MS;
/** How often an event that fails by itself is tried before it is given up. */
const MAX_TRIES = 3;
const MAX_TURNS = 5000;

/** What nobody would find out otherwise comes late instead of never, since failed deliveries are asked for again. */
const ASKED_FOR_AGAIN: ReadonlySet<Event["kind"]> = new Set([
  "comment.created",
  "issue.labeled",
  "group.requested",
]);

function unused(): never {
  throw new Error("nothing asks for this here");
}

/** What the sweep of deadlines has no need of. */
const UNUSED = {
  app: { repositories: unused, redeliverFailed: unused },
  marks: { get: unused, set: unused },
};

interface Arrival {
  readonly event: Event;
  at: number;
}

interface Waiting {
  readonly event: Event;
  /** The same one waits once; null for what comes from outside. */
  readonly key: string | null;
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
  readonly hasTask: boolean;
  /** The configuration as the last settled reading of the default branch showed it. */
  knownRules: Rules | null = null;
  #reconcileMs = RECONCILE_MS;
  #nextReconcile = NOW + RECONCILE_MS;
  #arrivals: Arrival[] = [];
  readonly #inbox: Waiting[] = [];
  readonly #lanes = new Map<string, Lane>();
  readonly #mutant: Mutant;
  /** What the event that is being handled has read. */
  readonly read: Read = { head: null, config: null, refused: null };
  readonly #readers: ReturnType<typeof createReaders>;

  constructor(setUp: {
    readonly tree: Tree;
    readonly rules: Rules;
    readonly faults: readonly Fault[];
    /** Whether an issue is handed over at the beginning. */
    readonly hasTask: boolean;
    readonly mutant?: Mutant;
  }) {
    this.#mutant = setUp.mutant ?? {};
    this.hasTask = setUp.hasTask;
    this.faults = new Faults(setUp.faults);
    const subject = setUp.hasTask ? TASK : CHANGE;
    this.world = new World({ ...setUp, subject, emit: (event) => this.#deliver(event) });
    this.world.now = this.now;
    this.checker = new Checker(this);
    this.ledger = new MemoryLedger({
      onSettle: (job, plan) => this.#onSettle(job, plan),
      onEffect: (kept) => this.#enqueue(kept),
    });
    this.worker = createWorker(this.world);
    this.#readers = createReaders(this, this.#mutant);
    this.send({ kind: "repository.added", repo: REPO });
    if (setUp.hasTask) this.#handOver();
  }

  #handOver(): void {
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

  send(event: Event, key: string | null = null): void {
    if (key !== null && this.#isQueued(key)) return;
    this.#inbox.push({ event, key, readyAt: this.now, retry: 0 });
  }

  #isQueued(key: string): boolean {
    return this.#inbox.some((waiting) => waiting.key === key);
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
    const wakes = this.#mutant.isWatchdogDead ? [] : this.#wakes();
    return Math.min(
      this.#inbox[0]?.readyAt ?? Number.POSITIVE_INFINITY,
      ...this.#arrivals.map(({ at }) => at),
      ...lanes,
      ...wakes,
      this.worker.nextAt(),
      this.#nextReconcile,
    );
  }

  /** Deadlines of which nothing is on its way yet. */
  #wakes(): readonly number[] {
    const { tasks, pulls } = this.ledger;
    const open = [...pulls.values()].filter((pull) => pull.state === "open");
    return [...tasks.values(), ...open].flatMap(({ id, wakeAt }) =>
      wakeAt === null || this.#isQueued(`due:${id}`) ? [] : [wakeAt],
    );
  }

  /** A webhook on its way. The queue asks once: what comes twice has one id, and is dropped before it gets here. */
  #deliver(event: Event): void {
    const lost = this.faults.take("lose");
    if (lost !== undefined && !ASKED_FOR_AGAIN.has(event.kind)) return;
    const late = this.faults.take("late") ?? lost;
    this.#arrivals.push({ event, at: this.now + (late?.ms ?? 0) });
    const double = event.kind === "group.requested" ? undefined : this.faults.take("double");
    if (double !== undefined) this.#arrivals.push({ event, at: this.now + double.ms });
  }

  #takeArrivals(): void {
    const due = this.#arrivals.filter(({ at }) => at <= this.now).toSorted((a, b) => a.at - b.at);
    this.#arrivals = this.#arrivals.filter(({ at }) => at > this.now);
    for (const { event } of due) this.send(this.#mutant.event?.(event, this) ?? event);
  }

  async #sweep(): Promise<void> {
    if (!this.#mutant.isWatchdogDead) {
      const inbox = {
        accept: unused,
        work: unused,
        send: async (event: Event, key: string | null) => this.send(event, key),
      };
      await sweepDeadlines({ inbox, ledger: this.ledger, now: () => this.now, ...UNUSED });
    }
    if (this.now < this.#nextReconcile) return;
    this.#nextReconcile = this.now + this.#reconcileMs;
    this.send({ kind: "repository.reconcile", repo: REPO });
  }

  /** Once faults have stopped and every fact was read again, there is little that reconciliations could find. */
  reconcileRarely(): void {
    this.#reconcileMs = RARE_RECONCILE_MS;
  }

  async #handleNext(): Promise<void> {
    const [job] = this.#inbox;
    if (job === undefined || job.readyAt > this.now) return;
    Object.assign(this.read, { head: null, config: null, refused: null });
    const { event, retry } = job;
    const isLastTry = retry >= MAX_TRIES - 1;
    try {
      await handleEvent(
        { id: "", event, retry, isLastTry, lease: null },
        { ...this.#readers, ledger: this.ledger, own: OWN, now: () => this.now },
      );
      this.#inbox.shift();
    } catch (error) {
      this.#putEventOff(job, error, isLastTry);
    }
  }

  /** Trouble of the world outside is waited out; what fails by itself is given up in the end. */
  #putEventOff(job: Waiting, error: unknown, isLastTry: boolean): void {
    const isOutside = isOutsideTrouble(error);
    if (!isOutside && this.read.refused === null) throw error;
    if (!isOutside && isLastTry) {
      this.#inbox.shift();
      return;
    }
    job.retry += 1;
    job.readyAt = this.now + Math.min(60, 2 ** job.retry) * SECOND_MS;
  }

  #onSettle({ event }: InboxJob, planned: Plan): Plan {
    if (this.faults.take("crash") !== undefined) throw new ModelTrouble("the process died");
    this.#learnRules();
    if (event.kind === "comment.created") this.world.voices.hear(event.commentId);
    const plan = this.#mutant.plan?.(planned, this) ?? planned;
    this.checker.seePlan(plan, this.read);
    for (const event of plan.events) this.send(event);
    return plan;
  }

  /** A broken file changes nothing; one that is gone leaves nothing in force. */
  #learnRules(): void {
    if (this.read.config === null) return;
    const { text, rules } = this.read.config;
    this.knownRules = text === null ? null : (rules ?? this.knownRules);
  }

  /** An effect waits once, wherever that is: what is done in the end is what is wanted then. */
  #enqueue(kept: KeptEffect): void {
    const isQueued = [...this.#lanes.values()].some(({ jobs }) => jobs.some((job) => job.kept === kept));
    if (isQueued) return;
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
    const deps = { effector, ledger: this.ledger, stops: { of: async () => [] }, now: () => this.now };
    const performing = this.#mutant.skipsWithdrawal
      ? effector.perform(outboxJob)
      : performEffect(outboxJob, deps);
    const first = await Promise.race([performing, sent.promise]);
    if (first !== "sent") return this.#end(lane, { kept, version, settlement: first, mayHaveHappened });
    this.checker.seeSend(effect);
    const slow = isWatched(kept) ? this.faults.take("slow-write") : undefined;
    lane.inFlight = {
      at: this.now + (slow?.ms ?? 0),
      land: async () => {
        this.#land(outboxJob, answer);
        await performing.then(
          (settlement) => this.#end(lane, { kept, version, settlement, mayHaveHappened }),
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
    this.#askQueue(effect);
    if (this.faults.take("write-unknown") !== undefined) return answer?.reject(new ModelTrouble("timeout"));
    answer?.resolve({ outcome, remoteId: remoteId ?? job.remoteId, event: settledEvent(job, outcome) });
  }

  /** The merge queue hears what our check says of its commits. */
  #askQueue(effect: Effect): void {
    const check = verifyCheckOf(effect);
    if (check?.status === "completed" && answerQueue(this.world, check.sha, check.conclusion))
      this.checker.counts.queued += 1;
  }

  #end(
    lane: Lane,
    {
      kept,
      version,
      settlement,
      mayHaveHappened,
    }: {
      readonly kept: KeptEffect;
      readonly version: number;
      readonly settlement: Settlement;
      readonly mayHaveHappened: boolean;
    },
  ): void {
    const { outcome, remoteId, event, sentNothing } = settlement;
    if (outcome.kind === "later") {
      if (sentNothing && !mayHaveHappened) kept.firstTriedAt = null;
      return this.#putOff(lane, outcome.at);
    }
    kept.appliedVersion = version;
    kept.firstTriedAt = null;
    kept.remoteId = remoteId;
    const isNewest = kept.version === version;
    if (isNewest)
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
