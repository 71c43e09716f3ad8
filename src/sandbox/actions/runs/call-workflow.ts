import { evaluateText, evaluateTexts, evaluateValue, type Scope } from "../workflow/expressions.ts";
import { readWorkflow } from "../workflow/read-workflow.ts";
import type {
  InputDefinition,
  JobDefinition,
  Trigger,
  WorkflowDefinition,
} from "../workflow/workflow-model.ts";
import { type JobGraph, type JobResult, jobPermissions, jobScope, summarizeResults } from "./job-graph.ts";
import type { JobOutcome } from "./run-model.ts";

const MAX_DEPTH = 4;

interface WorkflowCall {
  readonly graph: JobGraph;
  readonly job: JobDefinition;
  readonly name: string;
  readonly scope: Scope;
  readonly cancel: AbortSignal;
}

/** Runs a reusable workflow of the same commit in place of a job. */
export async function callWorkflow(
  call: WorkflowCall,
  runJobs: (graph: JobGraph) => Promise<ReadonlyMap<string, JobResult>>,
): Promise<JobOutcome> {
  const { graph, job, name, scope, cancel } = call;
  const { work } = job;
  if (work.kind !== "call") throw new Error(`The job '${job.id}' calls no workflow`);
  if (graph.callers.length >= MAX_DEPTH)
    throw new Error(`Workflows call each other more than ${MAX_DEPTH} deep`);
  const { workflow, trigger } = await loadWorkflow(graph, work.path);
  const secretScope: Scope = { ...scope, contexts: { ...scope.contexts, secrets: graph.secrets } };
  const called: JobGraph = {
    request: graph.request,
    workflow,
    inputs: readInputs(trigger, evaluateValue(work.with, scope)),
    secrets: work.secrets === "inherit" ? graph.secrets : evaluateTexts(work.secrets, secretScope),
    ceiling: jobPermissions(graph, job),
    callers: [...graph.callers, name],
    cancel,
  };
  const results = await runJobs(called);
  const outputScope = jobScope(called, new Map(), { jobs: Object.fromEntries(results) });
  const outputs = Object.entries(trigger.outputs).map(([key, text]) => [
    key,
    evaluateText(text, outputScope),
  ]);
  const result = summarizeResults([...results.values()].map((one) => one.result));
  return { conclusion: result, result, outputs: Object.fromEntries(outputs) };
}

async function loadWorkflow(
  graph: JobGraph,
  path: string,
): Promise<{ readonly workflow: WorkflowDefinition; readonly trigger: Trigger }> {
  const text = await graph.request.host.readWorkflowFile(path);
  if (text === null) throw new Error(`The workflow '${path}' was not found`);
  const read = readWorkflow(text);
  if (read.kind === "invalid")
    throw new Error(`The workflow '${path}' is not valid. ${read.problems.join("; ")}`);
  const trigger = read.workflow.triggers.get("workflow_call");
  if (trigger === undefined)
    throw new Error(`The workflow '${path}' does not have a 'workflow_call' trigger`);
  return { workflow: read.workflow, trigger };
}

function readInputs(trigger: Trigger, given: unknown): Record<string, unknown> {
  const values = new Map(Object.entries(typeof given === "object" && given !== null ? given : {}));
  for (const name of values.keys()) {
    if (!trigger.inputs.has(name))
      throw new Error(`Invalid input, ${name} is not defined in the referenced workflow.`);
  }
  const inputs: Record<string, unknown> = {};
  for (const [name, definition] of trigger.inputs) {
    const value = values.get(name) ?? definition.default;
    if (value === null && definition.required) {
      throw new Error(`Input ${name} is required, but not provided while calling.`);
    }
    inputs[name] = convertInput(definition, value);
  }
  return inputs;
}

/** The value of an input in the type that its definition names. */
export function convertInput(definition: InputDefinition, value: unknown): unknown {
  if (definition.type === "boolean") return value === true || value === "true";
  if (definition.type === "number") return Number(value ?? 0);
  return value === null || value === undefined ? "" : String(value);
}
