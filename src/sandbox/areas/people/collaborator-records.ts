import { presentUser } from "../../present/user.ts";
import type { Repo, Role } from "../../world/records.ts";
import { roleToPermission } from "../../world/roles.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";

export interface RoleChange {
  readonly repo: Repo;
  readonly user: User;
  readonly role: Role;
  readonly sender: User;
}

/** Gives a person a role in the repository; the role "none" takes the person off the list. */
export function setRole(world: World, { repo, user, role, sender }: RoleChange): void {
  const before = repo.roles.get(user.id);
  if (before === role || (before === undefined && role === "none")) return;
  if (role === "none") repo.roles.delete(user.id);
  else repo.roles.set(user.id, role);
  const member = presentUser(world, user);
  const payload = { member, ...describeChange(before, role) };
  world.emit({ event: "member", action: memberAction(before, role), repo, sender, payload });
}

function memberAction(before: Role | undefined, role: Role): "added" | "edited" | "removed" {
  if (role === "none") return "removed";
  return before === undefined ? "added" : "edited";
}

function describeChange(before: Role | undefined, role: Role) {
  if (role === "none") return {};
  const to = roleToPermission(role);
  if (before === undefined) return { changes: { permission: { to }, role_name: { to: role } } };
  return { changes: { permission: { from: roleToPermission(before), to } } };
}
