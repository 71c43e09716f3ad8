import type { Task } from "../task/task.ts";

const SHADOW = "Shadow mode: ";

/** The line of a history that says what shadow mode kept from being closed; undefined for what closes nothing. */
export function leftOpenLine(
  effect: string,
  about: { readonly issue: number; readonly pull: string },
): string | undefined {
  if (effect === "close-issue") return `${SHADOW}issue #${about.issue} is left open`;
  if (effect === "close-pull")
    return `${SHADOW}pull request #${about.pull} and its branch are left as they are`;
  return undefined;
}

/** Whether the issue of a task that is done stays as it is. */
export function isLeftOpen({ history, issue }: Pick<Task, "history" | "issue">): boolean {
  return history.some(({ text }) => text.startsWith(`${SHADOW}issue #${issue} `));
}
