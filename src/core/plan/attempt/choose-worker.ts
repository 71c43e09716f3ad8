import { autonomies } from "../../autonomy/autonomy.ts";
import { REQUIRED_INPUT } from "../../queue/assess-readiness.ts";
import type { ReasonCode } from "../../reasons.ts";
import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import { autonomyOf, roleOf, stageOf } from "../repository/repository-view.ts";
import { explainRole } from "../spending/explain-spending.ts";
import { withHistory } from "../task/change-task.ts";
import { explainBreakers } from "./breakers.ts";
import { explainRest } from "./rest-role.ts";

/**
 * The task as it would be dispatched now: by its own role, or by that role's backup while its own cannot work. A backup goes on
 * to the end of the attempt that it has begun.
 */
export function chooseWorker(draft: Draft, task: Task): Task {
  const own = returnTask(draft, task);
  const hasBegun = task.standsIn?.attempt === task.attempt && findTrouble(draft, task) === undefined;
  if (hasBegun) return task;
  const because = findTrouble(draft, own);
  const backup = roleOf(draft.view.config, roleOf(draft.view.config, own.role)?.backup ?? "");
  if (because === undefined || backup === undefined) return own;
  const standsIn = { for: own.role, team: own.team, attempt: task.attempt, because };
  const replaced: Task = { ...own, role: backup.name, team: backup.team, standsIn };
  return canWork(draft, replaced, own) ? replaced : own;
}

/** The task with the worker of its next dispatch; a change is told in its history and in the audit. */
export function settleWorker(draft: Draft, task: Task): Task {
  const chosen = chooseWorker(draft, task);
  if (chosen.role === task.role) return chosen;
  const { standsIn } = chosen;
  const data = { from: task.role, to: chosen.role, because: standsIn?.because ?? "it can work again" };
  draft.audit(standsIn === undefined ? "role.returned" : "role.taken-over", { taskId: task.id, data });
  const text =
    standsIn === undefined
      ? `Role \`${chosen.role}\` works again, \`${task.role}\` stood in for it`
      : `Taken over by role \`${chosen.role}\` from \`${standsIn.for}\`, because ${standsIn.because}`;
  return withHistory(chosen, { at: draft.now, text, url: null });
}

function returnTask({ view }: Draft, task: Task): Task {
  const { standsIn, ...rest } = task;
  if (standsIn === undefined) return task;
  const team = roleOf(view.config, standsIn.for)?.team ?? standsIn.team;
  return { ...rest, role: standsIn.for, team };
}

const TROUBLES: Readonly<Partial<Record<ReasonCode, string>>> = {
  "breaker.open": "its breaker is open",
  "limit.role": "its week is spent or set aside",
};

/** What keeps a role from working for a time that another role need not wait. */
function findTrouble(draft: Draft, task: Task): string | undefined {
  const [first] = [...explainBreakers(draft, task), ...explainRole(draft, task)];
  return first === undefined ? undefined : TROUBLES[first.code];
}

function canWork(draft: Draft, task: Task, own: Task): boolean {
  const { config, facts } = draft.view;
  const stage = stageOf(config, task);
  if (config === null || stage === undefined) return false;
  const declared = facts?.workflows[stage.workflow] ?? [];
  const inputs = [REQUIRED_INPUT, ...Object.keys(stage.inputs)];
  const reach = ({ role }: Pick<Task, "role">) => autonomies.indexOf(autonomyOf(config, role));
  return (
    // The same workflow is the same worker under another name, which would only get round the breaker and the budget.
    stage.workflow !== stageOf(config, own)?.workflow &&
    inputs.every((input) => declared.includes(input)) &&
    // Trouble must not be a way to more freedom than the task was given.
    reach(task) <= reach(own) &&
    explainRest(draft, task).length === 0 &&
    findTrouble(draft, task) === undefined
  );
}
