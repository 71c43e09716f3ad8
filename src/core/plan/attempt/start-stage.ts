import type { Stage } from "../../config/config.ts";
import { assessReadiness } from "../../queue/assess-readiness.ts";
import { reason } from "../../reasons.ts";
import type { Attempt } from "../../task/attempt.ts";
import type { Task } from "../../task/task.ts";
import { QUEUE_POLL_MS, RECEIPT_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import type { BranchFacts } from "../repository/repository.ts";
import { stageOf } from "../repository/repository-view.ts";
import { moveTask, withStageLine } from "../task/change-task.ts";
import { buildBrief } from "./build-brief.ts";

/** Goes on with a task that already holds its slot; what stands in the way sends it back to the queue, reasons shown. */
export function continueTask(draft: Draft, task: Task): Task {
  const reasons = assessReadiness(task, draft.view, draft.snapshot.doneRoadmapIds);
  if (reasons.length > 0) {
    return moveTask(draft, task, { state: "queued", reasons, wakeAt: draft.now + QUEUE_POLL_MS });
  }
  return startStage(draft, task);
}

/** Orders the dispatch of the task's stage. The task must be ready and admitted. */
export function startStage(draft: Draft, task: Task): Task {
  const stage = stageOf(draft.view.config, task);
  const { facts } = draft.view;
  if (stage === undefined || facts === null)
    throw new Error(`task ${task.id} has no stage ${task.stage} to start`);
  const correlation = `${task.id}.${task.attempt}.${task.stage}.${task.retries}`;
  const inputs = chooseInputs(task, stage, {
    correlation,
    baseSha: facts.sha,
    declared: facts.workflows[stage.workflow] ?? [],
  });
  draft.saveAttempt(newAttempt(draft, task, stage, { correlation, inputs, facts }));
  draft.act(
    `dispatch:${correlation}`,
    { kind: "dispatch", correlation, workflow: stage.workflow, ref: facts.branch, inputs },
    { subject: `task:${task.id}`, taskId: task.id },
  );
  draft.audit("attempt.started", {
    taskId: task.id,
    data: { correlation, workflow: stage.workflow, baseSha: facts.sha },
  });
  const lined = withStageLine(task, {
    attempt: task.attempt,
    stage: stage.name,
    correlation,
    state: "dispatching",
    runUrl: null,
    startedAt: draft.now,
    endedAt: null,
    note: describeInputs(stage, task.attempt),
  });
  return moveTask(
    draft,
    { ...lined, correlation, notBefore: null },
    {
      state: "running",
      reasons: [
        reason(
          "dispatch.unconfirmed",
          `Stage \`${stage.name}\` was dispatched; GitHub has not confirmed the run yet.`,
        ),
      ],
      wakeAt: draft.now + RECEIPT_MS,
    },
  );
}

function newAttempt(
  draft: Draft,
  task: Task,
  stage: Stage,
  dispatch: {
    readonly correlation: string;
    readonly inputs: Record<string, string>;
    readonly facts: BranchFacts;
  },
): Attempt {
  return {
    correlation: dispatch.correlation,
    taskId: task.id,
    repoId: task.repoId,
    number: task.attempt,
    stage: stage.name,
    stageIndex: task.stage,
    retry: task.retries,
    workflow: stage.workflow,
    ref: dispatch.facts.branch,
    baseSha: dispatch.facts.sha,
    inputs: withoutBrief(dispatch.inputs),
    state: "dispatching",
    runId: null,
    runUrl: null,
    runAttempt: null,
    dispatchedAt: draft.now,
    endedAt: null,
    outcome: null,
    metrics: [],
  };
}

interface StageContext {
  readonly correlation: string;
  readonly baseSha: string;
  readonly declared: readonly string[];
}

/** Ids and a bounded brief, as far as the workflow declares them, and the stage's own inputs for this attempt. */
function chooseInputs(
  task: Task,
  stage: Stage,
  { correlation, baseSha, declared }: StageContext,
): Record<string, string> {
  const standard: Readonly<Record<string, string>> = {
    task: task.id,
    attempt: String(task.attempt),
    correlation,
    base_sha: baseSha,
    from_run: task.lastRunId === null ? "" : String(task.lastRunId),
    brief: buildBrief(task),
  };
  const known = Object.entries(standard).filter(([input]) => declared.includes(input));
  const own = Object.entries(stage.inputs).map(
    ([input, values]) => [input, valueFor(values, task.attempt)] as const,
  );
  return Object.fromEntries([...own, ...known]);
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

/** The brief repeats the task's text; the attempt need not keep it a second time. */
function withoutBrief(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).filter(([input]) => input !== "brief"));
}
