import { findRepo, findUser } from "../world/find-records.ts";
import type { Installation, Issue, Pull, Repo } from "../world/records.ts";
import type { User } from "../world/user.ts";
import type { World } from "../world/world.ts";

/** The repository of an `owner/name`. */
export function requireRepo(world: World, fullName: string): Repo {
  const [owner = "", name = ""] = fullName.split("/");
  const repo = findRepo(world, owner, name);
  if (!repo) throw new Error(`there is no repository ${fullName}`);
  return repo;
}

export function requireUser(world: World, login: string): User {
  const user = findUser(world, login);
  if (!user) throw new Error(`there is no user ${login}`);
  return user;
}

export function requireInstallation(world: World, account: string): Installation {
  const { id } = requireUser(world, account);
  const installation = [...world.installations.values()].find((one) => one.account.id === id);
  if (!installation) throw new Error(`the app is not installed for ${account}`);
  return installation;
}

export function requireIssue(repo: Repo, number: number): Issue {
  const issue = repo.issues.get(number);
  if (!issue) throw new Error(`there is no issue #${number} in ${repo.owner.login}/${repo.name}`);
  return issue;
}

export function requirePull(repo: Repo, number: number): Pull {
  const pull = repo.pulls.get(number);
  if (!pull) throw new Error(`there is no pull request #${number} in ${repo.owner.login}/${repo.name}`);
  return pull;
}
