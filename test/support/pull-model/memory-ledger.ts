import type { AuditEntry } from "../../../src/core/audit/audit-entry.ts";
import type { Effect } from "../../../src/core/effects.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import type { RepositoryRecord } from "../../../src/core/plan/repository/repository.ts";
import type { Snapshot } from "../../../src/core/plan/snapshot.ts";
import type { Pull } from "../../../src/core/pull/pull.ts";
import { frontOf } from "../../../src/core/queue/front.ts";
import type { Attempt } from "../../../src/core/task/attempt.ts";
import { isTerminal, type Task } from "../../../src/core/task/task.ts";
import type { InboxJob } from "../../../src/ports/inbox.ts";
import type { Focus, Ledger } from "../../../src/ports/ledger.ts";
import { REPO } from "../build-snapshot.ts";

/** An effect with how far it has got. */
export interface KeptEffect {
  effect: Effect;
  version: number;
  appliedVersion: number;
  firstTriedAt: number | null;
  tries: number;
  remoteId: string | null;
}

const IN_FLIGHT: ReadonlySet<Attempt["state"]> = new Set(["dispatching", "dispatched", "running"]);

/** The store's promises in memory: one repository, plans applied whole, projections newest wins, actions once per key. */
export class MemoryLedger implements Ledger {
  repository: RepositoryRecord = {
    repo: REPO,
    status: "active",
    stored: { pausedBy: null, facts: null, goodConfig: null, goodRoadmap: null },
  };
  readonly tasks = new Map<string, Task>();
  readonly attempts = new Map<string, Attempt>();
  readonly pulls = new Map<string, Pull>();
  readonly effects = new Map<string, KeptEffect>();
  readonly audit: AuditEntry[] = [];
  readonly #onSettle: (job: InboxJob, plan: Plan) => Plan;
  readonly #onEffect: (kept: KeptEffect) => void;

  constructor(hooks: {
    /** Sees every plan before it is written, and may change it or keep it from being written. */
    readonly onSettle: (job: InboxJob, plan: Plan) => Plan;
    /** Told of every effect that is new or wants something else than before. */
    readonly onEffect: (kept: KeptEffect) => void;
  }) {
    this.#onSettle = hooks.onSettle;
    this.#onEffect = hooks.onEffect;
  }

  /** The newest task; a history has one issue. */
  get task(): Task | undefined {
    return [...this.tasks.values()].at(-1);
  }

  async snapshot(_repo: unknown, focus: Focus): Promise<Snapshot> {
    const tasks = [...this.tasks.values()];
    const queue = tasks
      .filter((task) => task.state === "queued")
      .toSorted((a, b) => a.rankAt - b.rankAt || (a.id < b.id ? -1 : 1));
    const found = this.#find(focus);
    const position = queue.findIndex((task) => task.id === found?.id);
    return {
      repository: this.repository,
      active: tasks.filter((task) => task.state !== "queued" && !isTerminal(task)),
      queue: frontOf(queue),
      queuedPulls: queue.filter(({ pull }) => pull !== null),
      queueLength: queue.length,
      focus: found ?? null,
      focusPosition: position === -1 ? null : position,
      attempts: [...this.attempts.values()].filter(
        (attempt) => IN_FLIGHT.has(attempt.state) || attempt.taskId === found?.id,
      ),
      pulls: this.#pullsAbout(focus, found),
      doneRoadmapIds: [],
      weekUsage: { minutes: 0, usd: 0 },
    };
  }

  async taskOfIssue(_repoId: number, issue: number) {
    const task = this.#find({ by: "issue", issue });
    return task === undefined ? null : { task, position: null };
  }

  async settle(job: InboxJob, planned: Plan): Promise<void> {
    const plan = this.#onSettle(job, planned);
    if (plan.repository !== null) this.repository = plan.repository;
    for (const task of plan.tasks) this.tasks.set(task.id, task);
    for (const attempt of plan.attempts) this.attempts.set(attempt.correlation, attempt);
    for (const pull of plan.pulls) this.pulls.set(pull.id, pull);
    for (const effect of plan.effects) this.#keep(effect);
    this.audit.push(...plan.audit);
  }

  async dueTasks(now: number) {
    return [...this.tasks.values()]
      .filter((task) => task.wakeAt !== null && task.wakeAt <= now)
      .map((task) => ({ repo: REPO, taskId: task.id }));
  }

  async duePulls(now: number) {
    return this.#openPulls()
      .filter((pull) => pull.wakeAt !== null && pull.wakeAt <= now)
      .map((pull) => ({ repo: REPO, pull }));
  }

  async openPulls(): Promise<readonly Pull[]> {
    return this.#openPulls();
  }

  async repositories(): Promise<readonly RepositoryRecord[]> {
    return [this.repository];
  }

  async tasksSince() {
    return { tasks: [...this.tasks.values()], attempts: [...this.attempts.values()] };
  }

  async isShown(repoId: number, key: string) {
    return this.effects.has(`${repoId}:${key}`);
  }

  async usageBetween() {
    return { minutes: 0, usd: 0 };
  }

  #openPulls(): readonly Pull[] {
    return [...this.pulls.values()].filter((pull) => pull.state === "open");
  }

  /** What an event is about, what has the same head, and the merge groups that these are in. */
  #pullsAbout(focus: Focus, task: Task | undefined): readonly Pull[] {
    const about = [...this.pulls.values()].filter(
      (pull) =>
        (focus.by === "pull" && pull.kind === "pull" && pull.number === focus.pull) ||
        (focus.by === "sha" && pull.state === "open" && pull.headSha === focus.sha),
    );
    const heads = new Set([...about.map((pull) => pull.headSha), task?.pull?.headSha]);
    const numbers = new Set([...about.map((pull) => pull.number), task?.pull?.number]);
    const near = this.#openPulls().filter((pull) => heads.has(pull.headSha) || numbers.has(pull.number));
    return [...new Set([...about, ...near])];
  }

  #keep(effect: Effect): void {
    const known = this.effects.get(effect.key);
    if (known === undefined) {
      const kept: KeptEffect = {
        effect,
        version: 1,
        appliedVersion: 0,
        firstTriedAt: null,
        tries: 0,
        remoteId: null,
      };
      this.effects.set(effect.key, kept);
      this.#onEffect(kept);
      return;
    }
    if (known.effect.sort === "action" || effect.sort === "action") return;
    if (JSON.stringify(known.effect.projection) === JSON.stringify(effect.projection)) return;
    known.effect = effect;
    known.version += 1;
    this.#onEffect(known);
  }

  #find(focus: Focus): Task | undefined {
    const finders: { readonly [K in Focus["by"]]: (task: Task, by: Extract<Focus, { by: K }>) => boolean } = {
      issue: (task, by) => task.issue === by.issue,
      pull: (task, by) => task.pull?.number === by.pull,
      sha: (task, by) => task.pull?.headSha === by.sha,
      task: (task, by) => task.id === by.taskId,
      correlation: (task, by) => this.attempts.get(by.correlation)?.taskId === task.id,
      run: (task, by) =>
        [...this.attempts.values()].some((known) => known.runId === by.runId && known.taskId === task.id),
      nothing: () => false,
    };
    return findBy(finders, focus, [...this.tasks.values()]);
  }
}

function findBy<K extends Focus["by"]>(
  finders: { readonly [P in K]: (task: Task, by: Extract<Focus, { by: P }>) => boolean },
  focus: Extract<Focus, { by: K }>,
  tasks: readonly Task[],
): Task | undefined {
  const find: (task: Task, by: Extract<Focus, { by: K }>) => boolean = finders[focus.by as K];
  const newestFirst = (a: Task, b: Task) =>
    focus.by === "issue" ? b.generation - a.generation : b.updatedAt - a.updatedAt;
  return tasks.filter((task) => find(task, focus)).toSorted(newestFirst)[0];
}
