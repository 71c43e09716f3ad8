import { NOT_SENT } from "../../effects.ts";
import type { EventOf } from "../../events.ts";
import { leftOpenLine } from "../../messages/left-open.ts";
import { code } from "../../messages/text.ts";
import { type Reason, reason } from "../../reasons.ts";
import type { Attempt } from "../../task/attempt.ts";
import { isTerminal, type Task, type TaskPull } from "../../task/task.ts";
import { askPerson } from "../attempt/ask-person.ts";
import { findTwin } from "../attempt/find-duplicate.ts";
import { isOfCritics } from "../critics/critics-stage.ts";
import { takeCriticsDispatch } from "../critics/follow-critics.ts";
import { takeRefusedRevert, takeReverted } from "../critics/order-revert.ts";
import { FIRST_JOB_MS, HUMAN_POLL_MS, PULL_POLL_MS, RUN_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { takeOpenedIssue } from "../roadmap/take-opened-issue.ts";
import { takeUpdates } from "../roadmap/take-updates.ts";
import { changeStageLine, moveTask, withHistory } from "../task/change-task.ts";
import { supersedeTaskCheck } from "../verdict/verify-check.ts";
import { cancelRun } from "./plan-issue.ts";
import { finishMerged } from "./plan-pull.ts";

/** A head that is said to have moved is looked at again at once, but not for ever. */
const MAX_MERGE_ORDERS = 5;

type Settled = EventOf<"effect.settled">;
type Facts = Extract<Settled["outcome"], { kind: "done" }>["facts"];

interface SettledRow {
  readonly done: (draft: Draft, task: Task, event: Settled, facts: Facts) => void;
  readonly refused: (draft: Draft, task: Task, event: Settled, message: string) => void;
}

/** What the outcome of each kind of action means for its task; actions without a row need no follow-up. */
const ROWS: Readonly<Record<string, SettledRow>> = {
  dispatch: { done: takeDispatch, refused: takeRefusedDispatch },
  publish: { done: takePublished, refused: takeRefusedPublish },
  merge: { done: takeMerged, refused: takeRefusedMerge },
  revert: { done: takeRevert, refused: refuseRevert },
};

/** GitHub has answered an order of ours. */
export function planEffectSettled(draft: Draft, event: Settled): void {
  if (event.effect === "open-issue") return takeOpenedIssue(draft, event);
  if (event.effect === "file-pull") return takeUpdates(draft, event);
  const row = Object.hasOwn(ROWS, event.effect) ? ROWS[event.effect] : undefined;
  const task = draft.focus;
  if (task !== null && isNotSent(event)) noteLeftOpen(draft, task, event);
  if (row === undefined || task === null) return noteRefusal(draft, event);
  // Withdrawn before it reached GitHub: whatever the task does now, it decided itself.
  if (isNotSent(event)) return draft.conclude("processed", event.outcome.message);
  draft.conclude("processed", `${event.effect} ${event.outcome.kind}`);
  if (event.outcome.kind === "done") row.done(draft, task, event, event.outcome.facts);
  else row.refused(draft, task, event, `${event.outcome.status}: ${code(event.outcome.message, 300)}`);
}

type Unsent = Settled & { readonly outcome: Extract<Settled["outcome"], { kind: "refused" }> };

function isNotSent(event: Settled): event is Unsent {
  return event.outcome.kind === "refused" && event.outcome.status === NOT_SENT;
}

/** What was not closed stays as it is for good: the task's history says so. */
function noteLeftOpen(draft: Draft, task: Task, { effect, key }: Settled): void {
  const text = leftOpenLine(effect, { issue: task.issue, pull: key.split(":").at(-1) ?? "" });
  if (text !== undefined) draft.saveTask(withHistory(task, { at: draft.now, text, url: null }));
}

/** A refused projection or small action is kept in the audit; nothing waits for it. */
function noteRefusal(draft: Draft, event: Settled): void {
  if (event.outcome.kind === "done") return draft.conclude("ignored", "nothing waits for this effect");
  draft.conclude("processed", "refusal noted");
  draft.audit("effect.refused", {
    taskId: event.taskId,
    data: { key: event.key, status: event.outcome.status, message: event.outcome.message },
  });
}

/** The part of an effect's key behind its repository and kind: the attempt or commit it was for. */
function aboutOf(event: Settled): string {
  return event.key.split(":").slice(2).join(":");
}

function takeDispatch(draft: Draft, task: Task, event: Settled, facts: Facts): void {
  const attempt = draft.attempt(aboutOf(event));
  if (attempt === undefined) return;
  const started = {
    runId: typeof facts.runId === "number" ? facts.runId : null,
    runUrl: typeof facts.runUrl === "string" ? facts.runUrl : null,
  };
  if (attempt.state === "superseded" || isTerminal(task))
    return cancelLate(draft, task, { attempt, started });
  if (attempt.runId !== null || attempt.state === "ended") return;
  const taken: Attempt = { ...attempt, ...started, state: "dispatched" };
  draft.saveAttempt(started.runId === null ? { ...taken, takenAt: draft.now } : taken);
  const lined = changeStageLine(task, attempt.correlation, { state: "running", runUrl: started.runUrl });
  if (isOfCritics(attempt)) return takeCriticsDispatch(draft, lined, attempt);
  moveTask(draft, lined, {
    state: "running",
    reasons: [
      reason("run.waiting", `Stage \`${attempt.stage}\` waits for a runner.`, {
        deadline: draft.now + FIRST_JOB_MS,
      }),
    ],
    wakeAt: draft.now + RUN_POLL_MS,
  });
}

/** The run of a dispatch that nobody waits for any more. */
function cancelLate(
  draft: Draft,
  task: Task,
  { attempt, started }: { readonly attempt: Attempt; readonly started: Pick<Attempt, "runId" | "runUrl"> },
): void {
  const runId = attempt.runId ?? started.runId;
  draft.saveAttempt({ ...attempt, state: "superseded", runId, runUrl: attempt.runUrl ?? started.runUrl });
  if (started.runId !== null) cancelRun(draft, started.runId, task.id);
}

function takeRefusedDispatch(draft: Draft, task: Task, event: Settled, message: string): void {
  const attempt = draft.attempt(aboutOf(event));
  if (attempt === undefined || isTerminal(task) || attempt.state !== "dispatching") return;
  draft.saveAttempt({
    ...attempt,
    state: "ended",
    endedAt: draft.now,
    outcome: { verdict: "BLOCKED", failureClass: "policy", summary: message },
  });
  const lined = changeStageLine(task, attempt.correlation, { state: "BLOCKED", endedAt: draft.now });
  askPerson(draft, lined, [
    reason("dispatch.refused", `GitHub refused to start \`${attempt.workflow}\`: ${message}`),
  ]);
}

/** Whether the task waits for this publication; it may have been cancelled and taken up again meanwhile. */
function awaitsPublication(task: Task, event: Settled): boolean {
  return (
    task.state === "verifying" &&
    task.reasons.some((known) => known.code === "publish.pending") &&
    aboutOf(event) === task.correlation
  );
}

function takePublished(draft: Draft, task: Task, event: Settled, facts: Facts): void {
  const { pull, headSha, branch } = facts;
  if (typeof pull !== "number" || typeof headSha !== "string") return;
  if (isTerminal(task)) return closeLatePull(draft, task, { pull, branch: String(branch) });
  const replaced = task.pull !== null && task.pull.headSha !== headSha;
  if (replaced && task.pull !== null) supersedeTaskCheck(draft, task, task.pull.headSha);
  const next = newHead(draft, task, {
    number: pull,
    headSha,
    branch: typeof branch === "string" ? branch : null,
  });
  if (!awaitsPublication(task, event)) {
    if (task.pull?.headSha !== headSha) draft.saveTask({ ...task, pull: next });
    return;
  }
  moveTask(
    draft,
    { ...task, pull: next },
    {
      state: "verifying",
      reasons: [reason("checks.pending", `Pull request #${pull}: waiting for its checks.`)],
      wakeAt: draft.now + PULL_POLL_MS,
      note: `Pull request #${pull} at ${headSha.slice(0, 7)}`,
    },
  );
  draft.emit({ kind: "pull.changed", repo: draft.repo, pull, action: "published", sender: task.requestedBy });
}

/** The pull request at a head that nobody has judged; approvals stay, since they name the commit they are for. */
function newHead(
  draft: Draft,
  task: Task,
  head: { readonly number: number; readonly headSha: string; readonly branch: string | null },
): TaskPull {
  const attempt = draft.attempt(task.correlation);
  const before = task.pull?.headSha;
  return {
    number: head.number,
    branch: head.branch ?? task.pull?.branch ?? "",
    baseRef: attempt?.ref ?? task.pull?.baseRef ?? draft.view.facts?.branch ?? "",
    headSha: head.headSha,
    ...(before !== undefined && before !== head.headSha && { replacedSha: before }),
    headSince: draft.now,
    verdict: null,
    verdictSha: null,
    mergeOrders: 0,
    approvals: task.pull?.approvals ?? [],
    overrides: task.pull?.overrides ?? [],
  };
}

/** The task ended while its pull request was being opened, so nobody wants it any more. */
function closeLatePull(
  draft: Draft,
  task: Task,
  { pull, branch }: { readonly pull: number; readonly branch: string },
): void {
  draft.act(
    `close-pull:${task.id}:${pull}`,
    { kind: "close-pull", pull, branch },
    { subject: `task:${task.id}`, taskId: task.id },
  );
}

function takeRefusedPublish(draft: Draft, task: Task, event: Settled, message: string): void {
  if (!awaitsPublication(task, event)) return;
  askPerson(draft, task, [explainRefusal(draft, task, event, message)]);
}

/** Nothing is left to change where another issue asked for the same and was faster: then it is named. */
function explainRefusal(draft: Draft, task: Task, event: Settled, message: string): Reason {
  const isEmpty = event.outcome.kind === "refused" && event.outcome.status === 422;
  const twin = isEmpty ? findTwin(draft, task) : undefined;
  return twin === undefined
    ? reason("publish.refused", `The change could not be published: ${message}`)
    : reason(
        "publish.duplicate",
        `The same change was published for #${twin.issue} before; this one could not be: ${message}`,
        { liftedBy: "closing this issue as a duplicate, or `/orchestrate retry`" },
      );
}

/** The commit that the order named may have been replaced by now; then the pull request itself will say what became of it. */
function takeMerged(draft: Draft, task: Task, event: Settled, { sha }: Facts): void {
  if (task.pull !== null && !event.key.endsWith(task.pull.headSha)) return;
  finishMerged(draft, task, typeof sha === "string" ? sha : null);
}

function takeRevert(draft: Draft, task: Task, event: Settled, facts: Facts): void {
  const { pull: number, url, headSha, branch } = facts;
  if (typeof number !== "number" || typeof headSha !== "string" || typeof branch !== "string") return;
  const revert = { number, url: typeof url === "string" ? url : null, headSha, branch };
  takeReverted(draft, task, { merged: mergedOf(event), revert });
}

function refuseRevert(draft: Draft, task: Task, event: Settled, message: string): void {
  takeRefusedRevert(draft, task, mergedOf(event), message);
}

/** Number of the pull request that a revert is of. */
function mergedOf(event: Settled): number {
  return Number(event.key.split(":").at(-1));
}

/** The head moved, or a rule of the repository refused: look again, and when that finds nothing new, ask a person. */
function takeRefusedMerge(draft: Draft, task: Task, event: Settled, message: string): void {
  if (isTerminal(task) || task.pull === null) return;
  const isAwaited = task.reasons.some((known) => known.code === "merge.pending");
  if (!isAwaited || !event.key.endsWith(task.pull.headSha)) return;
  const { number: pull } = task.pull;
  const refused = reason("merge.refused", `GitHub refused to merge pull request #${pull}: ${message}`);
  const mayHaveMoved = event.outcome.kind === "refused" && event.outcome.status === 409;
  if (!mayHaveMoved || task.pull.mergeOrders >= MAX_MERGE_ORDERS) {
    askPerson(draft, task, [refused]);
    return;
  }
  draft.emit({
    kind: "pull.changed",
    repo: draft.repo,
    pull,
    action: "merge refused",
    sender: task.requestedBy,
  });
  moveTask(draft, task, { state: "blocked", reasons: [refused], wakeAt: draft.now + HUMAN_POLL_MS });
}
