import { paginate } from "../../http/paginate.ts";
import { type Access, type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { presentUser } from "../../present/user.ts";
import { findUser } from "../../world/find-records.ts";
import type { Team } from "../../world/team.ts";
import { findTeam } from "../../world/teams.ts";
import { pathText } from "../path-text.ts";

const TEAM = "/orgs/{org}/teams/{team_slug}";
const read: Access = { permission: "members", level: "read" };

export const teamRoutes: readonly Route[] = [
  { method: "GET", path: `${TEAM}/members`, access: read, handle: listMembers },
  { method: "GET", path: `${TEAM}/memberships/{username}`, access: read, handle: getMembership },
];

/** Everybody in a sandbox team is an ordinary member, so no one is listed as its maintainer. */
function listMembers(call: Call): Answer {
  const { world, query } = call;
  const { members } = teamOfPath(call);
  const ids = query.get("role") === "maintainer" ? [] : [...members];
  const { items, headers } = paginate(
    call,
    ids.flatMap((id) => world.users.get(id) ?? []),
  );
  return { status: 200, headers, body: items.map((user) => presentUser(world, user)) };
}

function getMembership(call: Call): Answer {
  const { world } = call;
  const team = teamOfPath(call);
  const user = findUser(world, pathText(call, "username"));
  if (!user || !team.members.has(user.id)) throw new Refusal(404, "Not Found");
  const url = `${world.baseUrl()}/organizations/${team.organization.id}/team/${team.id}/memberships/${user.login}`;
  return { status: 200, body: { url, role: "member", state: "active" } };
}

function teamOfPath(call: Call): Team {
  const organization = findUser(call.world, pathText(call, "org"));
  const team = organization && findTeam(call.world, organization, pathText(call, "team_slug"));
  if (!team) throw new Refusal(404, "Not Found");
  return team;
}
