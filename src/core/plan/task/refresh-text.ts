import { readPaths } from "../../queue/overlap/read-paths.ts";
import type { Actor } from "../../repo.ts";
import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";

/** Whether a task is stopped because its worker lacks something: what people add to the issue is read by `/orchestrate retry`. */
export function awaitsText({ state, reasons }: Pick<Task, "state" | "reasons">): boolean {
  return state === "blocked" && reasons.some(({ code }) => code === "worker.needs-info");
}

/** The task with the text that its issue has now, where that is what it waits for. Whoever retries it hands it over anew. */
export function takeTextNow(draft: Draft, task: Task, by: Actor): Task {
  const { texts, needs } = draft.gathered;
  const issue = texts?.get(task.issue);
  if (!awaitsText(task) || !issue) return task;
  return { ...withText(task, issue, by), dependencies: needs?.get(task.issue) ?? task.dependencies };
}

interface Text {
  readonly title: string;
  readonly body: string;
}

/** The task with another text, and with what that says. Whoever let it start has not read that. */
export function withText(task: Task, { title, body }: Text, textBy: Actor): Task {
  if (title === task.title && body === task.body) return task;
  const { paths: _, allowed: __, ...rest } = task;
  const paths = readPaths(body);
  return { ...rest, title, body, textBy, ...(paths.length > 0 && { paths }) };
}
