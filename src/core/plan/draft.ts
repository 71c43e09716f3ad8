import type { AuditEntry } from "../audit/audit-entry.ts";
import type { Action, Effect, Projection } from "../effects.ts";
import type { Event } from "../events.ts";
import type { Pull } from "../pull/pull.ts";
import type { RepoRef } from "../repo.ts";
import { listDoneIds } from "../roadmap/roadmap-record.ts";
import type { Stop, StopChange } from "../stop/stop.ts";
import type { Attempt } from "../task/attempt.ts";
import { isTerminal, type Task } from "../task/task.ts";
import type { Gathered } from "./gathered.ts";
import type { Plan } from "./plan.ts";
import type { RepositoryRecord, StoredRepository } from "./repository/repository.ts";
import { type RepositoryView, viewRepository } from "./repository/repository-view.ts";
import type { Snapshot } from "./snapshot.ts";

/** Who this app is, so that its own traces can be told from others'. */
export interface OwnIdentity {
  readonly appId: number;
  /** Name that people see, `orchestrator` in `orchestrator[bot]`. */
  readonly slug: string;
  /** Account that GitHub shows its acts under; absent until an installation lets the app look. */
  readonly botId?: number;
}

export interface PlanInput {
  readonly snapshot: Snapshot;
  readonly gathered: Gathered;
  readonly now: number;
  readonly own: OwnIdentity;
}

/** An answer to a command; several become one comment. */
export interface Answer {
  readonly text: string;
  readonly reaction: "rocket" | "+1" | "-1" | "confused";
}

/**
 * A plan in the making: planners read the present through it and put down what they want. Nothing here touches the world;
 * the same input gives the same plan.
 */
export class Draft {
  readonly snapshot: Snapshot;
  readonly gathered: Gathered;
  readonly now: number;
  readonly own: OwnIdentity;
  view: RepositoryView;
  #outcome: Plan["outcome"] | undefined;
  #repository: RepositoryRecord | null = null;
  readonly #tasks = new Map<string, Task>();
  /** Tasks as drafted by now, worked out when they are asked for: every queued task is held against all of them. */
  #active: readonly Task[] | undefined;
  #queued: readonly Task[] | undefined;
  readonly #known: ReadonlyMap<string, Task>;
  /** What is stored of every task that a plan may change: the known ones, and those that a command names. */
  readonly #stored: ReadonlyMap<string, Task>;
  readonly #attempts = new Map<string, Attempt>();
  readonly #pulls = new Map<string, Pull>();
  readonly #effects = new Map<string, Effect>();
  readonly #unseen = new Set<string>();
  readonly #events: Event[] = [];
  readonly #audit: AuditEntry[] = [];
  readonly #stopChanges: StopChange[] = [];

  constructor(input: PlanInput) {
    this.snapshot = input.snapshot;
    this.gathered = input.gathered;
    this.now = input.now;
    this.own = input.own;
    this.view = viewRepository(input.snapshot.repository);
    const { active, queue, focus } = input.snapshot;
    this.#known = new Map([...active, ...queue, ...(focus ? [focus] : [])].map((task) => [task.id, task]));
    const named = [...(input.gathered.targets?.values() ?? [])].map(({ task }) => [task.id, task] as const);
    this.#stored = new Map([...named, ...this.#known]);
  }

  get repo(): RepoRef {
    return this.snapshot.repository.repo;
  }

  /** The event's task as it is drafted by now. */
  get focus(): Task | null {
    const { focus } = this.snapshot;
    return focus === null ? null : this.current(focus);
  }

  current(task: Task): Task {
    return this.#tasks.get(task.id) ?? task;
  }

  /** Known tasks that are neither queued nor ended, as drafted. */
  activeTasks(): readonly Task[] {
    this.#active ??= this.#everyTask().filter((task) => task.state !== "queued" && !isTerminal(task));
    return this.#active;
  }

  /** Known queued tasks in rank order, as drafted. */
  queuedTasks(): readonly Task[] {
    this.#queued ??= this.#everyTask()
      .filter((task) => task.state === "queued")
      .toSorted((a, b) => a.rankAt - b.rankAt || (a.id < b.id ? -1 : 1));
    return this.#queued;
  }

  /** Every task that has a pull request and is not over, as drafted: it stands for its commit, queued or not. */
  pullTasks(): readonly Task[] {
    const { queuedPulls } = this.snapshot;
    const beyond = queuedPulls.filter(({ id }) => !this.#known.has(id)).map((task) => this.current(task));
    return [...this.activeTasks(), ...this.queuedTasks(), ...beyond].filter(({ pull }) => pull !== null);
  }

  /** How long the queue is, the part beyond the window included. */
  queueLength(): number {
    const known = this.queuedTasks().length;
    const before = this.#everyTask().filter(({ id }) => this.#stored.get(id)?.state === "queued");
    return this.snapshot.queueLength + known - before.length;
  }

  /** Tasks of the roadmap that are done, also where nothing but their issue says so. */
  doneRoadmapIds(): readonly string[] {
    const { roadmap } = this.view.record.stored;
    return [...this.snapshot.doneRoadmapIds, ...(roadmap === undefined ? [] : listDoneIds(roadmap))];
  }

  /** What the week has used, the part that is drafted here included. */
  weekUsage(): Snapshot["weekUsage"] {
    let { minutes, usd } = this.snapshot.weekUsage;
    for (const { id, usage } of this.#tasks.values()) {
      const before = this.#stored.get(id)?.usage;
      minutes += usage.minutes - (before?.minutes ?? 0);
      usd += usage.usd - (before?.usd ?? 0);
    }
    return { minutes, usd };
  }

  changedTasks(): readonly Task[] {
    return [...this.#tasks.values()];
  }

  /** Tasks whose changes people are shown. */
  shownTasks(): readonly Task[] {
    return this.changedTasks().filter(({ id }) => !this.#unseen.has(id));
  }

  attempt(correlation: string | null): Attempt | undefined {
    if (correlation === null) return undefined;
    return (
      this.#attempts.get(correlation) ??
      this.snapshot.attempts.find((known) => known.correlation === correlation)
    );
  }

  saveTask(task: Task): Task {
    const saved = { ...task, updatedAt: this.now };
    this.#tasks.set(task.id, saved);
    this.#unseen.delete(task.id);
    this.#active = undefined;
    this.#queued = undefined;
    return saved;
  }

  /** Keeps what nobody is shown of a task that is over: another one may stand in its issue by now. */
  saveUnseen(task: Task): void {
    this.#tasks.set(task.id, task);
    this.#unseen.add(task.id);
  }

  saveAttempt(attempt: Attempt): void {
    this.#attempts.set(attempt.correlation, attempt);
  }

  /** Known pulls without a task, as drafted. */
  pulls(): readonly Pull[] {
    return [
      ...new Map([...this.snapshot.pulls.map((pull) => [pull.id, pull] as const), ...this.#pulls]).values(),
    ];
  }

  pull(id: string): Pull | undefined {
    return this.#pulls.get(id) ?? this.snapshot.pulls.find((known) => known.id === id);
  }

  savePull(pull: Pull): Pull {
    const saved = { ...pull, updatedAt: this.now };
    this.#pulls.set(pull.id, saved);
    return saved;
  }

  saveRepository(stored: StoredRepository, status = this.snapshot.repository.status): void {
    this.#repository = { ...this.view.record, status, stored };
    this.view = viewRepository(this.#repository);
  }

  /** Stops in force, as drafted. */
  stops(): readonly Stop[] {
    return this.view.record.stops ?? [];
  }

  /** Sets or lifts a stop of this repository; in force for whatever is planned after it. */
  changeStop(change: StopChange): void {
    const { scope, source } = change.kind === "set" ? change.stop : change;
    const others = this.stops().filter((known) => known.scope !== scope || known.source !== source);
    const stops = change.kind === "set" ? [...others, change.stop] : others;
    this.#stopChanges.push(change);
    this.view = viewRepository({ ...this.view.record, stops });
  }

  act(
    key: string,
    action: Action,
    about: { readonly subject: string; readonly taskId: string | null },
  ): void {
    const own = this.#ownKey(key);
    this.#effects.set(own, { sort: "action", key: own, action, repo: this.repo, ...this.#scope(about) });
  }

  project(
    key: string,
    projection: Projection,
    about: { readonly subject: string; readonly taskId: string | null },
  ): void {
    const own = this.#ownKey(key);
    this.#effects.set(own, {
      sort: "projection",
      key: own,
      projection,
      repo: this.repo,
      ...this.#scope(about),
    });
  }

  emit(event: Event): void {
    this.#events.push(event);
  }

  audit(
    kind: string,
    entry: { readonly actor?: string; readonly taskId?: string | null; readonly data?: AuditEntry["data"] },
  ): void {
    this.#audit.push({
      kind,
      actor: entry.actor ?? this.own.slug,
      taskId: entry.taskId ?? null,
      at: this.now,
      data: entry.data ?? {},
    });
  }

  /** Says how the event ended; the first word counts, since later steps only follow up. */
  conclude(status: "processed" | "ignored", reason: string): void {
    this.#outcome ??= { status, reason };
  }

  toPlan(): Plan {
    return {
      outcome: this.#outcome ?? { status: "processed", reason: "looked at" },
      repository: this.#repository,
      stopChanges: this.#stopChanges,
      tasks: this.changedTasks(),
      attempts: [...this.#attempts.values()],
      pulls: [...this.#pulls.values()],
      effects: [...this.#effects.values()],
      events: this.#events,
      audit: this.#audit,
      ...(this.view.governed && { governed: true as const }),
    };
  }

  #everyTask(): readonly Task[] {
    return [...new Map([...this.#known, ...this.#tasks]).values()];
  }

  /** Keys and subjects are per repository: two repositories have an issue #1 each. */
  #ownKey(key: string): string {
    return `${this.repo.id}:${key}`;
  }

  #scope(about: { readonly subject: string; readonly taskId: string | null }) {
    return { subject: `${this.repo.id}:${about.subject}`, taskId: about.taskId };
  }
}
