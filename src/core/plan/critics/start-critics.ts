import type { Critics } from "../../config/config.ts";
import { assessCritics } from "../../queue/assess-readiness.ts";
import { reason } from "../../reasons.ts";
import type { Task, TaskPull } from "../../task/task.ts";
import { explainBreakers, passBreakers } from "../attempt/breakers.ts";
import { closeIssue } from "../attempt/finish-attempt.ts";
import { nextLook } from "../attempt/next-look.ts";
import { orderDispatch } from "../attempt/order-dispatch.ts";
import { RECEIPT_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { endTask, moveTask } from "../task/change-task.ts";
import { CRITICS_INDEX, CRITICS_STAGE, type TaskUnderCritics } from "./critics-stage.ts";

/** Whether a merged change has to stand before the critics here. */
export function hasCritics({ view }: Draft): boolean {
  return view.config?.critics !== undefined && view.config.mode === "active";
}

/** A change is merged: the task is not done before the critics say so. Its pull request is nothing to wait for any more. */
export function beginCritics(
  draft: Draft,
  task: Task,
  { merged, mergeSha }: { readonly merged: TaskPull; readonly mergeSha: string | null },
): void {
  draft.audit("critics.begun", { taskId: task.id, data: { pull: merged.number, sha: mergeSha } });
  const refusals = task.aftermath?.refusals ?? 0;
  startCritics(draft, {
    ...task,
    pull: null,
    correlation: null,
    notBefore: null,
    retries: 0,
    aftermath: { phase: "looking", merged, mergeSha, tries: 0, revert: null, refusals },
  });
}

/** Dispatches the critics, or says what they wait for. */
export function startCritics(draft: Draft, task: TaskUnderCritics): void {
  const { config, facts } = draft.view;
  const critics = config?.critics;
  if (config === null || facts === null) return waitForConfig(draft, task);
  if (critics === undefined) return endWithoutCritics(draft, task);
  const keys = [critics.workflow];
  const reasons = [...assessCritics(task, draft.view, critics), ...explainBreakers(draft, task, keys)];
  if (reasons.length > 0) {
    moveTask(draft, task, { state: "verifying", reasons, wakeAt: nextLook(draft, reasons) });
    return;
  }
  passBreakers(draft, task, keys);
  dispatchCritics(draft, task, { critics, defaultSha: facts.sha });
}

function dispatchCritics(
  draft: Draft,
  task: TaskUnderCritics,
  { critics, defaultSha }: { readonly critics: Critics; readonly defaultSha: string },
): void {
  const { aftermath } = task;
  const { merged, mergeSha, tries } = aftermath;
  const ordered = orderDispatch(draft, task, {
    stage: CRITICS_STAGE,
    stageIndex: CRITICS_INDEX,
    retry: tries,
    workflow: critics.workflow,
    timeoutMs: critics.timeoutMs,
    inputs: critics.inputs,
    baseSha: mergeSha ?? defaultSha,
    note: `after the merge of #${merged.number}`,
  });
  const asked = `The critics are asked about what pull request #${merged.number} merged; GitHub has not confirmed the run yet.`;
  moveTask(
    draft,
    { ...ordered, aftermath: { ...aftermath, tries: tries + 1 } },
    {
      state: "verifying",
      reasons: [reason("critics.running", asked, { deadline: draft.now + critics.timeoutMs })],
      wakeAt: draft.now + RECEIPT_MS,
    },
  );
}

function waitForConfig(draft: Draft, task: TaskUnderCritics): void {
  const reasons = [
    reason("config.absent", "No configuration is in force, so nothing says who the critics are."),
  ];
  moveTask(draft, task, { state: "verifying", reasons, wakeAt: nextLook(draft, reasons) });
}

/** People took the critics out of the configuration while a change waited for them. */
function endWithoutCritics(draft: Draft, task: TaskUnderCritics): void {
  const note = `Done: pull request #${task.aftermath.merged.number} is merged; there are no critics any more`;
  endTask(draft, leaveCritics(task), { state: "done", note });
  closeIssue(draft, task);
}

/** The task as one whose merged change nobody looks at any more. */
export function leaveCritics(task: TaskUnderCritics): Task {
  const { aftermath } = task;
  return { ...task, pull: aftermath.merged, aftermath: { ...aftermath, phase: "over" } };
}
