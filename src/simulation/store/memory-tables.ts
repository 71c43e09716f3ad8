import type { AuditEntry } from "../../core/audit/audit-entry.ts";
import type { Effect } from "../../core/effects.ts";
import type { RepositoryRecord } from "../../core/plan/repository/repository.ts";
import type { Pull } from "../../core/pull/pull.ts";
import type { Stop, StopChange } from "../../core/stop/stop.ts";
import type { Attempt } from "../../core/task/attempt.ts";
import { isTerminal, type Task } from "../../core/task/task.ts";
import { DAY_MS, REPO, type SimulationContext } from "../context.ts";

/** An effect with how far it has got. */
export interface KeptEffect {
  effect: Effect;
  version: number;
  appliedVersion: number;
  firstTriedAt: number | null;
  tries: number;
  remoteId: string | null;
  updatedAt: number;
}

/** The rows of the store, of one repository. Whoever writes them writes all of a transaction without a pause. */
export class MemoryTables {
  repository: RepositoryRecord = {
    repo: REPO,
    status: "active",
    stored: { pausedBy: null, facts: null, goodConfig: null, goodRoadmap: null },
  };
  stops: readonly Stop[] = [];
  readonly tasks = new Map<string, Task>();
  readonly live = new Map<string, Task>();
  readonly attempts = new Map<string, Attempt>();
  readonly inFlight = new Map<string, Attempt>();
  readonly pulls = new Map<string, Pull>();
  readonly effects = new Map<string, KeptEffect>();
  readonly marks = new Map<string, string>();
  readonly #usage = new Map<number, { minutes: number; usd: number }>();
  readonly #attemptsByTask = new Map<string, Map<string, Attempt>>();
  readonly #tasksByIssue = new Map<number, Task[]>();
  readonly #recorder: SimulationContext["recorder"];

  constructor({ recorder }: Pick<SimulationContext, "recorder">) {
    this.#recorder = recorder;
  }

  saveTask(task: Task): void {
    this.#addUsage(task, this.tasks.get(task.id));
    this.tasks.set(task.id, task);
    if (isTerminal(task)) this.live.delete(task.id);
    else this.live.set(task.id, task);
    const others = (this.#tasksByIssue.get(task.issue) ?? []).filter(({ id }) => id !== task.id);
    this.#tasksByIssue.set(task.issue, [...others, task]);
  }

  saveAttempt(attempt: Attempt): void {
    this.attempts.set(attempt.correlation, attempt);
    const ofTask = this.#attemptsByTask.get(attempt.taskId) ?? new Map<string, Attempt>();
    ofTask.set(attempt.correlation, attempt);
    this.#attemptsByTask.set(attempt.taskId, ofTask);
    if (IN_FLIGHT.has(attempt.state)) this.inFlight.set(attempt.correlation, attempt);
    else this.inFlight.delete(attempt.correlation);
  }

  changeStops(changes: readonly StopChange[]): void {
    for (const change of changes) {
      const { scope, source } = change.kind === "set" ? change.stop : change;
      const others = this.stops.filter((stop) => stop.scope !== scope || stop.source !== source);
      this.stops = change.kind === "set" ? [...others, change.stop] : others;
    }
  }

  attemptsOf(taskId: string): readonly Attempt[] {
    return [...(this.#attemptsByTask.get(taskId)?.values() ?? [])];
  }

  /** The newest task of an issue. */
  taskOfIssue(issue: number): Task | undefined {
    return (this.#tasksByIssue.get(issue) ?? []).toSorted((a, b) => b.generation - a.generation)[0];
  }

  /** Queued tasks in rank order. */
  queue(): readonly Task[] {
    return [...this.live.values()]
      .filter((task) => task.state === "queued")
      .toSorted((a, b) => a.rankAt - b.rankAt || (a.id < b.id ? -1 : 1));
  }

  openPulls(): readonly Pull[] {
    return [...this.pulls.values()].filter((pull) => pull.state === "open");
  }

  usageSince(
    moment: number,
    end = Number.POSITIVE_INFINITY,
  ): { readonly minutes: number; readonly usd: number } {
    let minutes = 0;
    let usd = 0;
    for (const [day, used] of this.#usage) {
      if (day < moment || day >= end) continue;
      minutes += used.minutes;
      usd += used.usd;
    }
    return { minutes, usd };
  }

  addAudit(entries: readonly AuditEntry[], at: number): void {
    for (const entry of entries) this.#recorder.add({ kind: "audit", at, entry });
  }

  /** When the next deadline passes; nobody looks while the app may not work. */
  nextWakeAt(): number {
    if (this.repository.status !== "active") return Number.POSITIVE_INFINITY;
    let next = Number.POSITIVE_INFINITY;
    for (const { wakeAt } of this.live.values()) if (wakeAt !== null && wakeAt < next) next = wakeAt;
    for (const { state, wakeAt } of this.pulls.values())
      if (state === "open" && wakeAt !== null && wakeAt < next) next = wakeAt;
    return next;
  }

  #addUsage(task: Task, before: Task | undefined): void {
    const day = Math.floor(task.updatedAt / DAY_MS) * DAY_MS;
    const used = this.#usage.get(day) ?? { minutes: 0, usd: 0 };
    used.minutes += task.usage.minutes - (before?.usage.minutes ?? 0);
    used.usd += task.usage.usd - (before?.usage.usd ?? 0);
    this.#usage.set(day, used);
  }
}

const IN_FLIGHT: ReadonlySet<Attempt["state"]> = new Set(["dispatching", "dispatched", "running"]);
