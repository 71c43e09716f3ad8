import { repositoryPage } from "../../present/repository.ts";
import type { Repo, WorkflowRun } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { attemptOf, factsOf } from "../records/actions-state.ts";

/** The `github` context of a run, without the parts that belong to a job. */
export function githubContext(world: World, repo: Repo, run: WorkflowRun): Record<string, unknown> {
  const { ref, headRef, baseRef } = factsOf(world, run);
  const { triggeringActor } = attemptOf(world, run);
  const fullName = `${repo.owner.login}/${repo.name}`;
  return {
    event_name: run.event,
    event: run.eventPayload,
    ref,
    ref_name: shortRef(ref),
    ref_type: ref.startsWith("refs/tags/") ? "tag" : "branch",
    ref_protected: false,
    sha: run.headSha,
    head_ref: headRef,
    base_ref: baseRef,
    repository: fullName,
    repository_id: String(repo.id),
    repository_owner: repo.owner.login,
    repository_owner_id: String(repo.owner.id),
    repositoryUrl: `${repositoryPage(world, repo)}.git`,
    actor: run.actor.login,
    actor_id: String(run.actor.id),
    triggering_actor: triggeringActor.login,
    run_id: String(run.id),
    run_number: String(run.runNumber),
    run_attempt: String(run.runAttempt),
    retention_days: "90",
    workflow: run.name,
    workflow_ref: `${fullName}/${run.path}@${ref}`,
    workflow_sha: run.headSha,
    server_url: `${world.baseUrl()}/ui`,
    api_url: world.baseUrl(),
    graphql_url: `${world.baseUrl()}/graphql`,
  };
}

/** A ref without its namespace, as people write it. */
export function shortRef(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags|pull)\//, "");
}
