import { runJob } from "../runner/run-job.ts";
import { type Combination, describeCombination, expandMatrix } from "../workflow/expand-matrix.ts";
import { evaluateCondition, evaluateText, evaluateValue, type Scope } from "../workflow/expressions.ts";
import type { JobDefinition } from "../workflow/workflow-model.ts";
import { callWorkflow } from "./call-workflow.ts";
import {
  type JobGraph,
  type JobResult,
  jobKey,
  jobPermissions,
  jobScope,
  summarizeResults,
} from "./job-graph.ts";
import type { JobInstance, JobOutcome } from "./run-model.ts";

/** One job whose needed jobs are done. */
interface JobCall {
  readonly graph: JobGraph;
  readonly job: JobDefinition;
  readonly needs: ReadonlyMap<string, JobResult>;
  /** Whether a re-run may take the result over from the attempt before. */
  readonly mayKeep: boolean;
}

/** One instance of a job on its way through a runner. */
interface InstanceCall extends JobCall {
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
      const mayKeep = [...needs.values()].every((need) => need.kept);
      return runReadyJob({ graph, job, needs, mayKeep });
    });
    running.set(job.id, result);
  }
  const results = [...running].map(async ([id, result]) => [id, await result] as const);
  return new Map(await Promise.all(results));
}

async function runReadyJob(call: JobCall): Promise<JobResult> {
  const lineage = [...call.needs.values()].flatMap((need) => need.lineage);
  const outcomes = await decideAndRun(call);
  const result = summarizeResults(outcomes.map((outcome) => outcome.result));
  const kept = new Set(call.graph.request.kept.values());
  return {
    result,
    outputs: Object.assign({}, ...outcomes.map((outcome) => outcome.outputs)),
    lineage: [...lineage, result],
    kept: outcomes.every((outcome) => kept.has(outcome)),
  };
}

async function decideAndRun(call: JobCall): Promise<readonly JobOutcome[]> {
  const { graph, job, needs } = call;
  const scope = jobScope(graph, needs);
  const plain = { ...call, combination: {}, scope, cancel: graph.cancel, key: jobKey(graph, job.id) };
  try {
    if (!evaluateCondition(job.condition, scope)) return [skip(plain)];
    return await runInstances(plain, expandMatrix(job.strategy, scope));
  } catch (error) {
    return [fail(plain, error)];
  }
}

async function runInstances(
  plain: InstanceCall,
  combinations: readonly Combination[],
): Promise<readonly JobOutcome[]> {
  const { graph, job, needs, scope } = plain;
  const failFast = evaluateText(job.strategy?.failFast ?? "false", scope) === "true";
  const maxParallel = Number(evaluateText(job.strategy?.maxParallel ?? "", scope)) || combinations.length;
  const takeTurn = createTurns(maxParallel);
  const siblings = new AbortController();
  // A job that may start although the run was cancelled can only be ended by force.
  const cancel = graph.cancel.aborted ? graph.request.force : graph.cancel;
  const total = { "fail-fast": failFast, "job-total": combinations.length, "max-parallel": maxParallel };
  const runs = combinations.map(async (combination, index) => {
    const key = jobKey(graph, `${job.id}${describeCombination(combination)}`);
    const call: InstanceCall = {
      ...plain,
      combination,
      key,
      scope: jobScope(graph, needs, { matrix: combination, strategy: { ...total, "job-index": index } }),
      cancel: AbortSignal.any([cancel, siblings.signal]),
    };
    const outcome = keptOutcome(call) ?? (await takeTurn(() => runInstance(call)));
    if (failFast && outcome.result === "failure") siblings.abort();
    return outcome;
  });
  return Promise.all(runs);
}

function keptOutcome({ graph, mayKeep, key }: InstanceCall): JobOutcome | undefined {
  return mayKeep ? graph.request.kept.get(key) : undefined;
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

function skip(call: InstanceCall): JobOutcome {
  return keptOutcome(call) ?? finishUnrun(call, call.graph.cancel.aborted ? CANCELLED : SKIPPED);
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
