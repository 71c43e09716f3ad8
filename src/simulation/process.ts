import { handleEvent } from "../handlers/handle-event.ts";
import { paceEdits } from "../handlers/pace-edits.ts";
import { performEffect } from "../handlers/perform-effect.ts";
import type { Readers } from "../handlers/readers.ts";
import {
  type SweepDeps,
  sweepDeadlines,
  sweepDeliveries,
  sweepReports,
  sweepRepositories,
} from "../handlers/sweep.ts";
import type { AppAccess, Effector } from "../ports/github.ts";
import type { OutboxJob, Settlement } from "../ports/outbox.ts";
import type { Stops } from "../ports/stops.ts";
import { isBroken, MINUTE_MS, OWN, SECOND_MS, type SimulationContext } from "./context.ts";
import { LEASE_MS, LeaseLost, type MemoryInbox } from "./store/memory-inbox.ts";
import type { MemoryOutbox } from "./store/memory-outbox.ts";
import type { MemoryTables } from "./store/memory-tables.ts";

export interface ProcessParts {
  readonly context: SimulationContext;
  readonly tables: MemoryTables;
  readonly inbox: MemoryInbox;
  readonly outbox: MemoryOutbox;
  readonly readers: Readers;
  readonly effector: Effector;
  readonly stops: Stops;
  readonly app: AppAccess;
}

const EDIT_PAUSE_MS = 3 * SECOND_MS;
const DEADLINES_PAUSE_MS = 2 * SECOND_MS;
const SWEEP_PAUSE_MS = 5 * MINUTE_MS;
const REPORTS_PAUSE_MS = 15 * MINUTE_MS;
const STALL_MS = 2 * LEASE_MS;

/** The app's process: the production handlers and sweeps over the simulated store, which may die at each of its steps. */
export class AppProcess {
  readonly #context: SimulationContext;
  #parts: ProcessParts | null = null;
  /** Counts lives; what belongs to an earlier one never goes on. */
  #life = 0;
  #isAlive = false;
  #skewMs = 0;
  #deadlinesAt = Number.POSITIVE_INFINITY;
  #perform: ReturnType<typeof paceEdits> | null = null;

  constructor(context: SimulationContext) {
    this.#context = context;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** The clock as the process reads it. */
  readonly now = (): number => this.#context.timeline.now + this.#skewMs;

  /** The clock is wrong from now on, by so much. */
  setSkew(ms: number): void {
    this.#skewMs = ms;
  }

  /** Lets the time pass that a step takes. It may be the last one of this life, or the one at which a worker stalls. */
  readonly pause = async (ms: number): Promise<void> => {
    const { timeline, faults, recorder } = this.#context;
    const life = this.#life;
    await timeline.sleep(ms);
    if (life === this.#life && faults.hits("process.dies"))
      this.die(faults.random.between(1, 90) * SECOND_MS);
    if (life !== this.#life) return timeline.perish();
    if (!faults.hits("process.stalls")) return;
    recorder.add({ kind: "process", at: timeline.now, state: "stalled" });
    this.#lapse();
    await timeline.sleep(STALL_MS);
    if (life !== this.#life) return timeline.perish();
  };

  start(parts: ProcessParts): void {
    this.#parts = parts;
    this.#begin();
  }

  /** Ends at once, in the middle of whatever it does, and is started again after a while. */
  die(downMs: number): void {
    const { timeline, recorder } = this.#context;
    this.#life += 1;
    this.#isAlive = false;
    recorder.add({ kind: "process", at: timeline.now, state: "died" });
    this.#lapse();
    const life = this.#life;
    timeline.at(timeline.now + downMs, () => {
      if (life === this.#life) this.#begin();
    });
  }

  /** Something waits in the inbox, from a moment on. */
  readonly wakeInbox = (at: number): void => {
    this.#spawn(at, () => this.#workInbox());
  };

  readonly wakeLane = (subject: string, at: number): void => {
    this.#spawn(at, () => this.#workLane(subject));
  };

  #begin(): void {
    const { timeline, recorder } = this.#context;
    const { outbox } = this.#need();
    this.#isAlive = true;
    recorder.add({ kind: "process", at: timeline.now, state: "started" });
    const { effector, stops, readers } = this.#need();
    const deps = { effector, stops, ledger: readers.ledger, now: this.now };
    const perform = isBroken(this.#context, "withdrawal")
      ? (job: OutboxJob) => effector.perform(job)
      : (job: OutboxJob) => performEffect(job, deps);
    this.#perform = paceEdits(perform, { now: this.now, pauseMs: EDIT_PAUSE_MS });
    this.#deadlinesAt = Number.POSITIVE_INFINITY;
    this.wakeInbox(timeline.now);
    for (const subject of outbox.subjects()) this.wakeLane(subject, timeline.now);
    if (!isBroken(this.#context, "redelivery")) this.#every(SWEEP_PAUSE_MS, sweepDeliveries);
    if (!isBroken(this.#context, "reconciliation")) this.#every(SWEEP_PAUSE_MS, sweepRepositories);
    this.#every(REPORTS_PAUSE_MS, sweepReports);
    this.#planDeadlines();
  }

  #need(): ProcessParts {
    if (this.#parts === null) throw new Error("The process was not started.");
    return this.#parts;
  }

  /** Begins a strand that belongs to this life. */
  #spawn(at: number, work: () => Promise<void>): void {
    const life = this.#life;
    this.#context.timeline.at(at, async () => {
      if (life === this.#life && this.#isAlive) await work();
    });
  }

  #lapse(): void {
    const { inbox, outbox } = this.#need();
    inbox.abandon();
    for (const subject of outbox.subjects()) outbox.abandon(subject);
  }

  async #workInbox(): Promise<void> {
    const { inbox, readers } = this.#need();
    for (let job = inbox.claim(); job !== null; job = inbox.claim()) {
      try {
        await handleEvent(job, { ...readers, own: OWN, now: this.now });
      } catch (error) {
        if (!(error instanceof LeaseLost)) inbox.fail(job, error);
      }
      this.#planDeadlines();
    }
  }

  async #workLane(subject: string): Promise<void> {
    const { outbox } = this.#need();
    const perform = this.#perform;
    for (let job = outbox.claim(subject); job !== null && perform !== null; job = outbox.claim(subject)) {
      try {
        await this.#tryEffect(job, perform);
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error;
      }
    }
  }

  async #tryEffect(job: OutboxJob, perform: ReturnType<typeof paceEdits>): Promise<void> {
    const { outbox } = this.#need();
    let isDone = false;
    try {
      const settlement = await perform(job);
      isDone = true;
      await this.pause(5);
      this.#mayRollBack();
      outbox.end(job, this.#toStoreTime(settlement));
    } catch (error) {
      if (error instanceof LeaseLost) throw error;
      outbox.fail(job, isDone);
    }
  }

  /** How a try ended cannot be written down, so nobody knows it. */
  #mayRollBack(): void {
    const { timeline, faults, recorder } = this.#context;
    if (!faults.hits("store.fails")) return;
    recorder.add({ kind: "process", at: timeline.now, state: "forgot" });
    throw new Error("the database rolled back");
  }

  /** The store's clock is right even when the process's is not. */
  #toStoreTime(settlement: Settlement): Settlement {
    const { outcome } = settlement;
    if (outcome.kind !== "later") return settlement;
    return { ...settlement, outcome: { ...outcome, at: outcome.at - this.#skewMs } };
  }

  #every(pauseMs: number, sweep: (deps: SweepDeps) => Promise<unknown>): void {
    this.#spawn(this.#context.timeline.now, async () => {
      await sweep(this.#sweepDeps());
      this.#spawnNext(pauseMs, sweep);
    });
  }

  #spawnNext(pauseMs: number, sweep: (deps: SweepDeps) => Promise<unknown>): void {
    this.#spawn(this.#context.timeline.now + pauseMs, async () => {
      await sweep(this.#sweepDeps());
      this.#spawnNext(pauseMs, sweep);
    });
  }

  /** Deadlines are looked for every two seconds; a look that cannot find one is left out. */
  #planDeadlines(): void {
    if (isBroken(this.#context, "deadlines")) return;
    const next = this.#need().tables.nextWakeAt() - this.#skewMs;
    const at = Math.max(this.#context.timeline.now, next) + DEADLINES_PAUSE_MS;
    if (at >= this.#deadlinesAt || at === Number.POSITIVE_INFINITY) return;
    this.#deadlinesAt = at;
    this.#spawn(at, async () => {
      if (this.#deadlinesAt !== at) return;
      this.#deadlinesAt = Number.POSITIVE_INFINITY;
      await sweepDeadlines(this.#sweepDeps());
      this.#planDeadlines();
    });
  }

  #sweepDeps(): SweepDeps {
    const { inbox, readers, app, tables } = this.#need();
    return {
      inbox: {
        accept: async () => "ignored",
        send: async (event, key) => inbox.add(event, { key }),
        work: async () => ({ stop: async () => undefined }),
      },
      ledger: readers.ledger,
      app,
      marks: {
        get: async (key) => tables.marks.get(key) ?? null,
        set: async (key, value) => {
          tables.marks.set(key, value);
        },
      },
      now: this.now,
    };
  }
}
