import { needsPersonNotice } from "../../messages/notices.ts";
import type { Reason } from "../../reasons.ts";
import type { Task } from "../../task/task.ts";
import { HUMAN_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { moveTask } from "../task/change-task.ts";

/** Puts a task before people; the notice is written once for each attempt. */
export function askPerson(draft: Draft, task: Task, reasons: readonly Reason[]): Task {
  draft.act(
    `needs-person:${task.id}:${task.attempt}:${placeOf(task)}:${task.retries}`,
    {
      kind: "reply",
      issue: task.issue,
      body: needsPersonNotice({ requester: task.requestedBy.login, reasons }),
    },
    { subject: `issue:${task.issue}`, taskId: task.id },
  );
  return moveTask(
    draft,
    { ...task, correlation: null },
    { state: "blocked", reasons, wakeAt: draft.now + HUMAN_POLL_MS },
  );
}

/** Where in an attempt a task is: at a stage, or with the critics after its merge. */
function placeOf({ stage, aftermath }: Task): string {
  const isAfterMerge = aftermath?.phase === "looking" || aftermath?.phase === "reverting";
  return isAfterMerge ? `critics-${aftermath.tries}` : `${stage}`;
}
