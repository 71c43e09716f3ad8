import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import { abandonCheck, supersedeCheck } from "./project-check.ts";

/** The check of a task's head that is replaced says so instead of waiting for ever. */
export function supersedeTaskCheck(draft: Draft, { pull }: Task, sha: string): void {
  if (pull === null || pull.verdictSha === sha) return;
  supersedeCheck(draft, sha, pull.number);
}

/** Ends the check of the published head when it still waits although nobody will judge that head any more (I7). */
export function abandonTaskCheck(draft: Draft, task: Task, why: string): void {
  const { pull } = task;
  const isWaiting = task.reasons.some((known) => known.code === "checks.pending");
  if (pull === null || pull.verdict !== null || !isWaiting) return;
  abandonCheck(draft, pull.headSha, { number: pull.number, why });
}
