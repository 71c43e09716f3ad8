import { createHash } from "node:crypto";
import type { Artifact, Repo, WorkflowRun } from "../../world/records.ts";
import { hasRole, roleOf } from "../../world/roles.ts";
import type { World } from "../../world/world.ts";
import { isExpired } from "../present/present-artifact.ts";
import type { ArtifactStore, NewArtifact } from "../runs/run-model.ts";
import { actionsOf } from "./actions-state.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_RETENTION_DAYS = 90;

/** The artifacts as the jobs of one run see them. */
export function createArtifactStore(world: World, repo: Repo, run: WorkflowRun): ArtifactStore {
  return {
    save: (artifact) => saveArtifact(world, repo, { run, artifact }),
    list({ runId, token }) {
      if (runId !== null && !repo.runs.has(runId)) throw new Error(`The run ${runId} was not found`);
      if (runId !== null && !mayReadActions(world, repo, token)) {
        throw new Error(
          "Resource not accessible by integration: the token may not read the repository's actions.",
        );
      }
      const wanted = runId ?? run.id;
      return [...repo.artifacts.values()].filter((one) => one.runId === wanted && !isExpired(world, one));
    },
  };
}

function saveArtifact(
  world: World,
  repo: Repo,
  { run, artifact }: { readonly run: WorkflowRun; readonly artifact: NewArtifact },
): Artifact {
  const { artifactAttempts } = actionsOf(world);
  const namesake = [...repo.artifacts.values()].find(
    (one) =>
      one.runId === run.id && one.name === artifact.name && artifactAttempts.get(one.id) === run.runAttempt,
  );
  if (namesake !== undefined && !artifact.overwrite) {
    throw new Error(
      "Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this name already exists on the workflow run",
    );
  }
  if (namesake !== undefined) repo.artifacts.delete(namesake.id);
  const createdAt = world.now();
  const days = Math.min(artifact.retentionDays, MAX_RETENTION_DAYS);
  const record: Artifact = {
    id: world.nextId(),
    runId: run.id,
    name: artifact.name,
    zip: artifact.zip,
    digest: `sha256:${createHash("sha256").update(artifact.zip).digest("hex")}`,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + days * DAY_MS),
    expired: false,
  };
  repo.artifacts.set(record.id, record);
  artifactAttempts.set(record.id, run.runAttempt);
  return record;
}

function mayReadActions(world: World, repo: Repo, token: string): boolean {
  const job = world.jobTokens.get(token);
  if (job !== undefined) return job.repoId === repo.id && Object.hasOwn(job.permissions, "actions");
  const user = world.userTokens.get(token);
  if (user !== undefined) return hasRole(roleOf(repo, user), "read");
  const narrowed = world.installationTokens.get(token);
  if (narrowed === undefined || !Object.hasOwn(narrowed.permissions, "actions")) return false;
  const all = world.installations.get(narrowed.installationId)?.repositoryIds;
  return (narrowed.repositoryIds ?? all)?.has(repo.id) ?? false;
}
