import { presentHeadCommit } from "../../present/code/commit.ts";
import { nodeId } from "../../present/node-id.ts";
import { presentMinimalRepository, repositoryPage, repositoryUrl } from "../../present/repository.ts";
import { timestamp } from "../../present/timestamp.ts";
import { presentUser } from "../../present/user.ts";
import type { Repo, WorkflowRun } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { attemptOf, factsOf } from "../records/actions-state.ts";

export function runUrl(world: World, repo: Repo, run: WorkflowRun): string {
  return `${repositoryUrl(world, repo)}/actions/runs/${run.id}`;
}

export function runPage(world: World, repo: Repo, run: WorkflowRun): string {
  return `${repositoryPage(world, repo)}/actions/runs/${run.id}`;
}

/** A run as answers and webhooks show it, as of one attempt: the present one when not given. */
export function presentRun(world: World, repo: Repo, run: WorkflowRun, attempt: number = run.runAttempt) {
  const url = runUrl(world, repo, run);
  const { startedAt, triggeringActor, end } = attemptOf(world, run, attempt);
  const { headRepoId } = factsOf(world, run);
  const headRepo = headRepoId === null ? undefined : world.repos.get(headRepoId);
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("WFR", run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    display_title: run.displayTitle,
    run_number: run.runNumber,
    event: run.event,
    status: end === null ? run.status : "completed",
    conclusion: end === null ? run.conclusion : end.conclusion,
    workflow_id: run.workflowId,
    check_suite_id: run.checkSuiteId,
    check_suite_node_id: nodeId("CS", run.checkSuiteId),
    url,
    html_url: runPage(world, repo, run),
    pull_requests: presentPullLinks(world, repo, run),
    created_at: timestamp(run.createdAt),
    updated_at: timestamp(end?.at ?? run.updatedAt),
    actor: presentUser(world, run.actor),
    run_attempt: attempt,
    referenced_workflows: [],
    run_started_at: timestamp(startedAt),
    triggering_actor: presentUser(world, triggeringActor),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repositoryUrl(world, repo)}/check-suites/${run.checkSuiteId}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: attempt > 1 ? `${url}/attempts/${attempt - 1}` : null,
    workflow_url: `${repositoryUrl(world, repo)}/actions/workflows/${run.workflowId}`,
    head_commit: presentHeadCommit(repo, run.headSha),
    repository: presentMinimalRepository(world, repo),
    head_repository: headRepo ? presentMinimalRepository(world, headRepo) : null,
  };
}

function presentPullLinks(world: World, repo: Repo, run: WorkflowRun) {
  const link = { id: repo.id, url: repositoryUrl(world, repo), name: repo.name };
  return run.pullNumbers
    .flatMap((number) => repo.pulls.get(number) ?? [])
    .map((pull) => ({
      id: pull.id,
      number: pull.number,
      url: `${repositoryUrl(world, repo)}/pulls/${pull.number}`,
      head: { ref: pull.headRef, sha: pull.headSha, repo: link },
      base: { ref: pull.baseRef, sha: pull.baseSha, repo: link },
    }));
}
