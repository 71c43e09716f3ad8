import type { Team } from "./team.ts";
import type { User } from "./user.ts";
import type { World } from "./world.ts";

export interface TeamMembers {
  readonly organization: User;
  readonly name: string;
  readonly members: readonly User[];
}

/** Makes a team, or changes who is in it. */
export function setTeam(world: World, { organization, name, members }: TeamMembers): Team {
  const slug = slugOf(name);
  const ids = new Set(members.map((user) => user.id));
  const known = findTeam(world, organization, slug);
  if (known) {
    known.members = ids;
    return known;
  }
  const team: Team = { id: world.nextId(), organization, name, slug, members: ids };
  world.teams.set(team.id, team);
  return team;
}

export function findTeam(world: World, organization: User, slug: string): Team | undefined {
  const wanted = slug.toLowerCase();
  return [...world.teams.values()].find(
    (team) => team.organization.id === organization.id && team.slug === wanted,
  );
}

/** Whether the account belongs to the organization: everybody who is in one of its teams does. */
export function isMemberOf(world: World, organization: User, user: User): boolean {
  return [...world.teams.values()].some(
    (team) => team.organization.id === organization.id && team.members.has(user.id),
  );
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_.]+/gu, "-")
    .replaceAll(/^-+|-+$/g, "");
}
