import type { RunNow } from "../../facts.ts";
import type { GateResult } from "../../gate/verdict.ts";
import { reason } from "../../reasons.ts";
import type { Attempt } from "../../task/attempt.ts";
import { askPerson } from "../attempt/ask-person.ts";
import { noteCritique } from "../attempt/breakers.ts";
import { closeIssue } from "../attempt/finish-attempt.ts";
import { type Judgement, readUsage } from "../attempt/judge-attempt.ts";
import { recordJudgement } from "../attempt/record-judgement.ts";
import { RETRY_PAUSES_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { settleRun } from "../spending/settle-run.ts";
import { endTask, moveTask } from "../task/change-task.ts";
import type { TaskUnderCritics } from "./critics-stage.ts";
import { judgeCritics } from "./judge-critics.ts";
import { orderRevert } from "./order-revert.ts";
import { leaveCritics, startCritics } from "./start-critics.ts";

/** However far away a limit says that its end is. */
const LONGEST_PAUSE_MS = 6 * 3_600_000;

/** The critics' run has ended: the change stays, is taken back, or nobody can say. */
export function finishCritics(
  draft: Draft,
  task: TaskUnderCritics,
  { attempt, run }: { readonly attempt: Attempt; readonly run: RunNow },
): void {
  const critics = draft.view.config?.critics;
  if (critics === undefined) {
    draft.saveAttempt({ ...attempt, state: "ended", endedAt: draft.now });
    const usage = readUsage(attempt, draft.gathered.result);
    const settled = settleRun(draft, task, { attempt, run, usage, line: "cancelled" });
    return startCritics(draft, { ...settled, aftermath: task.aftermath });
  }
  const file = draft.gathered.result ?? { kind: "missing" };
  const judgement = judgeCritics({ critics, attempt, run, file });
  const isTrouble = judgement.verdict === "FAIL" && judgement.failureClass !== "task";
  const recorded = recordJudgement(draft, task, { attempt, run, judgement, isTrouble, isProof: true });
  const told = { ...recorded, correlation: null, aftermath: task.aftermath };
  if (judgement.verdict === "PASS") acceptChange(draft, told, run);
  else if (judgement.verdict === "BLOCKED") askAboutChange(draft, told, judgement.gates);
  else if (isTrouble) retryCritics(draft, told, judgement);
  else refuseChange(draft, told, { run, judgement });
}

function acceptChange(draft: Draft, task: TaskUnderCritics, { id: runId, url }: RunNow): void {
  const { merged, mergeSha } = task.aftermath;
  draft.audit("critics.passed", { taskId: task.id, data: { pull: merged.number, sha: mergeSha, runId } });
  noteCritique(draft, task, { isRefused: false, what: "" });
  const note = `Done: pull request #${merged.number} is merged, and the critics let it stay`;
  endTask(draft, leaveCritics(task), { state: "done", note, url });
  closeIssue(draft, task);
}

/** Nothing was said against the change, and nothing for it. */
function askAboutChange(draft: Draft, task: TaskUnderCritics, gates: readonly GateResult[]): void {
  const blocked = gates.filter((gate) => gate.verdict === "BLOCKED");
  askPerson(
    draft,
    task,
    blocked.map((gate) => reason("critics.blocked", `${gate.gate}: ${gate.message}`)),
  );
}

/** Trouble says nothing about the change: the critics are asked again after a pause, a few times. Nothing is taken back. */
export function retryCritics(
  draft: Draft,
  task: TaskUnderCritics,
  { summary, retryAt = 0 }: Pick<Judgement, "summary" | "retryAt">,
): void {
  const { number } = task.aftermath.merged;
  const pause = RETRY_PAUSES_MS[task.retries];
  if (pause === undefined) {
    const tries = RETRY_PAUSES_MS.length + 1;
    const message = `Pull request #${number} is merged, but ${tries} runs of the critics in a row ended without an answer. ${summary}`;
    askPerson(draft, task, [reason("critics.blocked", message)]);
    return;
  }
  // A limit that refused the critics says itself when it is over.
  const notBefore = Math.max(draft.now + pause, Math.min(retryAt, draft.now + LONGEST_PAUSE_MS));
  moveTask(
    draft,
    { ...task, correlation: null, retries: task.retries + 1, notBefore },
    {
      state: "verifying",
      reasons: [reason("retry.later", summary, { deadline: notBefore })],
      wakeAt: notBefore,
    },
  );
}

function refuseChange(
  draft: Draft,
  task: TaskUnderCritics,
  { run, judgement }: { readonly run: RunNow; readonly judgement: Judgement },
): void {
  const { merged, mergeSha } = task.aftermath;
  draft.audit("critics.refused", {
    taskId: task.id,
    data: {
      pull: merged.number,
      sha: mergeSha,
      runId: run.id,
      gates: judgement.gates.map((gate) => `${gate.gate} ${gate.verdict}`),
    },
  });
  const what = `Pull request #${merged.number}: ${judgement.summary}`;
  noteCritique(draft, task, { isRefused: true, what });
  const { aftermath } = task;
  orderRevert(draft, { ...task, aftermath: { ...aftermath, refusals: aftermath.refusals + 1 } }, run);
}
