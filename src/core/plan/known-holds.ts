import type { Reason, ReasonCode } from "../reasons.ts";
import type { Task } from "../task/task.ts";

/** What may hold an order back, as its task says it. */
const HOLDS: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "approval.dispatch",
  "autonomy.too-low",
  "config.absent",
  "installation.suspended",
  "mode.shadow",
  "organisation.invalid",
  "repository.paused",
  "task.held",
  "window.closed",
]);

export function isHold({ code }: Pick<Reason, "code">): boolean {
  return HOLDS.has(code);
}

/** What held a task's order back when that was asked last: for whoever says in between what else it waits for. */
export function knownHolds({ reasons }: Pick<Task, "reasons">): readonly Reason[] {
  return reasons.filter(isHold);
}
