import type { ReasonCode } from "../reasons.ts";
import type { Task } from "../task/task.ts";

type Standing = Pick<Task, "state" | "reasons">;

/** What a task under verification waits for that is not going to happen by the loop's own work: people, or the end of a window. */
const WAITS: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "approval.missing",
  "config.absent",
  "critics.blocked",
  "critics.revert-open",
  "critics.revert-refused",
  "gate.blocked",
  "merge.by-hand",
  "merge.draft",
  "merge.refused",
  "mode.shadow",
  "publish.duplicate",
  "publish.refused",
  "repository.paused",
  "requires.input",
  "requires.workflow",
  "task.held",
  "window.closed",
]);

/** Whether a task that was started goes on by itself. */
export function isUnderWay({ state, reasons }: Standing): boolean {
  if (state === "running") return true;
  return state === "verifying" && !reasons.some(({ code }) => WAITS.has(code));
}

/** Lifted by the clock: soon, or at a moment that the reason names. */
const LIFTED_BY_TIME: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "queue.behind",
  "retry.later",
  "role.rate-limited",
  "breaker.open",
  "window.closed",
]);

/** Lifted by other tasks, as long as any of them goes on. */
const LIFTED_BY_OTHERS: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "limit.running",
  "limit.team",
  "limit.pulls",
  "overlap.task",
]);

/** Whether a queued task starts without anybody doing anything, and before a moment. */
export function startsByItself(
  { reasons }: Pick<Task, "reasons">,
  { isAnyUnderWay, before }: { readonly isAnyUnderWay: boolean; readonly before: number },
): boolean {
  return reasons.every(
    ({ code, deadline }) =>
      (LIFTED_BY_TIME.has(code) && (deadline ?? 0) < before) || (isAnyUnderWay && LIFTED_BY_OTHERS.has(code)),
  );
}
