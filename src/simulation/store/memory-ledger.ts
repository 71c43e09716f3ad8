import type { Plan } from "../../core/plan/plan.ts";
import type { RepositoryRecord } from "../../core/plan/repository/repository.ts";
import type { Snapshot } from "../../core/plan/snapshot.ts";
import type { Pull } from "../../core/pull/pull.ts";
import { frontOf } from "../../core/queue/front.ts";
import type { RepoRef } from "../../core/repo.ts";
import { isTerminal, type Task } from "../../core/task/task.ts";
import type { InboxJob } from "../../ports/inbox.ts";
import type { Focus, Ledger } from "../../ports/ledger.ts";
import { isBroken, REPO, type SimulationContext } from "../context.ts";
import type { MemoryInbox } from "./memory-inbox.ts";
import type { MemoryOutbox } from "./memory-outbox.ts";
import type { MemoryTables } from "./memory-tables.ts";

interface LedgerParts {
  readonly context: SimulationContext;
  readonly tables: MemoryTables;
  readonly inbox: MemoryInbox;
  readonly outbox: MemoryOutbox;
  /** Lets the time pass that a step of the process takes; it may be its last. */
  readonly pause: (ms: number) => Promise<void>;
}

const READ_MS = 30;
const WRITE_MS = 8;

/** The store's promises in memory: plans written whole, fenced by their lease, with their events, effects and audit. */
export class MemoryLedger implements Ledger {
  readonly #parts: LedgerParts;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  async snapshot(_repo: RepoRef, focus: Focus, weekStart: number): Promise<Snapshot> {
    const snapshot = this.#read(focus, weekStart);
    await this.#parts.pause(READ_MS);
    return snapshot;
  }

  async taskOfIssue(_repoId: number, issue: number) {
    const task = this.#parts.tables.taskOfIssue(issue);
    return task === undefined ? null : { task, position: this.#positionOf(task) };
  }

  async settle(job: InboxJob, planned: Plan): Promise<void> {
    const { context, tables, inbox, pause } = this.#parts;
    await pause(WRITE_MS);
    inbox.holdLease(job);
    // A database that fails six times in a row is another trouble: then the event ends as a dead letter, as documented.
    if (!job.isLastTry && context.faults.hits("store.fails")) throw new Error("the database rolled back");
    const plan = context.bugs.plan?.(planned, job.event) ?? planned;
    if (plan.repository !== null) {
      const { repo, status, stored } = plan.repository;
      tables.repository = { repo, status, stored };
    }
    tables.changeStops(plan.stopChanges ?? []);
    for (const task of plan.tasks) tables.saveTask(task);
    for (const attempt of plan.attempts) tables.saveAttempt(attempt);
    for (const pull of plan.pulls) tables.pulls.set(pull.id, pull);
    if (isBroken(context, "whole")) await pause(WRITE_MS);
    this.#follow(plan, job);
    if (context.faults.hits("store.unanswered")) throw new Error("the database's answer was lost");
  }

  #follow(plan: Plan, job: InboxJob): void {
    const { context, tables, inbox, outbox } = this.#parts;
    const { now } = context.timeline;
    if (!isBroken(context, "follow-ups")) for (const event of plan.events) inbox.add(event, { key: null });
    const intents = outbox.queueEffects(plan.effects);
    inbox.finish(job, plan.outcome.reason);
    tables.addAudit([...plan.audit, ...(isBroken(context, "audit") ? [] : intents)], now);
  }

  async dueTasks(now: number, limit: number) {
    const { tables } = this.#parts;
    if (tables.repository.status !== "active") return [];
    return [...tables.live.values()]
      .filter((task) => task.wakeAt !== null && task.wakeAt <= now)
      .slice(0, limit)
      .map((task) => ({ repo: REPO, taskId: task.id }));
  }

  async duePulls(now: number, limit: number) {
    const { tables } = this.#parts;
    if (tables.repository.status !== "active") return [];
    return tables
      .openPulls()
      .filter((pull) => pull.wakeAt !== null && pull.wakeAt <= now)
      .slice(0, limit)
      .map((pull) => ({ repo: REPO, pull }));
  }

  async openPulls(_repoId: number, limit: number): Promise<readonly Pull[]> {
    return this.#parts.tables.openPulls().slice(0, limit);
  }

  async repositories(): Promise<readonly RepositoryRecord[]> {
    return [this.#parts.tables.repository];
  }

  async tasksSince(_repoId: number, since: number) {
    const { tables } = this.#parts;
    const tasks = [...tables.tasks.values()].filter((task) => task.updatedAt >= since);
    return { tasks, attempts: tasks.flatMap((task) => tables.attemptsOf(task.id)) };
  }

  async isShown(repoId: number, key: string): Promise<boolean> {
    return this.#parts.tables.effects.has(`${repoId}:${key}`);
  }

  async usageBetween(_repoId: number, { from, to }: { readonly from: number; readonly to: number }) {
    return this.#parts.tables.usageSince(from, to);
  }

  #read(focus: Focus, weekStart: number): Snapshot {
    const { tables } = this.#parts;
    const queue = tables.queue();
    const found = this.#find(focus) ?? null;
    const ofFocus = found === null ? [] : tables.attemptsOf(found.id);
    const attempts = new Map([...tables.inFlight.values(), ...ofFocus].map((one) => [one.correlation, one]));
    const doneIds = [...tables.tasks.values()].flatMap(({ state, roadmapId }) =>
      state === "done" && roadmapId !== null ? [roadmapId] : [],
    );
    return {
      repository:
        tables.stops.length === 0 ? tables.repository : { ...tables.repository, stops: tables.stops },
      active: [...tables.live.values()].filter((task) => task.state !== "queued"),
      queue: frontOf(queue),
      queuedPulls: queue.filter(({ pull }) => pull !== null),
      queueLength: queue.length,
      focus: found,
      focusPosition: found === null ? null : this.#positionOf(found),
      attempts: [...attempts.values()],
      pulls: this.#pullsAbout(focus, found),
      doneRoadmapIds: [...new Set(doneIds)],
      weekUsage: tables.usageSince(weekStart),
    };
  }

  #positionOf(task: Task): number | null {
    const position = this.#parts.tables.queue().findIndex(({ id }) => id === task.id);
    return position === -1 ? null : position;
  }

  #find(focus: Focus): Task | undefined {
    const { tables } = this.#parts;
    if (focus.by === "issue") return tables.taskOfIssue(focus.issue);
    if (focus.by === "task") return tables.tasks.get(focus.taskId);
    if (focus.by === "correlation") return this.#taskOf(tables.attempts.get(focus.correlation)?.taskId);
    if (focus.by === "run") return this.#taskOfRun(focus.runId);
    if (focus.by === "pull") return newest(tables, ({ pull }) => pull?.number === focus.pull);
    if (focus.by === "sha") return newest(tables, ({ pull }) => pull?.headSha === focus.sha);
    return undefined;
  }

  #taskOf(id: string | undefined): Task | undefined {
    return id === undefined ? undefined : this.#parts.tables.tasks.get(id);
  }

  #taskOfRun(runId: number): Task | undefined {
    const attempt = [...this.#parts.tables.attempts.values()].find((known) => known.runId === runId);
    return this.#taskOf(attempt?.taskId);
  }

  /** What an event is about, what has the same head, and the merge groups that these are in. */
  #pullsAbout(focus: Focus, task: Task | null): readonly Pull[] {
    const { tables } = this.#parts;
    const about = [...tables.pulls.values()].filter(
      (pull) =>
        (focus.by === "pull" && pull.kind === "pull" && pull.number === focus.pull) ||
        (focus.by === "sha" && pull.state === "open" && pull.headSha === focus.sha),
    );
    const heads = new Set([...about.map((pull) => pull.headSha), task?.pull?.headSha]);
    const numbers = new Set([...about.map((pull) => pull.number), task?.pull?.number]);
    const near = tables.openPulls().filter((pull) => heads.has(pull.headSha) || numbers.has(pull.number));
    return [...new Set([...about, ...near])];
  }
}

function newest({ live, tasks }: MemoryTables, isIt: (task: Task) => boolean): Task | undefined {
  const byAge = (found: Iterable<Task>) =>
    [...found].filter(isIt).toSorted((a, b) => b.updatedAt - a.updatedAt)[0];
  return byAge(live.values()) ?? byAge([...tasks.values()].filter(isTerminal));
}
