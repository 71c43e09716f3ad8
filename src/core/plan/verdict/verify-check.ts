import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import { abandonCheck, supersedeCheck } from "./project-check.ts";

/** The check of a task's head that is replaced says so instead of waiting for ever. */
export function supersedeTaskCheck(draft: Draft, { pull }: Task, sha: string): void {
  if (pull === null || pull.verdictSha === sha) return;
  supersedeCheck(draft, sha, pull.number);
}

/**
 * Ends the check of the published head when it still waits although nobody will judge that head any more (I7), and any
 * verdict when no configuration says what has to hold.
 */
export function abandonTaskCheck(draft: Draft, task: Task, why: string): void {
  const { pull } = task;
  if (pull === null) return;
  const isWaiting = task.reasons.some((known) => known.code === "checks.pending");
  const isOver = pull.verdict === null ? isWaiting : draft.view.config === null;
  if (isOver) abandonCheck(draft, pull.verdictSha ?? pull.headSha, { number: pull.number, why });
}
