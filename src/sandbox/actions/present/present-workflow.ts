import { nodeId } from "../../present/node-id.ts";
import { repositoryPage, repositoryUrl } from "../../present/repository.ts";
import { timestamp } from "../../present/timestamp.ts";
import type { Repo, Workflow } from "../../world/records.ts";
import type { World } from "../../world/world.ts";

export function presentWorkflow(world: World, repo: Repo, workflow: Workflow) {
  const page = repositoryPage(world, repo);
  return {
    id: workflow.id,
    node_id: nodeId("W", workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: workflow.state,
    created_at: timestamp(workflow.createdAt),
    updated_at: timestamp(workflow.createdAt),
    url: `${repositoryUrl(world, repo)}/actions/workflows/${workflow.id}`,
    html_url: `${page}/blob/${repo.defaultBranch}/${workflow.path}`,
    badge_url: `${page}/workflows/${encodeURIComponent(workflow.name)}/badge.svg`,
  };
}
