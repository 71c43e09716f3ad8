import { nodeId } from "../../present/node-id.ts";
import { repositoryUrl } from "../../present/repository.ts";
import { timestamp } from "../../present/timestamp.ts";
import type { Artifact, Repo } from "../../world/records.ts";
import type { World } from "../../world/world.ts";

export function isExpired(world: World, artifact: Artifact): boolean {
  return artifact.expired || artifact.expiresAt.getTime() <= world.now().getTime();
}

export function presentArtifact(world: World, repo: Repo, artifact: Artifact) {
  const url = `${repositoryUrl(world, repo)}/actions/artifacts/${artifact.id}`;
  const run = repo.runs.get(artifact.runId);
  return {
    id: artifact.id,
    node_id: nodeId("A", artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.zip.byteLength,
    url,
    archive_download_url: `${url}/zip`,
    expired: isExpired(world, artifact),
    digest: artifact.digest,
    created_at: timestamp(artifact.createdAt),
    updated_at: timestamp(artifact.createdAt),
    expires_at: timestamp(artifact.expiresAt),
    workflow_run:
      run === undefined
        ? null
        : {
            id: run.id,
            repository_id: repo.id,
            head_repository_id: repo.id,
            head_branch: run.headBranch,
            head_sha: run.headSha,
          },
  };
}
