import type { EventOf } from "../../events.ts";
import { reason } from "../../reasons.ts";
import { hasPermission, isKnownActor } from "../../repo.ts";
import { isTerminal, type Task } from "../../task/task.ts";
import { forgetPublished } from "../attempt/find-duplicate.ts";
import { isUnderCritics } from "../critics/critics-stage.ts";
import { HUMAN_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { leaveBehind } from "../pull/leave-behind.ts";
import { triggerLabel } from "../repository/repository-view.ts";
import { settleBroken } from "../spending/settle-run.ts";
import { endTask, moveTask, withHistory } from "../task/change-task.ts";
import { withText } from "../task/refresh-text.ts";
import { isStateLabel, renewTask } from "../task/renew-task.ts";
import { settleDependency } from "../task/settle-dependency.ts";
import { abandonTaskCheck } from "../verdict/verify-check.ts";

/** The trigger label went: the work stops, whatever its state. What GitHub shows now counts, not the order of events. */
export function planIssueUnlabeled(draft: Draft, event: EventOf<"issue.unlabeled">): void {
  const label = triggerLabel(draft.view.config).toLowerCase();
  const task = liveFocus(draft);
  if (task !== null && isStateLabel(draft, event.label)) return renewTask(draft, task);
  if (event.label.toLowerCase() !== label) return draft.conclude("ignored", "not the trigger label");
  if (task === null) return draft.conclude("ignored", "no live task");
  const { issue } = draft.gathered;
  if (issue?.labels.some((known) => known.toLowerCase() === label))
    return draft.conclude("ignored", "the label is back");
  draft.conclude("processed", "cancelled: label removed");
  cancelTask(draft, task, {
    why: isKnownActor(event.sender) ? `@${event.sender.login} removed the label` : "the label was removed",
    actor: event.sender.login,
  });
}

/** Somebody changed the text: the work keeps what it was given; a stranger's edit stops what has not begun. */
export function planIssueEdited(draft: Draft, event: EventOf<"issue.edited">): void {
  const known = liveFocus(draft);
  if (known === null) return draft.conclude("ignored", "no live task");
  if (event.text.title === known.title && event.text.body === known.body)
    return draft.conclude("ignored", "the text is the same");
  const isWriter = hasPermission(draft.gathered.permission ?? "none", "write");
  const hasBegun = known.state !== "queued" || known.timeline.length > 0;
  const task = hasBegun ? known : withdrawLeave(draft, known, event.sender.login);
  draft.audit("issue.edited", { actor: event.sender.login, taskId: task.id, data: { isWriter, hasBegun } });
  if (isWriter && !hasBegun && isIncomplete(task)) return completeText(draft, task, event);
  if (isWriter || hasBegun) return draft.conclude("processed", "the work keeps the text of label time");
  draft.conclude("processed", "blocked: the text was changed by somebody without write access");
  moveTask(draft, task, {
    state: "blocked",
    reasons: [
      reason(
        "issue.text-changed",
        `@${event.sender.login}, who has no write access, changed the text after it was handed over.`,
      ),
    ],
    wakeAt: draft.now + HUMAN_POLL_MS,
    note: `Text changed by @${event.sender.login}`,
  });
}

/** Whoever let the task start had read another text. */
function withdrawLeave(draft: Draft, task: Task, login: string): Task {
  const { allowed, ...rest } = task;
  if (allowed === undefined) return task;
  const text = `No longer allowed to start: @${login} changed the text`;
  draft.audit("dispatch.disallowed", { actor: login, taskId: task.id });
  return draft.saveTask(withHistory(rest, { at: draft.now, text, url: null }));
}

function isIncomplete({ reasons }: Task): boolean {
  return reasons.some(({ code }) => code === "issue.incomplete");
}

/** What a task waits for is text, so that is the one thing that an edit may bring it. */
function completeText(draft: Draft, task: Task, { text, sender }: EventOf<"issue.edited">): void {
  draft.conclude("processed", "the text of a task that waits for text");
  const note = { at: draft.now, text: `Text completed by @${sender.login}`, url: null };
  draft.saveTask(withHistory(withText(task, text, sender), note));
}

/** Closed by people before it was done: the work stops. Other tasks that wait for the issue learn how it ended. */
export function planIssueClosed(draft: Draft, event: EventOf<"issue.closed">): void {
  settleDependency(
    draft,
    event.issue,
    event.reason === "completed" || event.reason === null ? "done" : "not-done",
  );
  const task = liveFocus(draft);
  if (task === null) return draft.conclude("processed", "no live task");
  // A merge can close it by its own words, before the critics have said whether the change may stay.
  if (event.reason === "completed" && isUnderCritics(task))
    return draft.conclude("processed", "the critics decide whether the work is done");
  if (event.reason === "completed" && isSaidDone(task) && mayConfirm(draft, event))
    return confirmDone(draft, task, event);
  draft.conclude("processed", "cancelled: issue closed");
  cancelTask(draft, task, {
    why: isKnownActor(event.sender) ? `@${event.sender.login} closed the issue` : "the issue was closed",
    actor: event.sender.login,
  });
}

/** Whether a worker says that there was nothing to do, and a person is asked. */
export function isSaidDone({ state, pull, reasons }: Task): boolean {
  return state === "blocked" && pull === null && reasons.some(({ code }) => code === "work.already-done");
}

/** Who only wrote the issue may close it too, and so may a workflow. */
function mayConfirm({ gathered }: Draft, { sender }: EventOf<"issue.closed">): boolean {
  return sender.type === "User" && hasPermission(gathered.permission ?? "none", "write");
}

/** The worker said that it was done already, and a person says so too. */
function confirmDone(draft: Draft, task: Task, { sender }: EventOf<"issue.closed">): void {
  draft.conclude("processed", "done: a person confirmed it");
  const note = `Done already, as @${sender.login} confirmed`;
  endTask(draft, task, { state: "done", note, actor: sender.login });
}

/** An open issue is no done dependency any more. Its own work needs a new trigger (F105). */
export function planIssueReopened(draft: Draft, event: EventOf<"issue.reopened">): void {
  settleDependency(draft, event.issue, "open");
  draft.conclude("processed", "dependencies looked at");
}

/** What could not be written into the locked conversation is written now, also of a task that has ended meanwhile. */
export function planIssueUnlocked(draft: Draft, _event: EventOf<"issue.unlocked">): void {
  if (draft.focus === null) return draft.conclude("ignored", "the issue has no task");
  renewTask(draft, draft.focus);
}

/** Deleted or transferred: nothing can be said there any more, so the work ends without a word. */
export function planIssueGone(draft: Draft, event: EventOf<"issue.gone">): void {
  settleDependency(draft, event.issue, "unknown");
  const task = liveFocus(draft);
  if (task === null) return draft.conclude("processed", "no live task");
  draft.conclude("processed", "cancelled: issue gone");
  cancelTask(draft, task, { why: "the issue is gone", actor: event.sender.login });
}

function liveFocus(draft: Draft): Task | null {
  const task = draft.focus;
  return task === null || isTerminal(task) ? null : task;
}

/** Stops a task: its run is cancelled, its pull request closed, once each. */
export function cancelTask(
  draft: Draft,
  task: Task,
  by: { readonly why: string; readonly actor: string },
): Task {
  abandonTaskCheck(draft, task, by.why);
  forgetPublished(draft, task);
  const stopped = stopRun(draft, task, "cancelled");
  if (stopped.pull !== null) {
    leaveBehind(draft, stopped);
    draft.act(
      `close-pull:${task.id}:${stopped.pull.number}`,
      { kind: "close-pull", pull: stopped.pull.number, branch: stopped.pull.branch },
      { subject: `task:${task.id}`, taskId: task.id },
    );
  }
  return endTask(draft, stopped, { state: "cancelled", note: `Cancelled: ${by.why}`, actor: by.actor });
}

/** Cancels the run in flight, if there is one; a dispatch that is still under way is cancelled when it is confirmed. */
export function stopRun(draft: Draft, task: Task, line: "cancelled" | "trouble"): Task {
  const attempt = draft.attempt(task.correlation);
  if (attempt === undefined || attempt.state === "ended" || attempt.state === "superseded") return task;
  draft.saveAttempt({ ...attempt, state: "superseded", endedAt: draft.now });
  if (attempt.runId !== null) cancelRun(draft, attempt.runId, task.id);
  const hasWorked = line === "trouble" || attempt.state === "running";
  return settleBroken(draft, task, {
    ...{ attempt, line, isWhole: line === "trouble" },
    ...(!hasWorked && { mostMs: 0 }),
  });
}

/** Orders the end of a run, once. */
export function cancelRun(draft: Draft, runId: number, taskId: string): void {
  draft.act(`cancel-run:${runId}`, { kind: "cancel-run", runId }, { subject: `run:${runId}`, taskId });
  draft.audit("run.cancelled", { taskId, data: { runId } });
}
