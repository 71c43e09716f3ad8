import { nodeId } from "../../present/node-id.ts";
import { repositoryUrl } from "../../present/repository.ts";
import { timestamp, timestampOrNull } from "../../present/timestamp.ts";
import type { Repo, WorkflowJob, WorkflowRun } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { attemptOf } from "../records/actions-state.ts";
import { RUNNER_NAME } from "../runner/job-runtime.ts";
import { runPage, runUrl } from "./present-run.ts";

/** A job as answers and webhooks show it. */
export function presentJob(
  world: World,
  repo: Repo,
  { run, job }: { readonly run: WorkflowRun; readonly job: WorkflowJob },
) {
  const hasRunner = job.steps.length > 0;
  const facts = [...attemptOf(world, run, job.runAttempt).jobs.values()].find((one) => one.record === job);
  return {
    id: job.id,
    run_id: run.id,
    run_url: runUrl(world, repo, run),
    run_attempt: job.runAttempt,
    node_id: nodeId("CR", job.id),
    head_sha: run.headSha,
    head_branch: run.headBranch,
    url: `${repositoryUrl(world, repo)}/actions/jobs/${job.id}`,
    html_url: `${runPage(world, repo, run)}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: timestamp(job.createdAt),
    started_at: timestamp(job.startedAt),
    completed_at: timestampOrNull(job.completedAt),
    name: job.name,
    workflow_name: run.name,
    steps: job.steps.map((step) => ({
      name: step.name,
      status: step.status,
      conclusion: step.conclusion,
      number: step.number,
      started_at: timestampOrNull(step.startedAt),
      completed_at: timestampOrNull(step.completedAt),
    })),
    check_run_url: `${repositoryUrl(world, repo)}/check-runs/${job.checkRunId}`,
    labels: facts?.labels ?? [],
    runner_id: hasRunner ? 1 : null,
    runner_name: hasRunner ? RUNNER_NAME : null,
    runner_group_id: hasRunner ? 1 : null,
    runner_group_name: hasRunner ? "Default" : null,
  };
}
