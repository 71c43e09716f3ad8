import type { Plan } from "../../src/core/plan/plan.ts";
import type { RepositoryRecord } from "../../src/core/plan/repository/repository.ts";
import type { Snapshot } from "../../src/core/plan/snapshot.ts";
import { frontOf } from "../../src/core/queue/front.ts";
import type { Attempt } from "../../src/core/task/attempt.ts";
import { isTerminal, type Task } from "../../src/core/task/task.ts";

/** What plans have left behind: a store without transactions, leases or effects. */
export interface PlanLedger {
  readonly repository: RepositoryRecord;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly attempts: ReadonlyMap<string, Attempt>;
}

export function startLedger(repository: RepositoryRecord): PlanLedger {
  return { repository, tasks: new Map(), attempts: new Map() };
}

/** The ledger after a plan; the one before stays as it was. */
export function applyPlan(ledger: PlanLedger, plan: Plan): PlanLedger {
  return {
    repository: plan.repository ?? ledger.repository,
    tasks: new Map([...ledger.tasks, ...plan.tasks.map((task) => [task.id, task] as const)]),
    attempts: new Map([
      ...ledger.attempts,
      ...plan.attempts.map((attempt) => [attempt.correlation, attempt] as const),
    ]),
  };
}

/** What a plan is given about the newest task that `isFocus` means. */
export function takeSnapshot(ledger: PlanLedger, isFocus: (task: Task) => boolean): Snapshot {
  const tasks = [...ledger.tasks.values()];
  const queue = tasks
    .filter((task) => task.state === "queued")
    .toSorted((a, b) => a.rankAt - b.rankAt || (a.id < b.id ? -1 : 1));
  const active = tasks.filter((task) => task.state !== "queued" && !isTerminal(task));
  const focus = tasks.filter(isFocus).toSorted((a, b) => b.generation - a.generation)[0] ?? null;
  const position = queue.findIndex((task) => task.id === focus?.id);
  const activeIds = new Set(active.map((task) => task.id));
  return {
    repository: ledger.repository,
    active,
    queue: frontOf(queue),
    queuedPulls: queue.filter(({ pull }) => pull !== null),
    queueLength: queue.length,
    focus,
    focusPosition: position === -1 ? null : position,
    attempts: [...ledger.attempts.values()].filter(
      (attempt) => attempt.taskId === focus?.id || (isInFlight(attempt) && activeIds.has(attempt.taskId)),
    ),
    pulls: [],
    doneRoadmapIds: [],
    weekUsage: { minutes: 0, usd: 0 },
  };
}

/** Whether a run is still expected of an attempt. */
export function isInFlight({ state }: Attempt): boolean {
  return state === "dispatching" || state === "dispatched" || state === "running";
}
