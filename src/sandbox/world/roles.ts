import type { Repo, Role } from "./records.ts";
import type { User } from "./user.ts";

const RANKS: Readonly<Record<Role, number>> = {
  none: 0,
  read: 1,
  triage: 2,
  write: 3,
  maintain: 4,
  admin: 5,
};

/** The older, coarser word for a role that the `permission` field of an answer uses. */
const PERMISSIONS: Readonly<Record<Role, "none" | "read" | "write" | "admin">> = {
  none: "none",
  read: "read",
  triage: "read",
  write: "write",
  maintain: "write",
  admin: "admin",
};

export function hasRole(role: Role, needed: Role): boolean {
  return RANKS[role] >= RANKS[needed];
}

/** What the user may do in the repository: owners everything, strangers read what is public. */
export function roleOf(repo: Repo, user: User): Role {
  if (repo.owner.id === user.id) return "admin";
  return repo.roles.get(user.id) ?? (repo.private ? "none" : "read");
}

export function roleToPermission(role: Role): "none" | "read" | "write" | "admin" {
  return PERMISSIONS[role];
}
