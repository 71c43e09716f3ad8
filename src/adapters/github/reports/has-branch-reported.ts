import type { RepositoryApi } from "../client/repository-api.ts";

const PAGE = 100;

/**
 * Whether a push to a branch ever left an artifact of a name. The newest hundred of both are looked at; where one may be
 * further back, it is said to be there.
 */
export async function hasBranchReported({
  api,
  branch,
  artifact,
}: {
  readonly api: RepositoryApi;
  readonly branch: string;
  readonly artifact: string;
}): Promise<boolean> {
  const { artifacts, total_count: named } = await api.read("GET /repos/{owner}/{repo}/actions/artifacts", {
    name: artifact,
    per_page: PAGE,
  });
  const runs = artifacts
    .map(({ workflow_run: run }) => run)
    .filter((run) => run?.head_branch === branch && run.head_repository_id === api.repo.id)
    .map((run) => run?.id);
  const isCut = named > artifacts.length;
  if (runs.length === 0 && !isCut) return false;
  const { workflow_runs: pushes, total_count: pushed } = await api.read(
    "GET /repos/{owner}/{repo}/actions/runs",
    { branch, event: "push", per_page: PAGE },
  );
  // What others start on the branch, and pull requests from it, leave no baseline.
  const ids = new Set(pushes.map(({ id }) => id));
  if (runs.some((id) => id !== undefined && ids.has(id))) return true;
  return (runs.length > 0 && pushed > pushes.length) || (isCut && pushed > 0);
}
