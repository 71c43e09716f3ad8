import type { Issue, Label, Repo } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { nodeId } from "../node-id.ts";
import { repositoryUrl } from "../repository.ts";

export function presentLabel(world: World, repo: Repo, label: Label) {
  return {
    id: label.id,
    node_id: nodeId("LA", label.id),
    url: `${repositoryUrl(world, repo)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    description: label.description,
    color: label.color,
    default: false,
  };
}

export function presentIssueLabels(world: World, repo: Repo, issue: Issue) {
  return [...issue.labels].flatMap((name) => {
    const label = repo.labels.get(name);
    return label ? [presentLabel(world, repo, label)] : [];
  });
}
