import type { RunNow } from "../../facts.ts";
import { clock, code } from "../../messages/text.ts";
import { reason } from "../../reasons.ts";
import type { Attempt, AttemptOutcome } from "../../task/attempt.ts";
import type { Task } from "../../task/task.ts";
import { noteRunEnd } from "../attempt/breakers.ts";
import { describeLostRun, explainNoRun, lostAt, nextReceiptLook } from "../attempt/missing-run.ts";
import { EFFECT_MS, FIRST_JOB_MS, HUMAN_POLL_MS, RUN_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { stopRun } from "../events/plan-issue.ts";
import { knownHolds } from "../known-holds.ts";
import { settleBroken } from "../spending/settle-run.ts";
import { changeStageLine, moveTask } from "../task/change-task.ts";
import { isUnderCritics, type TaskUnderCritics } from "./critics-stage.ts";
import { finishCritics, retryCritics } from "./finish-critics.ts";
import { startCritics } from "./start-critics.ts";

/** GitHub has taken the critics' dispatch. */
export function takeCriticsDispatch(draft: Draft, task: Task, attempt: Attempt): void {
  if (!isUnderCritics(task)) return;
  const known = task.reasons.find(({ code }) => code === "critics.running");
  awaitRun(draft, task, {
    deadline: known?.deadline ?? timeoutOf(draft, attempt),
    wakeAt: draft.now + RUN_POLL_MS,
  });
}

function awaitRun(
  draft: Draft,
  task: TaskUnderCritics,
  wait: { readonly deadline: number; readonly wakeAt: number },
): void {
  const looking = `The critics look at the default branch after the merge of pull request #${task.aftermath.merged.number}.`;
  const { deadline, wakeAt } = wait;
  const reasons = [reason("critics.running", looking, { deadline })];
  moveTask(draft, task, { state: "verifying", reasons, wakeAt });
}

/** A run that no runner takes is named, since somebody may have to do something about it. */
function awaitRunner(draft: Draft, task: TaskUnderCritics, { dispatchedAt }: Attempt, status: string): void {
  const silent = `The critics have not begun since their dispatch at ${clock(dispatchedAt, draft.now)}: GitHub says ${code(status)}.`;
  moveTask(draft, task, {
    state: "verifying",
    reasons: [
      reason("run.silent", silent, { liftedBy: "a runner that takes the job, or an approval of the run" }),
    ],
    wakeAt: draft.now + RUN_POLL_MS,
  });
}

/** Holds a run of the critics against the task that waits for it. */
export function takeCriticsRun(
  draft: Draft,
  task: Task,
  { attempt, run }: { readonly attempt: Attempt; readonly run: RunNow },
): void {
  if (!isUnderCritics(task)) return;
  if (run.status === "completed") return finishCritics(draft, task, { attempt, run });
  // GitHub's clock may be far from ours (F087): what was ordered now by ours has not begun an hour ago.
  const end = timeoutOf(draft, { dispatchedAt: Math.max(run.startedAt, attempt.dispatchedAt) });
  const isWorking = run.status === "in_progress";
  if (isWorking && draft.now >= end) return timeOut(draft, task, { attempt, run });
  draft.saveAttempt({ ...attempt, state: isWorking ? "running" : "dispatched" });
  const lined = changeStageLine(task, attempt.correlation, { state: "running", runUrl: run.url });
  const shown = { ...lined, aftermath: task.aftermath };
  const isLate = !isWorking && draft.now >= attempt.dispatchedAt + FIRST_JOB_MS;
  if (isLate) return awaitRunner(draft, shown, attempt, run.status);
  const poll = draft.now + RUN_POLL_MS;
  awaitRun(draft, shown, { deadline: end, wakeAt: isWorking ? Math.min(end, poll) : poll });
}

function timeoutOf({ view, now }: Draft, { dispatchedAt }: Pick<Attempt, "dispatchedAt">): number {
  return dispatchedAt + (view.config?.critics?.timeoutMs ?? now - dispatchedAt);
}

/** A run that never ends says nothing about the change: it is stopped, and the critics are asked again. */
function timeOut(
  draft: Draft,
  task: TaskUnderCritics,
  { attempt, run }: { readonly attempt: Attempt; readonly run: RunNow },
): void {
  draft.saveAttempt(attempt);
  const stopped = stopRun(draft, { ...task, correlation: attempt.correlation }, "trouble");
  endInTrouble(
    draft,
    { ...stopped, aftermath: task.aftermath },
    {
      attempt: { ...attempt, state: "superseded" },
      failureClass: "timeout",
      summary: `Run ${run.id} of the critics did not end in time and was cancelled.`,
    },
  );
}

/** A deadline of a task under critics has passed: what GitHub says of the run decides, and silence is said. */
export function lookAtCritics(draft: Draft, task: TaskUnderCritics): void {
  if (task.state !== "verifying" || task.aftermath.phase !== "looking") return keepWaiting(draft, task);
  const attempt = draft.attempt(task.correlation);
  if (attempt === undefined || attempt.state === "ended" || attempt.state === "superseded") {
    draft.conclude("processed", "the critics are asked");
    return startCritics(draft, task);
  }
  const { run } = draft.gathered;
  if (run) return takeFound(draft, task, { attempt, run });
  if (attempt.runId === null) return awaitReceipt(draft, task, attempt);
  if (run === undefined) return keepWaiting(draft, task);
  draft.conclude("processed", "the run is gone");
  const summary = `Run ${attempt.runId} of the critics is not there any more.`;
  const mostMs = draft.view.config?.critics?.timeoutMs;
  const settled = settleBroken(draft, task, {
    ...{ attempt, line: "trouble", isWhole: false },
    ...(mostMs !== undefined && { mostMs }),
  });
  endInTrouble(
    draft,
    { ...settled, aftermath: task.aftermath },
    { attempt: { ...attempt, state: "ended" }, failureClass: "infra", summary },
  );
}

function keepWaiting(draft: Draft, task: TaskUnderCritics): void {
  draft.conclude("processed", "still waiting");
  const wait = task.state === "blocked" ? HUMAN_POLL_MS : EFFECT_MS;
  draft.saveTask({ ...task, wakeAt: draft.now + wait });
}

function takeFound(
  draft: Draft,
  task: TaskUnderCritics,
  { attempt, run }: { readonly attempt: Attempt; readonly run: RunNow },
): void {
  draft.conclude("processed", `run ${run.status}`);
  const adopted = { ...attempt, runId: run.id, runUrl: run.url, runAttempt: run.runAttempt };
  takeCriticsRun(draft, task, { attempt: adopted, run });
}

function awaitReceipt(draft: Draft, task: TaskUnderCritics, attempt: Attempt): void {
  if (draft.now >= lostAt(attempt)) return giveRunUp(draft, task, attempt);
  draft.conclude("processed", "no receipt yet");
  const silent = explainNoRun(attempt, { what: "The critics were", now: draft.now });
  const reasons = [...knownHolds(task), silent];
  moveTask(draft, task, { state: "verifying", reasons, wakeAt: nextReceiptLook(attempt, draft.now) });
}

/** A run that appears after all is cancelled; nothing was used until then. */
function giveRunUp(draft: Draft, task: TaskUnderCritics, attempt: Attempt): void {
  draft.conclude("processed", "no run appeared");
  const settled = settleBroken(draft, task, { attempt, line: "trouble", isWhole: false, mostMs: 0 });
  const summary = describeLostRun(attempt);
  endInTrouble(
    draft,
    { ...settled, aftermath: task.aftermath },
    { attempt: { ...attempt, state: "superseded" }, failureClass: "infra", summary },
  );
}

/** The run ended for a reason that is neither the change's nor the critics': they are asked again. */
function endInTrouble(
  draft: Draft,
  task: TaskUnderCritics,
  trouble: {
    readonly attempt: Attempt;
    readonly failureClass: "infra" | "timeout";
    readonly summary: string;
  },
): void {
  const { attempt, failureClass, summary } = trouble;
  const outcome: AttemptOutcome = { verdict: "FAIL", failureClass, summary };
  draft.saveAttempt({ ...attempt, endedAt: draft.now, outcome });
  noteRunEnd(draft, task, { workflow: attempt.workflow, outcome, isProof: true });
  retryCritics(draft, task, { summary });
}
