import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import { triggerLabel } from "../repository/repository-view.ts";

/** Whether a label shows a task's state, and so is the app's to set. */
export function isStateLabel(draft: Draft, label: string): boolean {
  return label.toLowerCase().startsWith(`${triggerLabel(draft.view.config).toLowerCase()}:`);
}

/** Writes again what somebody changed by hand. */
export function renewTask(draft: Draft, task: Task): void {
  draft.conclude("processed", "written again");
  draft.saveTask({ ...task, renewedAt: draft.now });
}
