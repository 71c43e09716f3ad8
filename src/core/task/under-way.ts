import type { ReasonCode } from "../reasons.ts";
import type { Task } from "./task.ts";

type Standing = Pick<Task, "state" | "reasons">;

/** What a task that was started waits for that is not going to happen by the loop's own work: people, or the end of a window. */
const WAITS: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "approval.dispatch",
  "approval.missing",
  "autonomy.too-low",
  "config.absent",
  "critics.blocked",
  "critics.revert-open",
  "critics.revert-refused",
  "gate.blocked",
  "merge.by-hand",
  "merge.draft",
  "merge.refused",
  "mode.shadow",
  "organisation.invalid",
  "publish.duplicate",
  "publish.refused",
  "repository.paused",
  "requires.input",
  "requires.workflow",
  "task.held",
  "window.closed",
]);

/** Whether a task that was started goes on by itself; a run that was ordered and is kept back does not. */
export function isUnderWay({ state, reasons }: Standing): boolean {
  const isStarted = state === "running" || state === "verifying";
  return isStarted && !reasons.some(({ code }) => WAITS.has(code));
}
