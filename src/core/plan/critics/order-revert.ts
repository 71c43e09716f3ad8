import type { RunNow } from "../../facts.ts";
import { revertBody, revertTitle, takenBackNotice } from "../../messages/revert.ts";
import { code } from "../../messages/text.ts";
import { reason } from "../../reasons.ts";
import type { Aftermath, Task } from "../../task/task.ts";
import { askPerson } from "../attempt/ask-person.ts";
import { failAttempt } from "../attempt/finish-attempt.ts";
import { EFFECT_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { moveTask, withHistory } from "../task/change-task.ts";
import type { TaskUnderCritics } from "./critics-stage.ts";

/** Orders the pull request that takes a refused change back. The task goes on when it is there. */
export function orderRevert(draft: Draft, task: TaskUnderCritics, run: RunNow): void {
  const { merged, mergeSha } = task.aftermath;
  const { facts } = draft.view;
  if (mergeSha === null || facts === null)
    return leaveToPeople(draft, task, "GitHub does not say which commit the merge made");
  const about = { pull: merged.number, title: task.title, issue: task.issue, mergeSha };
  draft.act(
    `revert:${task.id}:${merged.number}`,
    {
      kind: "revert",
      pull: merged.number,
      mergeSha,
      branch: `revert/${merged.number}-${mergeSha.slice(0, 7)}`,
      baseRef: facts.branch,
      issue: task.issue,
      title: revertTitle(about),
      body: revertBody({ ...about, gates: task.feedback, run }),
    },
    { subject: `task:${task.id}`, taskId: task.id },
  );
  const ordered = `The critics refused what pull request #${merged.number} merged; a pull request that takes it back is being written.`;
  moveTask(
    draft,
    { ...task, aftermath: { ...task.aftermath, phase: "reverting" } },
    {
      state: "verifying",
      reasons: [reason("critics.reverting", ordered)],
      wakeAt: draft.now + EFFECT_MS,
      note: `The critics refused pull request #${merged.number}`,
      url: run.url,
    },
  );
}

/** Whether a task waits for the pull request that takes this change of its back. */
export function awaitsRevertOf({ state, aftermath }: Task, pull: number): boolean {
  return state === "verifying" && aftermath?.phase === "reverting" && aftermath.merged.number === pull;
}

interface Reverted {
  /** Number of the pull request that was merged. */
  readonly merged: number;
  readonly revert: NonNullable<Aftermath["revert"]> & { readonly headSha: string; readonly branch: string };
}

/** The pull request that takes the change back is there: the attempt has failed, and the next one waits for people's answer. */
export function takeReverted(draft: Draft, task: Task, { merged, revert }: Reverted): void {
  if (task.aftermath === undefined || !awaitsRevertOf(task, merged)) return;
  const { number, url } = revert;
  draft.audit("critics.reverting", { taskId: task.id, data: { pull: merged, revert: number } });
  draft.act(
    `taken-back:${task.id}:${merged}`,
    {
      kind: "reply",
      issue: task.issue,
      body: takenBackNotice({ requester: task.requestedBy.login, merged, revert, gates: task.feedback }),
    },
    { subject: `issue:${task.issue}`, taskId: task.id },
  );
  // Our own pull requests come back as no event, and this one is judged like people's.
  draft.emit({
    kind: "pull.changed",
    repo: draft.repo,
    pull: number,
    action: "published",
    sender: task.requestedBy,
    head: { sha: revert.headSha, ref: revert.branch },
  });
  const text = `Pull request #${number} takes pull request #${merged} back`;
  const waiting = withHistory(task, { at: draft.now, text, url });
  const aftermath: Aftermath = { ...task.aftermath, phase: "waiting", revert: { number, url } };
  failAttempt(
    draft,
    { ...waiting, aftermath },
    { gates: task.feedback, failureClass: "task", at: "critics" },
  );
}

/** GitHub, or what happened to the files since, stands against taking the change back. */
export function takeRefusedRevert(draft: Draft, task: Task, merged: number, message: string): void {
  if (task.aftermath === undefined || !awaitsRevertOf(task, merged)) return;
  leaveToPeople(draft, { ...task, aftermath: task.aftermath }, message);
}

/** The change stays until people take it back; the attempt has failed all the same. */
function leaveToPeople(draft: Draft, task: TaskUnderCritics, why: string): void {
  const { merged, mergeSha } = task.aftermath;
  draft.audit("critics.revert-refused", { taskId: task.id, data: { pull: merged.number, why } });
  const commit = mergeSha === null ? "" : ` (${code(mergeSha.slice(0, 12))})`;
  const message = `The critics refused what pull request #${merged.number} merged${commit}, and it could not be taken back: ${why}.`;
  const asked = askPerson(draft, { ...task, spent: task.spent + 1 }, [
    reason("critics.revert-refused", message, {
      liftedBy: "whoever takes the change back or repairs it; `/orchestrate retry` begins the next attempt",
    }),
  ]);
  draft.saveTask({ ...asked, aftermath: { ...task.aftermath, phase: "over" } });
}
