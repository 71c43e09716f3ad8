import { isFailure } from "../client/github-problem.ts";
import type { Fetch } from "../client/guarded-fetch.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { type Download, downloadArtifact } from "./download-artifact.ts";

/** A re-run leaves one artifact per attempt under the same name; one that can still be read is better than a newer one that cannot. */
export async function findNewestArtifact(
  api: RepositoryApi,
  { runId, name }: { readonly runId: number; readonly name: string },
) {
  const { artifacts } = await api.read("GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts", {
    run_id: runId,
    name,
    per_page: 100,
  });
  const [newest] = artifacts
    .filter((artifact) => artifact.name === name)
    .toSorted((a, b) => Number(a.expired) - Number(b.expired) || b.id - a.id);
  return newest;
}

/** The archive of an artifact, or why it cannot be had. */
export async function downloadArchive(
  api: RepositoryApi,
  artifactId: number,
  store: { readonly apiUrl: string; readonly fetch: Fetch },
): Promise<Download> {
  const redirect = await requestArchive(api, artifactId);
  if (typeof redirect === "string") return { kind: "unreadable", why: redirect };
  return downloadArtifact(redirect, store);
}

/** The redirect to the archive, or why there is none. */
async function requestArchive(api: RepositoryApi, artifactId: number) {
  try {
    const answer = await api.raw(
      "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}",
      { artifact_id: artifactId, archive_format: "zip" },
    );
    return answer.status === 302 ? answer : `GitHub answered ${answer.status} instead of the artifact`;
  } catch (error) {
    if (isFailure(error, "gone")) return "the artifact is gone";
    throw error;
  }
}
