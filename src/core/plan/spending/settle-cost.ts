import { addCosts, NO_COST, type RunCost, SAMPLES } from "../../queue/cost/cost.ts";
import { isoWeekOf } from "../../report/iso-week.ts";
import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";

/** What a run that has ended took. */
interface Settled extends RunCost {
  readonly tokens: number;
  readonly workflow: string;
  /** A run that was broken off says nothing of what one takes. */
  readonly isWhole: boolean;
}

/** Counts what a run took: for the task, for the role that worked, and for what the next run of the workflow is expected to take. */
export function settleCost(draft: Draft, task: Task, settled: Settled): Task {
  const { tokens, workflow, isWhole, ...sample } = settled;
  const { minutes, usd = 0 } = sample;
  const { stored, status } = draft.view.record;
  const week = isoWeekOf(draft.now);
  const roles = stored.roleWeek?.week === week ? stored.roleWeek.roles : {};
  const known = Object.hasOwn(roles, task.role) ? (roles[task.role] ?? NO_COST) : NO_COST;
  const roleWeek = {
    week,
    roles: Object.fromEntries([
      ...Object.entries(roles),
      [task.role, addCosts(known, { minutes, usd })] as const,
    ]),
  };
  const costs = isWhole ? withSample(stored.costs ?? {}, workflow, sample) : stored.costs;
  draft.saveRepository({ ...stored, roleWeek, ...(costs !== undefined && { costs }) }, status);
  const { usage } = task;
  return {
    ...task,
    usage: { minutes: usage.minutes + minutes, tokens: usage.tokens + tokens, usd: usage.usd + usd },
  };
}

type Samples = Readonly<Record<string, readonly RunCost[]>>;

/** Workflows that are not known any more go with the fiftieth that came after them. */
const MAX_WORKFLOWS = 50;

function withSample(costs: Samples, workflow: string, sample: RunCost): Record<string, readonly RunCost[]> {
  const before = Object.hasOwn(costs, workflow) ? (costs[workflow] ?? []) : [];
  const others = Object.entries(costs).filter(([known]) => known !== workflow);
  const own = [workflow, [...before, sample].slice(-SAMPLES)] as const;
  return Object.fromEntries([...others, own].slice(-MAX_WORKFLOWS));
}
