import { isFailure } from "../client/github-problem.ts";
import type { Fetch } from "../client/guarded-fetch.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { type Download, downloadArtifact } from "./download-artifact.ts";

type Api = Pick<RepositoryApi, "read">;
const ROUTE = "GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts";

/** The newest artifact of a name that a run left. */
export async function findNewestArtifact(
  api: Api,
  { runId, name }: { readonly runId: number; readonly name: string },
) {
  const { artifacts } = await api.read(ROUTE, { run_id: runId, name, per_page: 100 });
  return newestOf(artifacts, name);
}

/** The newest artifact of a name, and the names of all that the run left and that can still be had: the first hundred. */
export async function surveyArtifacts(
  api: Api,
  { runId, name }: { readonly runId: number; readonly name: string },
) {
  const { artifacts, total_count: total } = await api.read(ROUTE, { run_id: runId, per_page: 100 });
  const listed = newestOf(artifacts, name);
  const isCut = Number(total) > artifacts.length;
  const newest = listed === undefined && isCut ? await findNewestArtifact(api, { runId, name }) : listed;
  const uploaded = new Set(artifacts.filter(({ expired }) => !expired).map((artifact) => artifact.name));
  return { newest, uploaded: [...uploaded] };
}

/** A re-run leaves one artifact per attempt under the same name; what an older one says has been replaced, also by one that has expired. */
function newestOf<A extends { readonly name: string; readonly id: number }>(
  artifacts: readonly A[],
  name: string,
): A | undefined {
  return artifacts.filter((artifact) => artifact.name === name).toSorted((a, b) => b.id - a.id)[0];
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
