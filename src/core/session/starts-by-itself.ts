import type { ReasonCode } from "../reasons.ts";
import type { Task } from "../task/task.ts";

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
