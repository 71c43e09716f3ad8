import { displayState, stickyBody } from "../messages/sticky.ts";
import { COMMENT_MAX_CHARS } from "../messages/text.ts";
import type { Task } from "../task/task.ts";
import type { Draft } from "./draft.ts";
import { triggerLabel } from "./repository/repository-view.ts";

/** Shows every task that changed where people look: its comment and its label. An issue that is gone is left alone. */
export function projectTasks(draft: Draft): void {
  if (draft.view.record.status === "removed") return;
  for (const task of draft.changedTasks()) {
    if (draft.gathered.issue === null && task.id === draft.focus?.id) continue;
    projectTask(draft, task);
  }
}

function projectTask(draft: Draft, task: Task): void {
  const label = triggerLabel(draft.view.config);
  const about = { subject: `status:${task.issue}`, taskId: task.id };
  const body = stickyBody(task, { label });
  draft.project(
    `status:${task.issue}`,
    {
      kind: "comment",
      issue: task.issue,
      renewal: task.renewedAt,
      body: body.length > COMMENT_MAX_CHARS ? `${body.slice(0, COMMENT_MAX_CHARS).toWellFormed()}…` : body,
    },
    about,
  );
  draft.project(
    `labels:${task.issue}`,
    {
      kind: "labels",
      issue: task.issue,
      prefix: `${label}:`,
      labels: [`${label}:${displayState(task)}`],
      renewal: task.renewedAt,
    },
    { ...about, subject: `labels:${task.issue}` },
  );
}
