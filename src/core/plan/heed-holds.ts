import type { Reason, ReasonCode } from "../reasons.ts";
import type { Task } from "../task/task.ts";
import type { Draft } from "./draft.ts";
import { type HeldKind, listHolds } from "./find-holds.ts";
import { isHold, knownHolds } from "./known-holds.ts";
import { moveTask } from "./task/change-task.ts";

/** What a task says while an order of its is being carried out. */
const PENDING: Partial<Record<ReasonCode, HeldKind>> = {
  "publish.pending": "publish",
  "merge.pending": "merge",
  "critics.reverting": "revert",
};

/**
 * A task whose order is held back says by what, since GitHub alone will not lift that. Asked with every event, so that it does
 * not matter whether the order or the hold came first.
 */
export function heedHolds(draft: Draft): void {
  const { view, now } = draft;
  for (const task of draft.activeTasks()) {
    const kind = findOrder(draft, task);
    if (kind === undefined) continue;
    const holds = listHolds(kind, { task, view, now }).flatMap(({ reasons }) => reasons);
    if (textOf(holds) !== textOf(knownHolds(task))) showHolds(draft, task, holds);
  }
}

/** What was ordered for a task and is not known to be done. */
function findOrder(draft: Draft, { state, correlation, reasons }: Task): HeldKind | undefined {
  if (state !== "running" && state !== "verifying") return undefined;
  const [pending] = reasons.flatMap(({ code }) => PENDING[code] ?? []);
  const isUnconfirmed = draft.attempt(correlation)?.state === "dispatching";
  return pending ?? (isUnconfirmed ? "dispatch" : undefined);
}

/** First comes what has to be lifted first: a stop, then these. */
function showHolds(draft: Draft, task: Task, holds: readonly Reason[]): void {
  const { state, wakeAt } = task;
  const isStop = ({ code }: Reason) => code === "repository.stopped";
  const others = task.reasons.filter((known) => !isHold(known));
  const reasons = [...others.filter(isStop), ...holds, ...others.filter((known) => !isStop(known))];
  moveTask(draft, task, { state, reasons, wakeAt });
}

function textOf(reasons: readonly Reason[]): string {
  return reasons.map(({ message }) => message).join("\n");
}
