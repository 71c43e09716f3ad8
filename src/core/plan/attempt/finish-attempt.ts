import type { GateResult } from "../../gate/verdict.ts";
import { needsPersonNotice, stoppedNotice } from "../../messages/notices.ts";
import { type Reason, reason } from "../../reasons.ts";
import type { Attempt } from "../../task/attempt.ts";
import type { StageReport, Task } from "../../task/task.ts";
import { HUMAN_POLL_MS, RETRY_PAUSES_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { kindOf } from "../repository/repository-view.ts";
import { endTask, moveTask } from "../task/change-task.ts";
import { settleDependency } from "../task/settle-dependency.ts";
import { findDuplicate } from "./find-duplicate.ts";
import type { Judgement } from "./judge-attempt.ts";
import { findScopeProblem, publishChanges } from "./publish-changes.ts";
import { type AttemptEnd, recordJudgement } from "./record-judgement.ts";
import { restRole } from "./rest-role.ts";
import { continueTask } from "./start-stage.ts";

/** The same failure so many times in a row will not get better by another try. */
const SAME_FAILURES = 3;
/** No stage is told of more than these, and a task stays small. */
const KEPT_ARTIFACTS = 60;

/** Takes a judged attempt in: the next stage, the pull request, the end, another attempt, or a person. */
export function finishAttempt(draft: Draft, task: Task, end: AttemptEnd): void {
  const { attempt, judgement } = end;
  const isTrouble = judgement.failureClass === "infra" || judgement.failureClass === "rate_limit";
  const stage = kindOf(draft.view.config, task.kind)?.stages[attempt.stageIndex];
  const isProof = (stage?.accept.length ?? 0) > 0;
  const told = recordJudgement(draft, task, { ...end, isTrouble, isProof });
  if (judgement.verdict === "PASS") passStage(draft, told, end);
  else if (judgement.verdict === "BLOCKED") blockTask(draft, told, judgement.gates);
  else if (judgement.failureClass === "rate_limit") restRole(draft, told, judgement);
  else if (isTrouble) retryStage(draft, told, judgement);
  else failAttempt(draft, told, judgement.gates);
}

function passStage(draft: Draft, task: Task, { attempt, run, judgement }: AttemptEnd): void {
  const stages = kindOf(draft.view.config, task.kind)?.stages ?? [];
  const result = judgement.result;
  if (attempt.stageIndex + 1 < stages.length) {
    continueTask(draft, {
      ...keepReport(task, attempt, { runId: run.id, artifacts: result?.artifacts ?? [] }),
      stage: attempt.stageIndex + 1,
      retries: 0,
      lastRunId: run.id,
      correlation: null,
    });
    return;
  }
  if (result === null || result.changes.length === 0) {
    endTask(draft, task, { state: "done", note: `Done: ${judgement.summary}`, url: run.url });
    closeIssue(draft, task);
    return;
  }
  const problem = findScopeProblem(draft, result);
  const duplicate = findDuplicate(draft, task, result.changes);
  if (problem !== undefined) blockTask(draft, { ...task, feedback: [problem] }, [problem]);
  else if (duplicate !== undefined) askPerson(draft, task, [duplicate]);
  else publishChanges(draft, task, { attempt, result });
}

/** Keeps what a passed stage reported beside the reports of those before it; what another attempt reported goes. */
function keepReport(
  task: Task,
  { number, stage, stageIndex }: Attempt,
  { runId, artifacts }: Pick<StageReport, "runId" | "artifacts">,
): Task {
  const earlier = (task.stageReports ?? []).filter(
    (known) => known.attempt === number && known.stageIndex < stageIndex,
  );
  const kept = artifacts.slice(0, KEPT_ARTIFACTS);
  return {
    ...task,
    stageReports: [...earlier, { attempt: number, stage, stageIndex, runId, artifacts: kept }],
  };
}

/** Closes the issue of a finished task, once; what waits for it learns that now, since our own traces come back as no event. */
export function closeIssue(draft: Draft, task: Task): void {
  settleDependency(draft, task.issue, "done");
  draft.act(
    `close-issue:${task.id}`,
    { kind: "close-issue", issue: task.issue, reason: "completed" },
    { subject: `issue:${task.issue}`, taskId: task.id },
  );
}

/** Stops for a person: what is needed is in the reasons, and one comment says so. */
export function blockTask(draft: Draft, task: Task, gates: readonly GateResult[]): Task {
  const blocked = gates.filter((gate) => gate.verdict === "BLOCKED");
  const reasons = blocked.map((gate) =>
    reason("gate.blocked", `${gate.gate}: ${gate.message}`, liftedBy(gate)),
  );
  return askPerson(draft, task, reasons);
}

function liftedBy(gate: GateResult): { readonly liftedBy?: string } {
  return gate.howToFix === undefined ? {} : { liftedBy: gate.howToFix };
}

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

/** Trouble that is not the task's burns no budget: the stage is tried again after a pause, a few times. */
export function retryStage(draft: Draft, task: Task, judgement: Pick<Judgement, "summary" | "gates">): Task {
  const pause = RETRY_PAUSES_MS[task.retries];
  if (pause === undefined) {
    const message = `${RETRY_PAUSES_MS.length + 1} tries in a row ended by trouble that is not the task's own. ${judgement.summary}`;
    return askPerson(draft, task, [
      reason("gate.blocked", message, { liftedBy: "`/orchestrate retry`, when the trouble is over" }),
    ]);
  }
  const notBefore = draft.now + pause;
  const waiting = { ...task, retries: task.retries + 1, correlation: null, notBefore };
  return moveTask(draft, waiting, {
    state: "queued",
    reasons: [reason("retry.later", judgement.summary, { deadline: notBefore })],
    wakeAt: notBefore,
  });
}

/** The task's own failure: the next attempt gets the failing gates, until the budget or patience ends. */
export function failAttempt(draft: Draft, task: Task, gates: readonly GateResult[]): void {
  const fingerprint = fingerprintOf(gates);
  const fingerprints = [...task.fingerprints, fingerprint].slice(-SAME_FAILURES);
  const failed = { ...task, spent: task.spent + 1, fingerprints, feedback: gates };
  const isStuck =
    fingerprints.length === SAME_FAILURES && fingerprints.every((known) => known === fingerprint);
  if (isStuck) return stopTask(draft, failed, `the same failure ${SAME_FAILURES} times in a row`);
  if (failed.spent >= failed.budget) return stopTask(draft, failed, `all ${failed.budget} attempts are used`);
  continueTask(draft, {
    ...failed,
    attempt: failed.attempt + 1,
    stage: 0,
    retries: 0,
    lastRunId: null,
    correlation: null,
  });
}

function stopTask(draft: Draft, task: Task, why: string): void {
  endTask(draft, task, { state: "failed", note: `Failed: ${why}` });
  draft.act(
    `stopped:${task.id}:${task.attempt}`,
    {
      kind: "reply",
      issue: task.issue,
      body: stoppedNotice({
        requester: task.requestedBy.login,
        issue: task.issue,
        why,
        gates: task.feedback,
      }),
    },
    { subject: `issue:${task.issue}`, taskId: task.id },
  );
}

/** What failed and with which figures: equal text means that nothing has changed between attempts. */
function fingerprintOf(gates: readonly GateResult[]): string {
  return gates
    .filter((gate) => gate.verdict !== "PASS")
    .map((gate) => `${gate.gate}|${gate.seen}|${(gate.details ?? []).join("|")}`)
    .toSorted()
    .join("\n")
    .slice(0, 2000);
}
