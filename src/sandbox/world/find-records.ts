import type { Installation, Issue, Repo } from "./records.ts";
import type { User } from "./user.ts";
import type { World } from "./world.ts";

export function findUser(world: World, login: string): User | undefined {
  const wanted = login.toLowerCase();
  return [...world.users.values()].find((user) => user.login.toLowerCase() === wanted);
}

/** Finds a repository by its present name; names are not case-sensitive. */
export function findRepo(world: World, owner: string, name: string): Repo | undefined {
  const wanted = `${owner}/${name}`.toLowerCase();
  return [...world.repos.values()].find(
    (repo) => `${repo.owner.login}/${repo.name}`.toLowerCase() === wanted,
  );
}

/** The installation that covers the repository, suspended or not. */
export function findInstallation(world: World, repo: Repo): Installation | undefined {
  return [...world.installations.values()].find((installation) => installation.repositoryIds.has(repo.id));
}

export function findIssueById(world: World, id: number): { repo: Repo; issue: Issue } | undefined {
  for (const repo of world.repos.values()) {
    for (const issue of repo.issues.values()) if (issue.id === id) return { repo, issue };
  }
  return undefined;
}
