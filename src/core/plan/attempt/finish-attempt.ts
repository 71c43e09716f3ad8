import { digestText } from "../../digest-text.ts";
import type { GateResult } from "../../gate/verdict.ts";
import { stoppedNotice } from "../../messages/notices.ts";
import { reason } from "../../reasons.ts";
import type { Attempt } from "../../task/attempt.ts";
import type { FailureClass, StageReport, Task } from "../../task/task.ts";
import { RETRY_PAUSES_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { kindOf } from "../repository/repository-view.ts";
import { endTask, moveTask } from "../task/change-task.ts";
import { noteLearnings } from "../task/keep-knowledge.ts";
import { settleDependency } from "../task/settle-dependency.ts";
import { askPerson } from "./ask-person.ts";
import { explainMissing } from "./explain-missing.ts";
import { findDuplicate } from "./find-duplicate.ts";
import { findScopeProblems } from "./find-scope-problems.ts";
import { ALREADY_DONE, type Judgement } from "./judge-attempt.ts";
import { publishChanges } from "./publish-changes.ts";
import { type AttemptEnd, recordJudgement } from "./record-judgement.ts";
import { forgetRefusals, restRole } from "./rest-role.ts";
import { continueTask } from "./start-stage.ts";
import { keepResultChange } from "./sum-up-change.ts";

/** The same failure so many times in a row will not get better by another try. */
const SAME_FAILURES = 3;
/** The next attempt is told what so many before it came to, and so many gates of each. */
const TRIED_ATTEMPTS = 10;
const TRIED_GATES = 5;
/** No stage is told of more than these, and a task stays small. */
const KEPT_ARTIFACTS = 60;

/** Takes a judged attempt in: the next stage, the pull request, the end, another attempt, or a person. */
export function finishAttempt(draft: Draft, task: Task, end: AttemptEnd): void {
  const { attempt, judgement } = end;
  const isTrouble = judgement.failureClass === "infra" || judgement.failureClass === "rate_limit";
  const stage = kindOf(draft.view.config, task.kind)?.stages[attempt.stageIndex];
  const isProof = (stage?.accept.length ?? 0) > 0;
  const recorded = recordJudgement(draft, task, { ...end, isTrouble, isProof });
  const kept = keepResultChange(recorded, judgement.result);
  if (judgement.failureClass === "rate_limit") return restRole(draft, kept, end);
  const told = forgetRefusals(draft, kept);
  if (judgement.verdict === "PASS") passStage(draft, told, end);
  else if (judgement.verdict === "BLOCKED") blockAttempt(draft, told, judgement);
  else if (isTrouble) retryStage(draft, told, judgement);
  else failAttempt(draft, told, failureOf(end));
}

function passStage(draft: Draft, passed: Task, { attempt, run, judgement }: AttemptEnd): void {
  const stages = kindOf(draft.view.config, passed.kind)?.stages ?? [];
  const result = judgement.result;
  const task = noteLearnings(passed, result, run.id);
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
  const problems = findScopeProblems(draft, result);
  const duplicate = findDuplicate(draft, task, result.changes);
  if (problems.length > 0) blockTask(draft, { ...task, feedback: problems }, problems);
  else if (duplicate !== undefined) askPerson(draft, task, [duplicate]);
  else publishChanges(draft, task, { attempt, result });
}

/** A worker that says what it lacks is given exactly that; whatever else it is blocked by is a gate's. */
function blockAttempt(draft: Draft, task: Task, { gates, result }: Judgement): void {
  const missing = result?.missing ?? [];
  const claim = gates.find(({ gate }) => gate === ALREADY_DONE);
  if (missing.length > 0) askPerson(draft, task, explainMissing(missing));
  else if (claim !== undefined) askPerson(draft, task, [reason("work.already-done", claim.message)]);
  else blockTask(draft, task, gates);
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

/** How an attempt failed by its own fault. */
export interface Failure {
  readonly gates: readonly GateResult[];
  readonly failureClass: FailureClass;
  /** The stage, `pull request` or `critics`. */
  readonly at: string;
}

function failureOf({ attempt, judgement }: AttemptEnd): Failure {
  return { gates: judgement.gates, failureClass: judgement.failureClass ?? "task", at: attempt.stage };
}

/** The task's own failure: the next attempt gets the failing gates, until the budget or patience ends. */
export function failAttempt(draft: Draft, task: Task, failure: Failure): void {
  const { gates } = failure;
  const fingerprint = fingerprintOf(gates);
  const fingerprints = [...task.fingerprints, fingerprint].slice(-SAME_FAILURES);
  const tried = withTried(task, failure, fingerprint);
  const failed = { ...task, spent: task.spent + 1, fingerprints, feedback: gates, tried };
  const isStuck =
    fingerprints.length === SAME_FAILURES && fingerprints.every((known) => known === fingerprint);
  if (isStuck) return stopTask(draft, failed, `the same failure ${SAME_FAILURES} times in a row`);
  if (failed.spent >= failed.budget)
    return stopTask(
      draft,
      failed,
      failed.budget === 1 ? "its only attempt is used" : `all ${failed.budget} attempts are used`,
    );
  continueTask(draft, {
    ...failed,
    attempt: failed.attempt + 1,
    stage: 0,
    retries: 0,
    lastRunId: null,
    correlation: null,
  });
}

function withTried(
  { tried = [], attempt }: Task,
  { at, failureClass, gates }: Failure,
  fingerprint: string,
): NonNullable<Task["tried"]> {
  const names = gates.filter(({ verdict }) => verdict !== "PASS").map(({ gate }) => gate);
  const line = {
    attempt,
    at,
    failureClass,
    gates: [...new Set(names)].slice(0, TRIED_GATES),
    fingerprint: digestText(fingerprint),
  };
  return [...tried, line].slice(-TRIED_ATTEMPTS);
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
