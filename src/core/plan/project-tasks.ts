import { displayState, stickyBody } from "../messages/sticky.ts";
import { COMMENT_MAX_CHARS, cutSafe } from "../messages/text.ts";
import { estimateStart } from "../queue/estimate-start.ts";
import type { Task } from "../task/task.ts";
import type { Draft } from "./draft.ts";
import { triggerLabel } from "./repository/repository-view.ts";

/** Shows every task that changed where people look: its comment and its label. An issue that is gone is left alone. */
export function projectTasks(draft: Draft): void {
  if (draft.view.record.status === "removed") return;
  for (const task of draft.shownTasks()) {
    if (draft.gathered.issue === null && task.id === draft.focus?.id) continue;
    projectTask(draft, task);
  }
}

function projectTask(draft: Draft, task: Task): void {
  const label = triggerLabel(draft.view.config);
  const about = { subject: `status:${task.issue}`, taskId: task.id };
  if (hasComment(draft, task)) projectComment(draft, task, label);
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

/** A task that waits far back in a long queue has none yet, and needs none when it is taken back from there. */
function hasComment({ snapshot }: Draft, task: Task): boolean {
  const before = snapshot.focus?.id === task.id ? snapshot.focus : task;
  const isUnshown = before.state === "queued" && before.position === null && before.timeline.length === 0;
  return !isUnshown || !["queued", "cancelled"].includes(task.state) || task.position !== null;
}

function projectComment(draft: Draft, task: Task, label: string): void {
  const body = stickyBody(task, {
    label,
    startsInMs: estimateStart(task, listKnown(draft), draft.view.config),
  });
  draft.project(
    `status:${task.issue}`,
    {
      kind: "comment",
      issue: task.issue,
      renewal: task.renewedAt,
      body: cutSafe(body, COMMENT_MAX_CHARS),
    },
    { subject: `status:${task.issue}`, taskId: task.id },
  );
}

function listKnown(draft: Draft): readonly Task[] {
  return [...draft.activeTasks(), ...draft.queuedTasks()];
}
