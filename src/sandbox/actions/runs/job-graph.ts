import type { Scope } from "../workflow/expressions.ts";
import type { JobDefinition, Permissions, WorkflowDefinition } from "../workflow/workflow-model.ts";
import type { Result, RunRequest } from "./run-model.ts";

/** One workflow's jobs as they run: the run's own, or those of a workflow that a job calls. */
export interface JobGraph {
  readonly request: RunRequest;
  readonly workflow: WorkflowDefinition;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** What a called workflow's jobs may have at most; null for the run's own jobs. */
  readonly ceiling: Permissions | null;
  /** Names of the calling jobs, outermost first. */
  readonly callers: readonly string[];
  readonly cancel: AbortSignal;
}

export interface JobResult {
  readonly result: Result;
  readonly outputs: Readonly<Record<string, string>>;
  /** Results of the job and of all jobs before it; status functions look at all of them. */
  readonly lineage: readonly Result[];
  /** True when a re-run took the result over from the attempt before. */
  readonly kept: boolean;
}

const DEFAULT_PERMISSIONS: Permissions = { contents: "read", metadata: "read" };

/** What expressions outside of steps can see. */
export function jobScope(
  graph: JobGraph,
  needs: ReadonlyMap<string, JobResult>,
  more: Readonly<Record<string, unknown>> = {},
): Scope {
  const { request } = graph;
  const lineage = [...needs.values()].flatMap((need) => need.lineage);
  const cancelled = graph.cancel.aborted;
  return {
    contexts: {
      github: request.github,
      vars: request.vars,
      inputs: graph.inputs,
      needs: Object.fromEntries([...needs].map(([id, { result, outputs }]) => [id, { result, outputs }])),
      ...more,
    },
    status: {
      success: !cancelled && lineage.every((result) => result === "success"),
      failure: !cancelled && lineage.includes("failure"),
      cancelled,
    },
  };
}

/** What the job's token may do: its own word, else the workflow's, else the default; never more than the caller's. */
export function jobPermissions(graph: JobGraph, job: JobDefinition): Permissions {
  const said = job.permissions ?? graph.workflow.permissions;
  const wanted =
    said === null ? (graph.ceiling ?? DEFAULT_PERMISSIONS) : { ...said, metadata: "read" as const };
  const { ceiling } = graph;
  if (ceiling === null) return wanted;
  const limited = Object.entries(wanted).map(([scope, level]) => {
    const most = ceiling[scope] ?? "none";
    return [scope, most === "write" || level === "none" ? level : most] as const;
  });
  return Object.fromEntries(limited);
}

/** The worst result is the result of them all. */
export function summarizeResults(results: readonly Result[]): Result {
  const worstFirst: readonly Result[] = ["failure", "cancelled", "success"];
  return worstFirst.find((result) => results.includes(result)) ?? "skipped";
}

export function jobKey(graph: JobGraph, name: string): string {
  return [...graph.callers, name].join(" / ");
}
