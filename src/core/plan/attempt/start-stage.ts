import type { Stage } from "../../config/config.ts";
import { admit, measureLoad } from "../../queue/admit.ts";
import { assessReadiness } from "../../queue/assess-readiness.ts";
import { explainWindows } from "../../queue/explain-windows.ts";
import { type Reason, reason } from "../../reasons.ts";
import type { Task } from "../../task/task.ts";
import { RECEIPT_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { stageOf } from "../repository/repository-view.ts";
import { explainSpending } from "../spending/explain-spending.ts";
import { moveTask } from "../task/change-task.ts";
import { explainBreakers, passBreakers } from "./breakers.ts";
import { chooseWorker, settleWorker } from "./choose-worker.ts";
import { nextLook } from "./next-look.ts";
import { orderDispatch } from "./order-dispatch.ts";
import { explainRest } from "./rest-role.ts";

/** Goes on with a task at once; what stands in the way sends it back to the queue, reasons shown. */
export function continueTask(draft: Draft, task: Task): Task {
  const worker = chooseWorker(draft, task);
  const reasons = [
    ...assessReadiness(worker, draft.view, draft.doneRoadmapIds()),
    ...explainWindows(draft.view.config, draft.now),
    ...explainRest(draft, worker),
    ...explainBreakers(draft, worker),
    ...explainSpending(draft, worker),
    ...explainRoom(draft, worker),
  ];
  if (reasons.length > 0)
    return moveTask(draft, task, { state: "queued", reasons, wakeAt: nextLook(draft, reasons) });
  return startStage(draft, task);
}

/** A task that runs holds its slot; one that was verified has given it up, and needs one again. */
function explainRoom(draft: Draft, task: Task): readonly Reason[] {
  const { config } = draft.view;
  if (task.state === "running" || config === null) return [];
  return admit(task, config, measureLoad(draft.activeTasks()));
}

/** Orders the dispatch of the task's stage. The task must be ready and admitted. */
export function startStage(draft: Draft, queued: Task): Task {
  const task = settleWorker(draft, queued);
  const stage = stageOf(draft.view.config, task);
  const { facts } = draft.view;
  if (stage === undefined || facts === null)
    throw new Error(`task ${task.id} has no stage ${task.stage} to start`);
  passBreakers(draft, task);
  const ordered = orderDispatch(draft, task, {
    stage: stage.name,
    stageIndex: task.stage,
    retry: task.retries + (task.restarts ?? 0),
    workflow: stage.workflow,
    timeoutMs: stage.timeoutMs,
    inputs: inputsFor(stage, task.attempt),
    baseSha: facts.sha,
    note: describeInputs(stage, task.attempt),
  });
  return moveTask(draft, ordered, {
    state: "running",
    reasons: [
      reason(
        "dispatch.unconfirmed",
        `Stage \`${stage.name}\` was dispatched; GitHub has not confirmed the run yet.`,
      ),
    ],
    wakeAt: draft.now + RECEIPT_MS,
  });
}

function inputsFor(stage: Stage, attempt: number): Readonly<Record<string, string>> {
  const chosen = Object.entries(stage.inputs).map(
    ([input, values]) => [input, valueFor(values, attempt)] as const,
  );
  return Object.fromEntries(chosen);
}

/** One value per attempt; the last one repeats. */
function valueFor(values: readonly string[], attempt: number): string {
  return values[Math.min(attempt, values.length) - 1] ?? "";
}

/** Inputs that differ between attempts, so that people see what the attempt tries. */
function describeInputs(stage: Stage, attempt: number): string {
  return Object.entries(stage.inputs)
    .filter(([, values]) => values.length > 1)
    .map(([input, values]) => `${input} ${valueFor(values, attempt)}`)
    .join(", ");
}
