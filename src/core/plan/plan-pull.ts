import { allows } from "../autonomy/autonomy.ts";
import type { EventOf } from "../events.ts";
import type { PullNow } from "../facts.ts";
import { type Evaluation, evaluatePull } from "../gate/evaluate-pull.ts";
import { decideVerdict, type Verdict } from "../gate/verdict.ts";
import { pendingCheckOutput, supersededCheckOutput, verdictCheckOutput } from "../messages/check.ts";
import { commitTitle } from "../messages/commit-title.ts";
import { type Reason, reason } from "../reasons.ts";
import { isTerminal, type Task, type TaskPull } from "../task/task.ts";
import { endTask, moveTask, withHistory } from "./change-task.ts";
import { HUMAN_POLL_MS, MERGEABLE_POLL_MS, PULL_POLL_MS } from "./deadlines.ts";
import type { Draft } from "./draft.ts";
import { askPerson, closeIssue, failAttempt } from "./finish-attempt.ts";
import { cancelTask } from "./plan-issue.ts";
import { autonomyOf, roleOf } from "./repository-view.ts";

/** Name of the check that carries the verdict; branch protection should require exactly this one. */
export const VERIFY_CHECK = "orchestrator / verify";

/** Something about a pull request, its head's checks or its approvals changed. */
export function planPullChanged(
  draft: Draft,
  event: EventOf<"pull.changed" | "check.changed" | "check.rerequested">,
): void {
  const task = draft.focus;
  if (task === null || task.pull === null || isTerminal(task))
    return draft.conclude("ignored", "no live task has this pull request");
  if (event.kind === "check.changed" && event.sha !== task.pull.headSha)
    return draft.conclude("ignored", "a check of another commit");
  if (draft.gathered.pull === undefined) return draft.conclude("ignored", "nothing was read");
  takePull(draft, task, draft.gathered.pull);
}

/** Holds a pull request as GitHub shows it now against its task. */
export function takePull(draft: Draft, task: Task, pull: PullNow | null): void {
  const known = task.pull;
  if (known === null) return draft.conclude("ignored", "the task has no pull request");
  if (pull === null) {
    draft.conclude("processed", "the pull request is gone");
    cancelTask(draft, { ...task, pull: null }, { why: "the pull request is gone", actor: draft.own.slug });
    return;
  }
  if (pull.merged) return finishMerged(draft, task);
  if (pull.state === "closed") {
    draft.conclude("processed", "cancelled: pull request closed");
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
function isBetweenCommits(task: Task): boolean {
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
  if (config === null) return draft.conclude("ignored", "no configuration is in force");
  draft.conclude("processed", "verified");
  const autonomy = autonomyOf(config, task.role);
  const evaluation = evaluatePull({
    task,
    pull,
    publishedSha: known.headSha,
    gates: config.gates,
    branchPrefix: roleOf(config, task.role)?.branch ?? "",
    approvals: autonomy === "merge-with-approval" ? config.gates.approvals : 0,
    ownAppId: draft.own.appId,
    headSince: known.headSince,
    now: draft.now,
  });
  // A head that is not ours is decided already; its checks name a commit that no task is found by.
  if (evaluation.kind === "pending" && pull.headSha === known.headSha)
    return awaitChecks(draft, task, { pull, known, evaluation });
  const verdict = evaluation.kind === "pending" ? decideVerdict(evaluation.gates) : evaluation.verdict;
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
  projectVerdict(draft, task, { pull, verdict });
  const text = `Pull request #${pull.number} at ${pull.headSha.slice(0, 7)}: ${verdict.value}`;
  const noted = changed ? withHistory(task, { at: draft.now, text, url: null }) : task;
  const judged = { ...noted, feedback: verdict.gates, pull: { ...known, verdict, verdictSha: pull.headSha } };
  actOnVerdict(draft, judged, { pull, verdict });
}

function awaitChecks(
  draft: Draft,
  task: Task,
  { pull, evaluation }: Verification & { readonly evaluation: Extract<Evaluation, { kind: "pending" }> },
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
  moveTask(draft, task, {
    state: "verifying",
    reasons: evaluation.waitingFor.map((what) =>
      reason("checks.pending", `Pull request #${pull.number}: ${what}.`),
    ),
    wakeAt: draft.now + (pull.mergeable === null ? MERGEABLE_POLL_MS : PULL_POLL_MS),
  });
}

const CONCLUSIONS = { PASS: "success", FAIL: "failure", BLOCKED: "action_required" } as const;

function projectVerdict(
  draft: Draft,
  task: Task,
  { pull, verdict }: { readonly pull: PullNow; readonly verdict: Verdict },
): void {
  draft.project(
    `verify:${task.id}:${pull.headSha}`,
    {
      kind: "check",
      sha: pull.headSha,
      name: VERIFY_CHECK,
      status: "completed",
      conclusion: CONCLUSIONS[verdict.value],
      output: verdictCheckOutput({ verdict, sha: pull.headSha, issue: task.issue, attempt: task.attempt }),
      annotations: [],
    },
    { subject: `pull:${pull.number}`, taskId: task.id },
  );
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
  if (onlyApproval) moveTask(draft, task, { state: "verifying", reasons, wakeAt: draft.now + HUMAN_POLL_MS });
  else if (task.state === "blocked")
    moveTask(draft, task, { state: "blocked", reasons, wakeAt: draft.now + HUMAN_POLL_MS });
  else askPerson(draft, task, reasons);
}

/** A verified head is merged as far as the autonomy goes; the merge names the commit, so nothing else can slip in. */
function mergeIfAllowed(draft: Draft, task: Task, pull: PullNow): void {
  const obstacle = findMergeObstacle(draft, task, pull);
  if (obstacle !== undefined) {
    moveTask(draft, task, { state: "verifying", reasons: [obstacle], wakeAt: draft.now + HUMAN_POLL_MS });
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
  endTask(draft, { ...task }, { state: "done", note: `Done: pull request #${number} is merged` });
  closeIssue(draft, task);
}
