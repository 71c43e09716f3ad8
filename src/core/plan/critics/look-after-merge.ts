import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import { awaitsRevert, isUnderCritics } from "./critics-stage.ts";
import { lookAtCritics } from "./follow-critics.ts";
import { lookAtRevert } from "./settle-revert.ts";

/** Whether what a task waits for comes from the change that it merged. */
export function isAfterMerge(task: Task): boolean {
  return isUnderCritics(task) || (task.state === "queued" && awaitsRevert(task));
}

/** A deadline of such a task has passed. */
export function lookAfterMerge(draft: Draft, task: Task): void {
  if (isUnderCritics(task)) lookAtCritics(draft, task);
  else lookAtRevert(draft, task);
}
