import type { Repo, WorkflowRun } from "../world/records.ts";

const ACTIVE = new Set<WorkflowRun["status"]>(["queued", "in_progress", "requested", "pending"]);

/** Runs that will go on by themselves; one that waits for approval will not. */
export function countActiveRuns(repo: Repo): number {
  return [...repo.runs.values()].filter((run) => ACTIVE.has(run.status)).length;
}
