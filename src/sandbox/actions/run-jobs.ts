import { callWorkflow } from "./call-workflow.ts";
import { type Combination, describeCombination, expandMatrix } from "./expand-matrix.ts";
import { evaluateCondition, evaluateText, evaluateValue, type Scope } from "./expressions.ts";
import {
  type JobGraph,
  type JobResult,
  jobKey,
  jobPermissions,
  jobScope,
  summarizeResults,
} from "./job-graph.ts";
import { runJob } from "./run-job.ts";
import type { JobInstance, JobOutcome } from "./run-model.ts";
import type { JobDefinition } from "./workflow-model.ts";

/** One instance of a job on its way through a runner. */
interface InstanceCall {
  readonly graph: JobGraph;
  readonly job: JobDefinition;
  readonly needs: ReadonlyMap<string, JobResult>;
  readonly combination: Combination;
  readonly scope: Scope;
  readonly cancel: AbortSignal;
  readonly key: string;
}

const FAILED: JobOutcome = { conclusion: "failure", result: "failure", outputs: {} };
const CANCELLED: JobOutcome = { conclusion: "cancelled", result: "cancelled", outputs: {} };
const SKIPPED: JobOutcome = { conclusion: "skipped", result: "skipped", outputs: {} };

/** Runs all jobs of a workflow, each as soon as those it needs are done; answers their results by id. */
export async function runJobs(graph: JobGraph): Promise<ReadonlyMap<string, JobResult>> {
  const running = new Map<string, Promise<JobResult>>();
  for (const job of graph.workflow.jobs) {
    const needed = job.needs.map(async (id) => [id, await running.get(id)] as const);
    const result = Promise.all(needed).then((pairs) => {
      const needs = new Map(pairs.flatMap(([id, need]) => (need === undefined ? [] : [[id, need] as const])));
      return runNode(graph, job, needs);
    });
    running.set(job.id, result);
  }
  const results = [...running].map(async ([id, result]) => [id, await result] as const);
  return new Map(await Promise.all(results));
}

async function runNode(
  graph: JobGraph,
  job: JobDefinition,
  needs: ReadonlyMap<string, JobResult>,
): Promise<JobResult> {
  const lineage = [...needs.values()].flatMap((need) => need.lineage);
  const mayKeep = [...needs.values()].every((need) => need.kept);
  const outcomes = await decideAndRun(graph, job, needs, mayKeep);
  const result = summarizeResults(outcomes.map((outcome) => outcome.result));
  const { kept } = graph.request;
  return {
    result,
    outputs: Object.assign({}, ...outcomes.map((outcome) => outcome.outputs)),
    lineage: [...lineage, result],
    kept: mayKeep && outcomes.every((outcome) => [...kept.values()].includes(outcome)),
  };
}

async function decideAndRun(
  graph: JobGraph,
  job: JobDefinition,
  needs: ReadonlyMap<string, JobResult>,
  mayKeep: boolean,
): Promise<readonly JobOutcome[]> {
  const scope = jobScope(graph, needs);
  const plainKey = jobKey(graph, job.id);
  const plain = { graph, job, needs, combination: {}, scope, cancel: graph.cancel, key: plainKey };
  try {
    if (!evaluateCondition(job.condition, scope)) return [skip(plain, mayKeep)];
    const combinations = expandMatrix(job.strategy, scope);
    return await runInstances(plain, combinations, mayKeep);
  } catch (error) {
    return [fail(plain, error)];
  }
}

async function runInstances(
  plain: InstanceCall,
  combinations: readonly Combination[],
  mayKeep: boolean,
): Promise<readonly JobOutcome[]> {
  const { graph, job, needs, scope } = plain;
  const failFast = evaluateText(job.strategy?.failFast ?? "false", scope) === "true";
  const siblings = new AbortController();
  const free = createTurns(
    Number(evaluateText(job.strategy?.maxParallel ?? "", scope)) || combinations.length,
  );
  // A job that may start although the run was cancelled can only be ended by force.
  const cancel = graph.cancel.aborted ? graph.request.force : graph.cancel;
  const runs = combinations.map(async (combination, index) => {
    const strategy = {
      "fail-fast": failFast,
      "job-index": index,
      "job-total": combinations.length,
      "max-parallel": combinations.length,
    };
    const key = jobKey(graph, `${job.id}${describeCombination(combination)}`);
    const kept = mayKeep ? graph.request.kept.get(key) : undefined;
    if (kept !== undefined) return kept;
    const call: InstanceCall = {
      ...plain,
      combination,
      key,
      scope: jobScope(graph, needs, { matrix: combination, strategy }),
      cancel: AbortSignal.any([cancel, siblings.signal]),
    };
    const outcome = await free(() => runInstance(call));
    if (failFast && outcome.result === "failure") siblings.abort();
    return outcome;
  });
  return Promise.all(runs);
}

/** At most so many at once. */
function createTurns(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = limit;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}

async function runInstance(call: InstanceCall): Promise<JobOutcome> {
  const { graph, job, scope, cancel } = call;
  const { observer, host, force } = graph.request;
  if (job.work.kind === "call") return runCall(call);
  let release: () => void = () => undefined;
  try {
    observer.onJobQueued(describeInstance(call));
    release = await host.acquireRunner(AbortSignal.any([cancel, force]));
    const outcome = await runJob({
      key: call.key,
      definition: job,
      steps: job.work.steps,
      workflowEnv: graph.workflow.env,
      workingDirectory: job.workingDirectory ?? graph.workflow.workingDirectory,
      permissions: jobPermissions(graph, job),
      github: graph.request.github,
      contexts: scope.contexts,
      secrets: graph.secrets,
      cancel,
      force,
      host,
      observer,
    });
    observer.onJobCompleted(call.key, outcome);
    return outcome;
  } catch (error) {
    const outcome = cancel.aborted || force.aborted ? CANCELLED : FAILED;
    if (outcome === FAILED) observer.onLog(call.key, `${logLine(call, error)}\n`);
    observer.onJobCompleted(call.key, outcome);
    return outcome;
  } finally {
    release();
  }
}

async function runCall(call: InstanceCall): Promise<JobOutcome> {
  const { graph, job, scope } = call;
  try {
    const { name } = describeInstance(call);
    return await callWorkflow({ graph, job, name, scope, cancel: call.cancel }, runJobs);
  } catch (error) {
    return fail(call, error);
  }
}

function describeInstance(call: InstanceCall): JobInstance {
  const { graph, job, scope, key, combination } = call;
  const ownName = job.name === null ? job.id : evaluateText(job.name, scope);
  const named = job.name?.includes("matrix.") ? ownName : `${ownName}${describeCombination(combination)}`;
  const labels = evaluateValue(job.runsOn, scope);
  return { key, name: [...graph.callers, named].join(" / "), labels: toLabels(labels), willRun: true };
}

function toLabels(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === "string" ? [value] : ["sandbox"];
}

function skip(call: InstanceCall, mayKeep: boolean): JobOutcome {
  const kept = mayKeep ? call.graph.request.kept.get(call.key) : undefined;
  if (kept !== undefined) return kept;
  return finishUnrun(call, call.graph.cancel.aborted ? CANCELLED : SKIPPED);
}

function fail(call: InstanceCall, error: unknown): JobOutcome {
  return finishUnrun(call, FAILED, logLine(call, error));
}

/** Shows a job that never reached a runner. */
function finishUnrun(call: InstanceCall, outcome: JobOutcome, log?: string): JobOutcome {
  const { observer } = call.graph.request;
  const name = [...call.graph.callers, call.job.name ?? call.job.id].join(" / ");
  observer.onJobQueued({ key: call.key, name, labels: [], willRun: false });
  if (log !== undefined) observer.onLog(call.key, `${log}\n`);
  observer.onJobCompleted(call.key, outcome);
  return outcome;
}

function logLine(call: InstanceCall, error: unknown): string {
  const at = call.graph.request.host.now().toISOString();
  return `${at} ##[error]${error instanceof Error ? error.message : String(error)}`;
}
