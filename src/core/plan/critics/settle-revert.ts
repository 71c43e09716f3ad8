import type { EventOf } from "../../events.ts";
import type { PullNow } from "../../facts.ts";
import type { Task } from "../../task/task.ts";
import { PULL_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { withHistory } from "../task/change-task.ts";

/** A pull request is closed, as this event says or GitHub shows: whoever waits for what people make of it looks at once. */
export function wakeForRevert(draft: Draft, { pull, action }: EventOf<"pull.changed">): void {
  if (action !== "closed" && draft.gathered.pull?.state !== "closed") return;
  for (const task of draft.queuedTasks()) {
    if (task.aftermath?.phase !== "waiting" || task.aftermath.revert?.number !== pull) continue;
    draft.saveTask({ ...task, wakeAt: draft.now });
    draft.emit({ kind: "task.due", repo: draft.repo, taskId: task.id });
  }
}

/** Looks at a task that waits for what people make of the pull request that takes its change back. */
export function lookAtRevert(draft: Draft, task: Task): void {
  const { aftermath } = task;
  const { pull } = draft.gathered;
  if (aftermath?.phase === "settling") {
    draft.conclude("processed", "goes on");
    draft.saveTask({ ...task, aftermath: { ...aftermath, phase: "over" }, wakeAt: draft.now + PULL_POLL_MS });
    return;
  }
  const isDecided = pull === null || pull?.state === "closed";
  if (isDecided) return settleRevert(draft, task, pull);
  draft.conclude("processed", "still waiting");
  draft.saveTask({ ...task, wakeAt: draft.now + PULL_POLL_MS });
}

/** People have decided, or the pull request is gone. The next attempt begins from the branch as it is now, so that is read first. */
function settleRevert(draft: Draft, task: Task, pull: PullNow | null): void {
  const { aftermath } = task;
  if (aftermath === undefined || aftermath.revert === null) return;
  const isMerged = pull?.merged === true;
  const { number, url } = aftermath.revert;
  draft.conclude("processed", isMerged ? "the change is taken back" : "the change stays");
  draft.audit("critics.revert-ended", {
    taskId: task.id,
    data: { pull: aftermath.merged.number, revert: number, isMerged },
  });
  const text = isMerged
    ? `Pull request #${number} is merged: the change of #${aftermath.merged.number} is taken back`
    : `Pull request #${number} was closed: the change of #${aftermath.merged.number} stays`;
  const told = withHistory(task, { at: draft.now, text, url });
  draft.saveTask({ ...told, wakeAt: draft.now, aftermath: { ...aftermath, phase: "settling" } });
  draft.emit({ kind: "repository.changed", repo: draft.repo });
  draft.emit({ kind: "task.due", repo: draft.repo, taskId: task.id });
}
