import { fetchBranches } from "../../git/fetch.ts";
import { presentRepository } from "../../present/repository.ts";
import { findRepo } from "../../world/find-records.ts";
import type { Repo } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { createRepoRecord } from "./repository-records.ts";

/** Copies a repository and its branches to an account of another person. */
export async function forkRepository(
  world: World,
  { repo, user }: { readonly repo: Repo; readonly user: User },
): Promise<Repo> {
  if (findRepo(world, user.login, repo.name)) {
    throw new Error(`${user.login} has a repository ${repo.name} already`);
  }
  const { name, private: isPrivate } = repo;
  const fork = await createRepoRecord(world, { owner: user, name, private: isPrivate, parent: repo });
  fork.defaultBranch = repo.defaultBranch;
  fetchBranches(fork, repo);
  // The webhook's description of a repository is older than that of the API.
  const { has_discussions: _, ...forkee } = presentRepository(world, fork);
  world.emit({ event: "fork", action: null, repo, sender: user, payload: { forkee } });
  return fork;
}
