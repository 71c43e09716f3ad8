import type { Permission } from "../../../core/repo.ts";
import { orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";

const ROLES: readonly Permission[] = ["none", "read", "triage", "write", "maintain", "admin"];

/**
 * What somebody may do in the repository now: GitHub is asked every time, if only whether it changed. A custom role has a
 * name of its own; what it extends is then in the older, coarser field.
 */
export async function readPermission(api: RepositoryApi, login: string): Promise<Permission> {
  const route = "GET /repos/{owner}/{repo}/collaborators/{username}/permission";
  const answer = await orUndefined(api.read(route, { username: login }, { remember: true }));
  const names = [answer?.role_name, answer?.permission];
  return ROLES.find((role) => role === names[0]) ?? ROLES.find((role) => role === names[1]) ?? "none";
}
