import { allows } from "../../autonomy/autonomy.ts";
import type { PullNow } from "../../facts.ts";
import type { GateResult, Verdict } from "../../gate/verdict.ts";
import { commitTitle } from "../../messages/commit-title.ts";
import { type Reason, reason } from "../../reasons.ts";
import type { Task } from "../../task/task.ts";
import { askPerson } from "../attempt/ask-person.ts";
import { failAttempt } from "../attempt/finish-attempt.ts";
import { autonomyFor } from "../autonomy-for.ts";
import { HUMAN_POLL_MS, PULL_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { knownHolds } from "../known-holds.ts";
import { moveTask } from "../task/change-task.ts";
import { nextStop } from "./next-stop.ts";
import { UNREADABLE } from "./unreadable.ts";

/** What a verdict about a task's head leads to: the next attempt, a person, or the merge. */
export function actOnVerdict(
  draft: Draft,
  task: Task,
  { pull, verdict }: { readonly pull: PullNow; readonly verdict: Verdict },
): void {
  if (verdict.value === "PASS") return mergeIfAllowed(draft, task, pull);
  if (verdict.value === "FAIL") {
    const { gates } = verdict;
    return failAttempt(draft, task, { gates, failureClass: "task", at: "pull request" });
  }
  awaitLift(draft, task, { headSha: pull.headSha, gates: verdict.gates });
}

/** Something that is BLOCKED is shown with who lifts it; a person is called only for what is not part of the way. */
export function awaitLift(
  draft: Draft,
  task: Task,
  { headSha, gates }: { readonly headSha: string; readonly gates: readonly GateResult[] },
): void {
  const blocked = gates.filter((gate) => gate.verdict === "BLOCKED");
  const reasons = blocked.map((gate) => explainBlocked(gate, headSha));
  const isExpected = blocked.length > 0 && blocked.every(isAwaited);
  const untils = blocked.flatMap((gate) => (gate.until === undefined ? [] : [gate.until]));
  const wakeAt = Math.min(nextLook(draft, task), ...untils);
  if (isExpected) moveTask(draft, task, { state: "verifying", reasons, wakeAt });
  else if (task.state === "blocked") moveTask(draft, task, { state: "blocked", reasons, wakeAt });
  else askPerson(draft, task, reasons);
}

/** What is part of the way, and so is worth no comment: an approval to give, a window to wait out. */
function isAwaited({ gate, until }: GateResult): boolean {
  return gate === "approval" || gate === "owners" || until !== undefined;
}

function explainBlocked(gate: GateResult, headSha: string): Reason {
  const text = `${gate.gate}: ${gate.message}`;
  if (gate.gate === UNREADABLE)
    return reason("github.unreadable", gate.message, { deadline: gate.until ?? null });
  if (gate.until !== undefined) return reason("window.closed", gate.message, { deadline: gate.until });
  if (gate.gate === "approval") {
    const liftedBy = `\`/orchestrate approve ${headSha}\``;
    return reason("approval.missing", gate.message, { liftedBy });
  }
  return reason("gate.blocked", text, gate.howToFix === undefined ? {} : { liftedBy: gate.howToFix });
}

/** A verified head is merged as far as the autonomy goes; the merge names the commit, so nothing else can slip in. */
function mergeIfAllowed(draft: Draft, task: Task, pull: PullNow): void {
  const obstacle = findMergeObstacle(draft, task, pull);
  if (obstacle !== undefined) {
    const wakeAt = Math.min(nextLook(draft, task), nextStop(draft));
    moveTask(draft, task, { state: "verifying", reasons: [obstacle], wakeAt });
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
      baseRef: pull.baseRef,
    },
    { subject: `pull:${pull.number}`, taskId: task.id },
  );
  const asked = reason("merge.pending", `Pull request #${pull.number} passed and is being merged.`);
  moveTask(
    draft,
    { ...task, pull: task.pull === null ? null : { ...task.pull, mergeOrders } },
    {
      state: "verifying",
      reasons: [...(isOrdered ? knownHolds(task) : []), asked],
      wakeAt: draft.now + PULL_POLL_MS,
    },
  );
}

/** Why a verified head is not merged by the app. */
function findMergeObstacle(draft: Draft, task: Task, pull: PullNow): Reason | undefined {
  const { config } = draft.view;
  if (task.held) return reason("task.held", `Pull request #${pull.number} passed; the task is on hold.`);
  const autonomy = config === null ? "observe" : autonomyFor(config, task, pull);
  if (config?.mode === "active" && allows(autonomy, "merge-with-approval")) return explainDraft(pull);
  const limit = config?.mode === "active" ? `autonomy \`${autonomy}\`` : "shadow mode";
  return reason("merge.by-hand", `Pull request #${pull.number} passed; ${limit} leaves the merge to people.`);
}

/** GitHub merges no draft: opened as one while less was allowed, or made one by somebody, it is people's to declare ready. */
function explainDraft({ draft, number }: PullNow): Reason | undefined {
  if (!draft) return undefined;
  return reason("merge.draft", `Pull request #${number} passed, but is a draft.`);
}

/** That this head fails was counted when it was found; a person is waited for because of something else. */
export function keepBlocked(draft: Draft, task: Task): void {
  moveTask(draft, task, { state: "blocked", reasons: task.reasons, wakeAt: nextLook(draft, task) });
}

/** When a task that waits for a person is looked at by itself; looking in between does not put it off. */
function nextLook(draft: Draft, { wakeAt }: Task): number {
  return wakeAt !== null && wakeAt > draft.now + PULL_POLL_MS ? wakeAt : draft.now + HUMAN_POLL_MS;
}
