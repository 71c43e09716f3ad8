import { chooseKnowledge } from "../../knowledge/choose-knowledge.ts";
import type { KnowledgeObject } from "../../knowledge/knowledge.ts";
import { scopeOf } from "../../queue/overlap/scope.ts";
import type { Attempt } from "../../task/attempt.ts";
import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import { expectFor } from "../spending/explain-spending.ts";
import { withStageLine } from "../task/change-task.ts";
import { buildBrief } from "./build-brief.ts";

/** One run to start: for which stage of a task, with what, and of which commit it speaks. */
export interface Dispatch {
  readonly stage: string;
  readonly stageIndex: number;
  /** Tells tries of the same stage and attempt apart. */
  readonly retry: number;
  readonly workflow: string;
  readonly timeoutMs: number;
  /** Inputs of the configuration; the standard ones are added. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly baseSha: string;
  /** What people see of it beside its name. */
  readonly note: string;
}

/** Orders a run of a workflow on the default branch, once; the task that waits for it is to be saved by the caller. */
export function orderDispatch(draft: Draft, task: Task, dispatch: Dispatch): Task {
  const { facts } = draft.view;
  if (facts === null) throw new Error(`task ${task.id} is started in a repository that was never read`);
  const { stage, workflow, baseSha } = dispatch;
  const correlation = `${task.id}.${task.attempt}.${dispatch.stageIndex}.${dispatch.retry}`;
  const brief = buildBrief(task, knowledgeFor(draft, task));
  const declared = facts.workflows[workflow] ?? [];
  const inputs = chooseInputs(task, { dispatch, correlation, declared, brief });
  draft.saveAttempt(newAttempt(draft, task, dispatch, { correlation, inputs, ref: facts.branch }));
  draft.act(
    `dispatch:${correlation}`,
    { kind: "dispatch", correlation, workflow, ref: facts.branch, inputs },
    { subject: `task:${task.id}`, taskId: task.id },
  );
  draft.audit("attempt.started", { taskId: task.id, data: { correlation, workflow, baseSha } });
  const lined = withStageLine(task, {
    attempt: task.attempt,
    stage,
    correlation,
    state: "dispatching",
    runUrl: null,
    startedAt: draft.now,
    endedAt: null,
    note: dispatch.note,
    reserved: expectFor(draft, dispatch),
  });
  return { ...lined, correlation, notBefore: null };
}

function newAttempt(
  draft: Draft,
  task: Task,
  { stage, stageIndex, retry, workflow, baseSha }: Dispatch,
  ordered: { readonly correlation: string; readonly inputs: Record<string, string>; readonly ref: string },
): Attempt {
  return {
    correlation: ordered.correlation,
    taskId: task.id,
    repoId: task.repoId,
    number: task.attempt,
    stage,
    stageIndex,
    retry,
    workflow,
    ref: ordered.ref,
    baseSha,
    inputs: withoutBrief(ordered.inputs),
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

interface InputContext {
  readonly dispatch: Dispatch;
  readonly correlation: string;
  readonly declared: readonly string[];
  readonly brief: string;
}

/** Ids and a bounded brief, as far as the workflow declares them, and the inputs of the configuration. */
function chooseInputs(
  task: Task,
  { dispatch, correlation, declared, brief }: InputContext,
): Record<string, string> {
  const standard: Readonly<Record<string, string>> = {
    task: task.id,
    attempt: String(task.attempt),
    correlation,
    base_sha: dispatch.baseSha,
    from_run: task.lastRunId === null ? "" : String(task.lastRunId),
    brief,
  };
  const known = Object.entries(standard).filter(([input]) => declared.includes(input));
  return Object.fromEntries([...Object.entries(dispatch.inputs), ...known]);
}

/** What the task is told of what others learned here. */
function knowledgeFor({ view, now }: Draft, task: Task): readonly KnowledgeObject[] {
  const known = view.record.stored.knowledge;
  if (known === undefined || view.config?.knowledge.brief !== true) return [];
  return chooseKnowledge(known, { scope: scopeOf(task, view), now });
}

/** The brief repeats the task's text; the attempt need not keep it a second time. */
function withoutBrief(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).filter(([input]) => input !== "brief"));
}
