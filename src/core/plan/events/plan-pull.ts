import type { EventOf } from "../../events.ts";
import type { PullNow } from "../../facts.ts";
import { type Evaluation, evaluatePull } from "../../gate/evaluate-pull.ts";
import { annotateFindings } from "../../gate/reports/annotate-findings.ts";
import type { Verdict } from "../../gate/verdict.ts";
import type { CheckSubject } from "../../messages/check.ts";
import { pullId } from "../../pull/pull.ts";
import { reason } from "../../reasons.ts";
import { isTerminal, type Task, type TaskPull } from "../../task/task.ts";
import { closeIssue } from "../attempt/finish-attempt.ts";
import { keepPullChange } from "../attempt/sum-up-change.ts";
import { wakeForRevert } from "../critics/settle-revert.ts";
import { beginCritics, hasCritics } from "../critics/start-critics.ts";
import { MERGEABLE_POLL_MS, PULL_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { wakeGroups } from "../pull/judge-pull.ts";
import { leaveBehind } from "../pull/leave-behind.ts";
import { pendingPollMs } from "../pull/pending-poll.ts";
import { taskSubject } from "../pull/pull-subject.ts";
import { giveToTask, takePersonPull } from "../pull/take-person-pull.ts";
import { endTask, moveTask, withHistory } from "../task/change-task.ts";
import { actOnVerdict, awaitLift, keepBlocked } from "../verdict/act-on-verdict.ts";
import { auditVerdict } from "../verdict/audit-verdict.ts";
import { type FreshFacts, projectCheck } from "../verdict/project-check.ts";
import { unreadableVerdict } from "../verdict/unreadable.ts";
import { abandonTaskCheck } from "../verdict/verify-check.ts";
import { cancelTask, stopRun } from "./plan-issue.ts";

/** How long GitHub may go on showing the commit before the one that was just published (F037). */
const HEAD_LAG_MS = 60_000;

type PullEvent = EventOf<"pull.changed" | "check.changed" | "check.rerequested">;

/** Something about a pull request, its head's checks or its approvals changed. */
export function planPullChanged(draft: Draft, event: PullEvent): void {
  if (event.kind === "pull.changed") wakeForRevert(draft, event);
  else askPullsAgain(draft, event.sha, event.kind);
  const task = draft.focus;
  if (task === null || task.pull === null || isTerminal(task)) {
    if (event.kind === "pull.changed") takePersonPull(draft, event);
    else draft.conclude("ignored", "no open pull request has this head");
    return;
  }
  if (event.kind === "check.changed" && event.sha !== task.pull.headSha)
    return draft.conclude("ignored", "a check of another commit");
  if (draft.gathered.pullTrouble !== undefined)
    return takeUnreadable(draft, task, { why: draft.gathered.pullTrouble, ...headIn(event) });
  if (draft.gathered.pull === undefined) return draft.conclude("ignored", "nothing was read");
  giveToTask(draft, draft.pull(pullId(draft.repo.id, task.pull.number)));
  takePull(draft, task, draft.gathered.pull);
}

/** A commit may be the head of several pull requests, and each is judged by itself (F145). */
function askPullsAgain(draft: Draft, sha: string, action: string): void {
  for (const pull of draft.pulls()) {
    if (pull.state !== "open" || pull.headSha !== sha) continue;
    draft.conclude("processed", "its pull requests are asked again");
    if (pull.kind === "group") draft.emit({ kind: "group.changed", repo: draft.repo, sha });
    else
      draft.emit({
        kind: "pull.changed",
        repo: draft.repo,
        pull: pull.number,
        action,
        sender: pull.requester,
      });
  }
}

/** Holds a pull request as GitHub shows it now against its task. */
export function takePull(draft: Draft, task: Task, pull: PullNow | null): void {
  const known = task.pull;
  if (known === null) return draft.conclude("ignored", "the task has no pull request");
  if (pull === null) {
    draft.conclude("processed", "the pull request is gone");
    abandonTaskCheck(draft, task, "the pull request is gone");
    cancelTask(draft, { ...task, pull: null }, { why: "the pull request is gone", actor: draft.own.slug });
    return;
  }
  if (pull.merged) return finishMerged(draft, task, pull.mergeSha ?? null);
  if (pull.state === "closed") {
    draft.conclude("processed", "cancelled: pull request closed");
    abandonTaskCheck(draft, task, "the pull request was closed");
    leaveBehind(draft, task);
    cancelTask(
      draft,
      { ...task, pull: null },
      { why: `pull request #${pull.number} was closed`, actor: draft.own.slug },
    );
    return;
  }
  if (isBetweenCommits(task)) return draft.conclude("ignored", "the next commit is being written");
  verify(draft, task, { pull, known });
}

/** The head that a push made, as the webhook names it. */
function headIn(event: PullEvent): { readonly sha?: string } {
  const isPush = event.kind === "pull.changed" && event.action === "synchronize";
  return isPush && event.head !== undefined ? { sha: event.head.sha } : {};
}

/**
 * The head cannot be read: what was said of it does not stand any more, and it is looked at again soon. Which head that is may
 * be known from a push; what else has the same commit as its head must not pass because of that.
 */
export function takeUnreadable(
  draft: Draft,
  task: Task,
  { why, sha: pushed }: { readonly why: string; readonly sha?: string },
): void {
  if (task.pull === null || isBetweenCommits(task))
    return draft.conclude("ignored", "there is no head to judge");
  draft.conclude("processed", "the pull request cannot be read");
  const { number, baseRef, headSha, verdictSha } = task.pull;
  const sha = pushed ?? verdictSha ?? headSha;
  if (sha !== (verdictSha ?? headSha)) abandonTaskCheck(draft, task, "somebody else pushed to the branch");
  const verdict = unreadableVerdict(why, draft.now + PULL_POLL_MS);
  const judged = { ...task, pull: { ...task.pull, verdict, verdictSha: sha } };
  const isNews = task.pull.verdict?.value !== verdict.value || verdictSha !== sha;
  if (isNews) auditVerdict(draft, { pull: number, sha, verdict, taskId: task.id });
  projectCheck(draft, sha, {
    standing: { subject: subjectOf(task, { number, baseRef }), verdict, waitingFor: [], gates: [] },
    annotations: [],
    notEvaluated: [],
  });
  awaitLift(draft, judged, { headSha: sha, gates: verdict.gates });
}

/** While an attempt runs or its commit is being written, a verdict about the old head would decide nothing. */
export function isBetweenCommits(task: Task): boolean {
  return (
    task.state === "running" ||
    task.state === "queued" ||
    task.reasons.some((known) => known.code === "publish.pending")
  );
}

interface Verification {
  readonly pull: PullNow;
  readonly known: TaskPull;
}

function verify(draft: Draft, task: Task, { pull, known }: Verification): void {
  const { config } = draft.view;
  if (config === null) return stopVerifying(draft, task);
  const isOld = pull.headSha === known.replacedSha && draft.now - known.headSince < HEAD_LAG_MS;
  if (isOld) return awaitHead(draft, task, known);
  if (!isOurs(pull, known)) abandonTaskCheck(draft, task, "somebody else pushed to the branch");
  draft.conclude("processed", "verified");
  const subject = taskSubject(draft, task, { pull, known, config });
  const evaluation = evaluatePull(subject);
  if (!isOurs(pull, known)) {
    const verdict = blockForeign(evaluation);
    return takeVerdict(draft, task, { pull, known, verdict, annotations: [], notEvaluated: [] });
  }
  if (evaluation.kind === "pending") return awaitChecks(draft, task, { pull, known, evaluation });
  const { verdict, notEvaluated } = evaluation;
  const annotations = annotateFindings(subject);
  takeVerdict(draft, task, { pull, known, verdict, annotations, notEvaluated });
}

/** What was decided about a head, with what is only shown. */
interface Judgement extends Pick<FreshFacts, "annotations" | "notEvaluated"> {
  readonly verdict: Verdict;
}

/** Shows and records a verdict, and does what follows from it. */
function takeVerdict(
  draft: Draft,
  task: Task,
  { pull, known, verdict, annotations, notEvaluated }: Verification & Judgement,
): void {
  const changed = known.verdict?.value !== verdict.value || known.verdictSha !== pull.headSha;
  if (changed) auditVerdict(draft, { pull: pull.number, sha: pull.headSha, verdict, taskId: task.id });
  const text = `Pull request #${pull.number} at ${pull.headSha.slice(0, 7)}: ${verdict.value}`;
  const noted = changed
    ? withHistory(keepPullChange(task, isOurs(pull, known) ? pull.files : null), {
        at: draft.now,
        text,
        url: null,
      })
    : task;
  const judged = { ...noted, feedback: verdict.gates, pull: { ...known, verdict, verdictSha: pull.headSha } };
  projectCheck(draft, pull.headSha, {
    standing: { subject: subjectOf(task, pull), verdict, waitingFor: [], gates: [] },
    annotations,
    notEvaluated,
  });
  if (changed) wakeGroups(draft, pull);
  if (verdict.value === "FAIL" && !changed && task.state === "blocked") return keepBlocked(draft, judged);
  actOnVerdict(draft, judged, { pull, verdict });
}

function isOurs(pull: PullNow, known: TaskPull): boolean {
  return pull.headSha === known.headSha;
}

/** Nothing says what has to hold, so nothing can be verified until something does. */
function stopVerifying(draft: Draft, task: Task): void {
  draft.conclude("processed", "no configuration is in force");
  abandonTaskCheck(draft, task, "no configuration is in force");
  const absent = reason(
    "config.absent",
    "No configuration is in force, so the pull request is not verified.",
  );
  moveTask(draft, task, { state: "blocked", reasons: [absent], wakeAt: draft.now + PULL_POLL_MS });
}

/** The head before the one that was just published is more likely an old answer of GitHub's than somebody's push. */
function awaitHead(draft: Draft, task: Task, known: TaskPull): void {
  draft.conclude("processed", "GitHub does not show the published commit yet");
  const late = `Pull request #${known.number}: waiting until GitHub shows ${known.headSha.slice(0, 7)}.`;
  moveTask(draft, task, {
    state: "verifying",
    reasons: [reason("checks.pending", late)],
    wakeAt: draft.now + MERGEABLE_POLL_MS,
  });
}

/**
 * A commit that is not ours needs a person whatever its checks say: they are not waited for, since no task is found by that
 * commit, and they fail no attempt of ours.
 */
function blockForeign(evaluation: Evaluation): Verdict {
  const gates = evaluation.kind === "pending" ? evaluation.gates : evaluation.verdict.gates;
  return { value: "BLOCKED", gates };
}

function awaitChecks(
  draft: Draft,
  task: Task,
  {
    pull,
    known,
    evaluation,
  }: Verification & { readonly evaluation: Extract<Evaluation, { kind: "pending" }> },
): void {
  const { waitingFor, gates } = evaluation;
  projectCheck(draft, pull.headSha, {
    standing: { subject: subjectOf(task, pull), verdict: null, waitingFor, gates },
    annotations: [],
    notEvaluated: [],
  });
  const unjudged = { ...task, pull: { ...known, verdict: null, verdictSha: null } };
  moveTask(draft, unjudged, {
    state: "verifying",
    reasons: waitingFor.map((what) => reason("checks.pending", `Pull request #${pull.number}: ${what}.`)),
    wakeAt: draft.now + pendingPollMs(pull, draft.now - known.headSince),
  });
}

function subjectOf(task: Task, pull: Pick<PullNow, "number" | "baseRef">): CheckSubject {
  const { number, baseRef } = pull;
  return { kind: "task", number, baseRef, issue: task.issue, attempt: task.attempt };
}

/** Merged, by us or by people: the work is in, and the critics look at it where there are any. */
export function finishMerged(draft: Draft, task: Task, mergeSha: string | null): void {
  draft.conclude("processed", "merged");
  if (isTerminal(task) || task.pull === null) return;
  abandonTaskCheck(draft, task, "the pull request was merged first");
  noteHead(draft, task.pull, mergeSha);
  const stopped = stopRun(draft, task, "cancelled");
  if (hasCritics(draft)) return beginCritics(draft, stopped, { merged: task.pull, mergeSha });
  endTask(draft, stopped, { state: "done", note: `Done: pull request #${task.pull.number} is merged` });
  closeIssue(draft, task);
}

/**
 * What waited for this merge starts in the same plan, before the push is heard of: from the commit that our merge made, or it
 * would not see the very change that it waited for.
 */
function noteHead(draft: Draft, { mergeOrders, baseRef }: TaskPull, mergeSha: string | null): void {
  const { stored } = draft.view.record;
  if (mergeOrders === 0 || mergeSha === null || stored.facts?.branch !== baseRef) return;
  draft.saveRepository({ ...stored, facts: { ...stored.facts, sha: mergeSha } });
}
