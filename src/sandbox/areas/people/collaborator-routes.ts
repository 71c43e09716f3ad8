import { optionalChoice } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Access, type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { presentPermissions } from "../../present/repository.ts";
import { presentUser } from "../../present/user.ts";
import { findUser } from "../../world/find-records.ts";
import type { Repo, Role } from "../../world/records.ts";
import { hasRole, roleOf, roleToPermission } from "../../world/roles.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { actingUser } from "../issues/issue-access.ts";
import { pathText } from "../path-text.ts";
import { setRole } from "./collaborator-records.ts";

const BASE = "/repos/{owner}/{repo}/collaborators";
const read: Access = { permission: "metadata", level: "read" };
const administer: Access = { permission: "administration", level: "write", role: "admin" };

/** Invitations know the basic roles by their git names. */
const ROLE_BY_PERMISSION = {
  pull: "read",
  triage: "triage",
  push: "write",
  maintain: "maintain",
  admin: "admin",
} as const;

export const collaboratorRoutes: readonly Route[] = [
  { method: "GET", path: BASE, access: read, handle: list },
  { method: "GET", path: `${BASE}/{username}/permission`, access: read, handle: getPermission },
  { method: "PUT", path: `${BASE}/{username}`, access: administer, handle: put },
  { method: "DELETE", path: `${BASE}/{username}`, access: administer, handle: remove },
];

function list(call: Call): Answer {
  const { world, repo } = call;
  requirePush(call, "Must have push access to view repository collaborators.");
  const people = [...world.users.values()].filter(
    (user) => repo.roles.has(user.id) || isPersonalOwner(repo, user),
  );
  const { items, headers } = paginate(call, people);
  return { status: 200, body: items.map((user) => presentCollaborator(world, repo, user)), headers };
}

function getPermission(call: Call): Answer {
  const { world, repo } = call;
  requirePush(call, "Must have push access to view collaborator permission.");
  const user = requireUser(call);
  const role = roleOf(repo, user);
  const body = {
    permission: roleToPermission(role),
    role_name: role,
    user: presentCollaborator(world, repo, user),
  };
  return { status: 200, body };
}

function put(call: Call): Answer {
  const choices = ["pull", "triage", "push", "maintain", "admin"] as const;
  const permission = optionalChoice(call.body, "permission", choices) ?? "push";
  change(call, ROLE_BY_PERMISSION[permission]);
  return { status: 204 };
}

function remove(call: Call): Answer {
  change(call, "none");
  return { status: 204 };
}

function change(call: Call, role: Role): void {
  setRole(call.world, { repo: call.repo, user: requireUser(call), role, sender: actingUser(call) });
}

function presentCollaborator(world: World, repo: Repo, user: User) {
  const role = roleOf(repo, user);
  return { ...presentUser(world, user), permissions: presentPermissions(role), role_name: role };
}

function isPersonalOwner(repo: Repo, user: User): boolean {
  return repo.owner.id === user.id && user.type === "User";
}

function requireUser(call: Call): User {
  const login = pathText(call, "username");
  const user = findUser(call.world, login);
  if (!user) throw new Refusal(404, `${login} is not a user`);
  return user;
}

function requirePush({ actor, repo }: Call, message: string): void {
  if (actor.kind === "anonymous") throw new Refusal(401, "Requires authentication");
  if (actor.kind === "user" && !hasRole(roleOf(repo, actor.user), "write")) throw new Refusal(403, message);
}
