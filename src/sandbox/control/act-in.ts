import type { Repo } from "../world/records.ts";
import type { User } from "../world/user.ts";
import type { World } from "../world/world.ts";
import { requireRepo, requireUser } from "./require-records.ts";

/** A repository by `owner/name`, and the person who does it; the owner when nobody is named. */
export interface InRepository {
  readonly repository: string;
  readonly login?: string | undefined;
}

export function actIn(world: World, { repository, login }: InRepository): { repo: Repo; sender: User } {
  const repo = requireRepo(world, repository);
  return { repo, sender: login === undefined ? repo.owner : requireUser(world, login) };
}
