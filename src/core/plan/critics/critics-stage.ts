import type { Attempt } from "../../task/attempt.ts";
import type { Aftermath, Task } from "../../task/task.ts";

/** What the critics' line is called among the stages of a task. */
export const CRITICS_STAGE = "critics";
/** Their place in the pipeline is behind every stage that a configuration can have, so that no two runs share their ids. */
export const CRITICS_INDEX = 999;

/** Whether a run looks at the default branch after a merge, and does not work on a stage. */
export function isOfCritics({ stageIndex }: Pick<Attempt, "stageIndex">): boolean {
  return stageIndex === CRITICS_INDEX;
}

/** A task whose change is merged while nobody has said yet that it may stay. */
export type TaskUnderCritics = Task & { readonly aftermath: Aftermath };

/** Whether the critics look at the task's merged change, or it is being taken back because of them. */
export function isUnderCritics(task: Task): task is TaskUnderCritics {
  const phase = task.aftermath?.phase;
  return phase === "looking" || phase === "reverting";
}

/** Whether the task waits for what people make of the pull request that takes its change back. */
export function awaitsRevert({ aftermath }: Task): boolean {
  return aftermath?.phase === "waiting" || aftermath?.phase === "settling";
}
