import type { Stage } from "../../config/config.ts";
import { admitRole, admitTask, admitWeek } from "../../queue/cost/admit-cost.ts";
import {
  addRunCosts,
  type Cost,
  expectCost,
  NO_COST,
  type RunCost,
  subtractCost,
} from "../../queue/cost/cost.ts";
import { reservedFor } from "../../queue/cost/reserved-cost.ts";
import type { Reason } from "../../reasons.ts";
import { isoWeekOf } from "../../report/iso-week.ts";
import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import { listHolds } from "../find-holds.ts";
import { roleOf, stageOf } from "../repository/repository-view.ts";

/** What a run of a workflow is expected to take here. */
export function expectFor(
  draft: Draft,
  { workflow, timeoutMs }: Pick<Stage, "workflow" | "timeoutMs">,
): RunCost {
  const costs = draft.view.record.stored.costs ?? {};
  return expectCost(Object.hasOwn(costs, workflow) ? costs[workflow] : undefined, timeoutMs);
}

/** Why a task's next dispatch would cost more than the week, its role or a single task may; asked before every dispatch. */
export function explainSpending(draft: Draft, task: Task): readonly Reason[] {
  const { config } = draft.view;
  const stage = stageOf(config, task);
  if (config === null || stage === undefined) return [];
  const expected = expectFor(draft, stage);
  const week = { used: draft.weekUsage(), reserved: reservedBy(draft, task), expected };
  return [...admitWeek(config.limits, week), ...explainRole(draft, task), ...explainTaskCost(draft, task)];
}

/** Why the next dispatch would take a task beyond what one task may cost. */
export function explainTaskCost(draft: Draft, task: Task): readonly Reason[] {
  const { config } = draft.view;
  const stage = stageOf(config, task);
  if (config === null || stage === undefined) return [];
  const used = subtractCost(task.usage, task.usageAtReset ?? NO_COST);
  return admitTask(config.limits, { used, reserved: NO_COST, expected: expectFor(draft, stage) });
}

/** Why the week's limits of a task's role leave no room for its next dispatch. */
export function explainRole(draft: Draft, task: Task): readonly Reason[] {
  const { config } = draft.view;
  const role = roleOf(config, task.role);
  const stage = stageOf(config, task);
  if (role === undefined || stage === undefined) return [];
  const reserved = reservedBy(draft, task, role.name);
  return admitRole(role, { used: roleUsage(draft, role.name), reserved, expected: expectFor(draft, stage) });
}

function roleUsage(draft: Draft, role: string): Cost {
  const { roleWeek } = draft.view.record.stored;
  if (roleWeek === undefined || roleWeek.week !== isoWeekOf(draft.now)) return NO_COST;
  return Object.hasOwn(roleWeek.roles, role) ? (roleWeek.roles[role] ?? NO_COST) : NO_COST;
}

/** What runs of other tasks are expected to take, of all or of one role. */
function reservedBy(draft: Draft, task: Task, role?: string): RunCost {
  const others = draft
    .activeTasks()
    .filter((other) => other.id !== task.id && (role === undefined || other.role === role));
  return addRunCosts(others.map((other) => reservedNow(draft, other)));
}

/** An order may be held back for as long as people like, so meanwhile it has no money to itself that nobody could name. */
function reservedNow(draft: Draft, task: Task): RunCost {
  const reserved = reservedFor(task);
  return isHeldBack(draft, task) ? { ...NO_COST, ...reserved } : reserved;
}

function isHeldBack(draft: Draft, task: Task): boolean {
  const { view, now } = draft;
  if (draft.attempt(task.correlation)?.state !== "dispatching") return false;
  return listHolds("dispatch", { task, view, now }).length > 0;
}
