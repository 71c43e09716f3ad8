import type { CommitStatus, Repo } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { nodeId } from "../node-id.ts";
import { presentMinimalRepository, repositoryUrl } from "../repository.ts";
import { timestamp } from "../timestamp.ts";
import { presentUser } from "../user.ts";

/** A status in the combined answer: without its creator. */
export function presentSimpleStatus(world: World, repo: Repo, status: CommitStatus) {
  return {
    url: `${repositoryUrl(world, repo)}/statuses/${status.sha}`,
    avatar_url: presentUser(world, status.creator).avatar_url,
    id: status.id,
    node_id: nodeId("SC", status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: timestamp(status.createdAt),
    updated_at: timestamp(status.createdAt),
  };
}

export function presentStatus(world: World, repo: Repo, status: CommitStatus) {
  return { ...presentSimpleStatus(world, repo, status), creator: presentUser(world, status.creator) };
}

/** The newest status of each context, summed up. */
export function presentCombinedStatus(
  world: World,
  repo: Repo,
  { sha, statuses }: { readonly sha: string; readonly statuses: readonly CommitStatus[] },
) {
  const url = repositoryUrl(world, repo);
  return {
    state: combinedState(statuses),
    statuses: statuses.map((status) => presentSimpleStatus(world, repo, status)),
    sha,
    total_count: statuses.length,
    repository: presentMinimalRepository(world, repo),
    commit_url: `${url}/commits/${sha}`,
    url: `${url}/commits/${sha}/status`,
  };
}

function combinedState(statuses: readonly CommitStatus[]): "failure" | "pending" | "success" {
  if (statuses.some(({ state }) => state === "failure" || state === "error")) return "failure";
  return statuses.length > 0 && statuses.every(({ state }) => state === "success") ? "success" : "pending";
}
