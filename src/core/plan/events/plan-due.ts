import type { EventOf } from "../../events.ts";
import type { Attempt } from "../../task/attempt.ts";
import { isTerminal, type Task } from "../../task/task.ts";
import { noteRunEnd } from "../attempt/breakers.ts";
import { retryStage } from "../attempt/finish-attempt.ts";
import { describeLostRun, explainNoRun, lostAt, nextReceiptLook } from "../attempt/missing-run.ts";
import { nextLook } from "../attempt/next-look.ts";
import { awaitsRevert } from "../critics/critics-stage.ts";
import { isAfterMerge, lookAfterMerge } from "../critics/look-after-merge.ts";
import {
  EFFECT_MS,
  FAR_QUEUE_POLL_MS,
  HUMAN_POLL_MS,
  PULL_POLL_MS,
  QUEUE_POLL_MS,
  TOGETHER_MS,
} from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { knownHolds } from "../known-holds.ts";
import { settleBroken } from "../spending/settle-run.ts";
import { changeStageLine, moveTask } from "../task/change-task.ts";
import { settleQueued } from "../task/reconcile-tasks.ts";
import { isBetweenCommits, takePull, takeUnreadable } from "./plan-pull.ts";
import { takeRun, timeLimitOf } from "./plan-run.ts";

/** A deadline has passed: what GitHub says now decides, and silence becomes a reason. */
export function planTaskDue(draft: Draft, _event: EventOf<"task.due">): void {
  const task = draft.focus;
  if (task === null || isTerminal(task)) return draft.conclude("ignored", "the task has ended");
  if (task.wakeAt !== null && task.wakeAt > draft.now)
    return draft.conclude("ignored", "the deadline has moved");
  if (isAfterMerge(task)) return lookAfterMerge(draft, task);
  if (task.state === "running") return checkRun(draft, task);
  if (draft.gathered.pullTrouble !== undefined && task.pull !== null && !isBetweenCommits(task))
    return takeUnreadable(draft, task, { why: draft.gathered.pullTrouble });
  if (task.pull !== null && draft.gathered.pull !== undefined) return checkPull(draft, task);
  keepWaiting(draft, task);
}

function keepWaiting(draft: Draft, task: Task): void {
  if (task.state === "queued") return lookAtQueue(draft, task);
  draft.conclude("processed", "still waiting");
  const wait = task.reasons.some((known) => known.code === "publish.pending") ? EFFECT_MS : HUMAN_POLL_MS;
  draft.saveTask({ ...task, wakeAt: draft.now + wait });
}

/** Every event looks at the whole front of the queue, so its tasks share one deadline instead of asking one after another. */
function lookAtQueue(draft: Draft, task: Task): void {
  draft.conclude("processed", "looked at again");
  // Other events settle only the front of the queue.
  settleQueued(draft);
  const isFar = !draft.snapshot.queue.some(({ id }) => id === task.id);
  draft.saveTask({
    ...draft.current(task),
    wakeAt: isFar ? draft.now + FAR_QUEUE_POLL_MS : nextLook(draft, task.reasons),
  });
  if (isFar) return;
  const poll = draft.now + QUEUE_POLL_MS;
  for (const other of draft.queuedTasks()) {
    const isDue = other.wakeAt === null || other.wakeAt <= draft.now;
    // What only time lifts has a moment of its own, and nobody but the task itself looks at a revert.
    if (other.id === task.id || isDue || awaitsRevert(other) || nextLook(draft, other.reasons) < poll)
      continue;
    draft.saveTask({ ...other, wakeAt: poll + TOGETHER_MS });
  }
}

function checkRun(draft: Draft, task: Task): void {
  const attempt = draft.attempt(task.correlation);
  const { run } = draft.gathered;
  if (attempt === undefined) return loseAttempt(draft, task);
  if (run) return takeRun(draft, { task, attempt, run });
  if (attempt.runId === null) return awaitReceipt(draft, task, attempt);
  draft.conclude("processed", "the run is gone");
  const summary = `Run ${attempt.runId} is not there any more.`;
  const outcome = { verdict: "FAIL" as const, failureClass: "infra" as const, summary };
  draft.saveAttempt({ ...attempt, state: "ended", endedAt: draft.now, outcome });
  noteRunEnd(draft, task, { workflow: attempt.workflow, outcome, isProof: false });
  // GitHub keeps a run that goes on, so this one has ended, within its time.
  const mostMs = timeLimitOf(draft, task);
  const settled = settleBroken(draft, task, { attempt, line: "trouble", isWhole: false, mostMs });
  retryStage(draft, settled, { summary, gates: [] });
}

function awaitReceipt(draft: Draft, task: Task, attempt: Attempt): void {
  if (draft.now >= lostAt(attempt)) return giveRunUp(draft, task, attempt);
  draft.conclude("processed", "no receipt yet");
  const silent = explainNoRun(attempt, { what: `Stage \`${attempt.stage}\` was`, now: draft.now });
  const reasons = [...knownHolds(task), silent];
  moveTask(draft, task, { state: "running", reasons, wakeAt: nextReceiptLook(attempt, draft.now) });
}

/** A run that appears after all is cancelled; nothing was used until then. */
function giveRunUp(draft: Draft, task: Task, attempt: Attempt): void {
  draft.conclude("processed", "no run appeared");
  const summary = describeLostRun(attempt);
  const outcome = { verdict: "FAIL" as const, failureClass: "infra" as const, summary };
  draft.saveAttempt({ ...attempt, state: "superseded", endedAt: draft.now, outcome });
  noteRunEnd(draft, task, { workflow: attempt.workflow, outcome, isProof: false });
  const settled = settleBroken(draft, task, { attempt, line: "trouble", isWhole: false, mostMs: 0 });
  retryStage(draft, settled, { summary, gates: [] });
}

function loseAttempt(draft: Draft, task: Task): void {
  draft.conclude("processed", "no attempt is known");
  const over = { state: "trouble", endedAt: draft.now } as const;
  const lined = task.correlation === null ? task : changeStageLine(task, task.correlation, over);
  retryStage(draft, lined, { summary: "The attempt in flight is not known any more.", gates: [] });
}

function checkPull(draft: Draft, task: Task): void {
  takePull(draft, task, draft.gathered.pull ?? null);
  const current = draft.current(task);
  if (!isTerminal(current) && current.wakeAt !== null && current.wakeAt <= draft.now) {
    draft.saveTask({ ...current, wakeAt: draft.now + PULL_POLL_MS });
  }
}
