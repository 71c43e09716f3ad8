import { allows } from "../../autonomy/autonomy.ts";
import type { EventOf } from "../../events.ts";
import type { PullNow } from "../../facts.ts";
import { type Evaluation, evaluatePull } from "../../gate/evaluate-pull.ts";
import type { GateSubject } from "../../gate/gate-rule.ts";
import { annotateFindings } from "../../gate/reports/annotate-findings.ts";
import type { Verdict } from "../../gate/verdict.ts";
import { pendingCheckOutput } from "../../messages/check.ts";
import { commitTitle } from "../../messages/commit-title.ts";
import { type Reason, reason } from "../../reasons.ts";
import { isTerminal, type Task, type TaskPull } from "../../task/task.ts";
import { askPerson, closeIssue, failAttempt } from "../attempt/finish-attempt.ts";
import { HUMAN_POLL_MS, MERGEABLE_POLL_MS, PULL_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { autonomyOf, roleOf } from "../repository/repository-view.ts";
import { endTask, moveTask, withHistory } from "../task/change-task.ts";
import { projectUnjudged } from "../verdict/project-unjudged.ts";
import { type Judgement, projectVerdict } from "../verdict/project-verdict.ts";
import { abandonCheck, VERIFY_CHECK } from "../verdict/verify-check.ts";
import { cancelTask, stopRun } from "./plan-issue.ts";

/** How long GitHub may go on showing the commit before the one that was just published (F037). */
const HEAD_LAG_MS = 60_000;

type PullEvent = EventOf<"pull.changed" | "check.changed" | "check.rerequested">;

/** Something about a pull request, its head's checks or its approvals changed. */
export function planPullChanged(draft: Draft, event: PullEvent): void {
  const task = draft.focus;
  if (task === null || task.pull === null || isTerminal(task)) return planUnclaimed(draft, event);
  if (event.kind === "check.changed" && event.sha !== task.pull.headSha)
    return draft.conclude("ignored", "a check of another commit");
  if (draft.gathered.pull === undefined) return draft.conclude("ignored", "nothing was read");
  takePull(draft, task, draft.gathered.pull);
}

function planUnclaimed(draft: Draft, event: PullEvent): void {
  if (event.kind === "pull.changed") projectUnjudged(draft, event);
  else draft.conclude("ignored", "no live task has this pull request");
}

/** Holds a pull request as GitHub shows it now against its task. */
export function takePull(draft: Draft, task: Task, pull: PullNow | null): void {
  const known = task.pull;
  if (known === null) return draft.conclude("ignored", "the task has no pull request");
  if (pull === null) {
    draft.conclude("processed", "the pull request is gone");
    abandonCheck(draft, task, "the pull request is gone");
    cancelTask(draft, { ...task, pull: null }, { why: "the pull request is gone", actor: draft.own.slug });
    return;
  }
  if (pull.merged) return finishMerged(draft, task);
  if (pull.state === "closed") {
    draft.conclude("processed", "cancelled: pull request closed");
    abandonCheck(draft, task, "the pull request was closed");
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
  const isOurs = pull.headSha === known.headSha;
  const isOld = pull.headSha === known.replacedSha && draft.now - known.headSince < HEAD_LAG_MS;
  if (isOld) return awaitHead(draft, task, known);
  if (!isOurs) abandonCheck(draft, task, "somebody else pushed to the branch");
  draft.conclude("processed", "verified");
  const autonomy = autonomyOf(config, task.role);
  const subject: GateSubject = {
    task,
    pull,
    publishedSha: known.headSha,
    gates: config.gates,
    branchPrefix: roleOf(config, task.role)?.branch ?? "",
    approvals: autonomy === "merge-with-approval" ? config.gates.approvals : 0,
    ownAppId: draft.own.appId,
    headSince: known.headSince,
    now: draft.now,
  };
  const evaluation = evaluatePull(subject);
  if (!isOurs)
    return takeVerdict(draft, task, { pull, known, verdict: blockForeign(evaluation), annotations: [] });
  if (evaluation.kind === "pending") return awaitChecks(draft, task, { pull, known, evaluation });
  const annotations = annotateFindings(subject);
  takeVerdict(draft, task, { pull, known, verdict: evaluation.verdict, annotations });
}

/** Shows and records a verdict, and does what follows from it. */
function takeVerdict(
  draft: Draft,
  task: Task,
  { pull, known, verdict, annotations }: Verification & Judgement,
): void {
  const changed = known.verdict?.value !== verdict.value || known.verdictSha !== pull.headSha;
  if (changed) {
    draft.audit("verdict.reached", {
      taskId: task.id,
      data: {
        pull: pull.number,
        sha: pull.headSha,
        verdict: verdict.value,
        configSha: draft.view.record.stored.goodConfig?.sha ?? null,
        gates: verdict.gates.map((gate) => `${gate.gate} ${gate.verdict}`),
      },
    });
  }
  projectVerdict(draft, task, { pull, verdict, annotations });
  const text = `Pull request #${pull.number} at ${pull.headSha.slice(0, 7)}: ${verdict.value}`;
  const noted = changed ? withHistory(task, { at: draft.now, text, url: null }) : task;
  const judged = { ...noted, feedback: verdict.gates, pull: { ...known, verdict, verdictSha: pull.headSha } };
  if (verdict.value === "FAIL" && !changed && task.state === "blocked") return keepBlocked(draft, judged);
  actOnVerdict(draft, judged, { pull, verdict });
}

/** Nothing says what has to hold, so nothing can be verified until something does. */
function stopVerifying(draft: Draft, task: Task): void {
  draft.conclude("processed", "no configuration is in force");
  abandonCheck(draft, task, "no configuration is in force");
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

/** That this head fails was counted when it was found; a person is waited for because of something else. */
function keepBlocked(draft: Draft, task: Task): void {
  moveTask(draft, task, { state: "blocked", reasons: task.reasons, wakeAt: nextLook(draft, task) });
}

/** When a task that waits for a person is looked at by itself; looking in between does not put it off. */
function nextLook(draft: Draft, { wakeAt }: Task): number {
  return wakeAt !== null && wakeAt > draft.now + PULL_POLL_MS ? wakeAt : draft.now + HUMAN_POLL_MS;
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
  draft.project(
    `verify:${task.id}:${pull.headSha}`,
    {
      kind: "check",
      sha: pull.headSha,
      name: VERIFY_CHECK,
      status: "in_progress",
      conclusion: null,
      output: pendingCheckOutput(evaluation.waitingFor, evaluation.gates),
      annotations: [],
    },
    { subject: `pull:${pull.number}`, taskId: task.id },
  );
  const unjudged = { ...task, pull: { ...known, verdict: null, verdictSha: null } };
  moveTask(draft, unjudged, {
    state: "verifying",
    reasons: evaluation.waitingFor.map((what) =>
      reason("checks.pending", `Pull request #${pull.number}: ${what}.`),
    ),
    wakeAt: draft.now + (pull.mergeable === null ? MERGEABLE_POLL_MS : PULL_POLL_MS),
  });
}

function actOnVerdict(
  draft: Draft,
  task: Task,
  { pull, verdict }: { readonly pull: PullNow; readonly verdict: Verdict },
): void {
  if (verdict.value === "PASS") return mergeIfAllowed(draft, task, pull);
  const blocked = verdict.gates.filter((gate) => gate.verdict === "BLOCKED");
  const onlyApproval = verdict.value === "BLOCKED" && blocked.every((gate) => gate.gate === "approval");
  if (verdict.value === "FAIL") return failAttempt(draft, task, verdict.gates);
  const reasons = blocked.map((gate) =>
    gate.gate === "approval"
      ? reason("approval.missing", gate.message, {
          liftedBy: `\`/orchestrate approve ${pull.headSha.slice(0, 12)}\``,
        })
      : reason(
          "gate.blocked",
          `${gate.gate}: ${gate.message}`,
          gate.howToFix === undefined ? {} : { liftedBy: gate.howToFix },
        ),
  );
  const wakeAt = nextLook(draft, task);
  if (onlyApproval) moveTask(draft, task, { state: "verifying", reasons, wakeAt });
  else if (task.state === "blocked") moveTask(draft, task, { state: "blocked", reasons, wakeAt });
  else askPerson(draft, task, reasons);
}

/** A verified head is merged as far as the autonomy goes; the merge names the commit, so nothing else can slip in. */
function mergeIfAllowed(draft: Draft, task: Task, pull: PullNow): void {
  const obstacle = findMergeObstacle(draft, task, pull);
  if (obstacle !== undefined) {
    moveTask(draft, task, { state: "verifying", reasons: [obstacle], wakeAt: nextLook(draft, task) });
    return;
  }
  const isOrdered = task.reasons.some((known) => known.code === "merge.pending");
  const mergeOrders = (task.pull?.mergeOrders ?? 0) + (isOrdered ? 0 : 1);
  draft.act(
    `merge:${task.id}:${mergeOrders}:${pull.headSha}`,
    {
      kind: "merge",
      pull: pull.number,
      sha: pull.headSha,
      title: commitTitle(task.title, pull.number),
    },
    { subject: `pull:${pull.number}`, taskId: task.id },
  );
  const asked = reason("merge.pending", `Pull request #${pull.number} passed and is being merged.`);
  moveTask(
    draft,
    { ...task, pull: task.pull === null ? null : { ...task.pull, mergeOrders } },
    { state: "verifying", reasons: [asked], wakeAt: draft.now + PULL_POLL_MS },
  );
}

/** Why a verified head is not merged by the app. */
function findMergeObstacle(draft: Draft, task: Task, pull: PullNow): Reason | undefined {
  const { config } = draft.view;
  if (task.held) return reason("task.held", `Pull request #${pull.number} passed; the task is on hold.`);
  const autonomy = config === null ? "observe" : autonomyOf(config, task.role);
  if (config?.mode === "active" && allows(autonomy, "merge-with-approval")) return undefined;
  const limit = config?.mode === "active" ? `autonomy \`${autonomy}\`` : "shadow mode";
  return reason("merge.by-hand", `Pull request #${pull.number} passed; ${limit} leaves the merge to people.`);
}

/** Merged, by us or by people: the work is in. */
export function finishMerged(draft: Draft, task: Task): void {
  draft.conclude("processed", "merged");
  if (isTerminal(task)) return;
  const number = task.pull?.number;
  abandonCheck(draft, task, "the pull request was merged first");
  endTask(draft, stopRun(draft, task, "cancelled"), {
    state: "done",
    note: `Done: pull request #${number} is merged`,
  });
  closeIssue(draft, task);
}
