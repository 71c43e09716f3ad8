import { orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";

/** The commit that a branch is at, since a tag may have the same name; undefined when there is no such branch any more. */
export async function readBranchHead(api: RepositoryApi, branch: string): Promise<string | undefined> {
  const route = "GET /repos/{owner}/{repo}/branches/{branch}";
  return (await orUndefined(api.read(route, { branch }, { remember: true })))?.commit.sha;
}
