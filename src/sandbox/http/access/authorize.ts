import type { Issue, Repo, Role } from "../../world/records.ts";
import { hasRole, roleOf } from "../../world/roles.ts";
import { isMemberOf } from "../../world/teams.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { type Access, type Actor, Refusal } from "../route.ts";

type Permission = Exclude<Access, string>;

/** Checks access to a route that has no repository in its path. */
export function authorizeAccount(actor: Actor, access: Access): void {
  if (access === "app" && actor.kind !== "app")
    throw new Refusal(401, "A JSON web token could not be decoded");
  if (access === "installation" && actor.kind !== "installation") {
    throw new Refusal(
      403,
      "You must authenticate with an installation access token in order to list repositories for an installation.",
    );
  }
}

/** Checks access to an organization: apps by their permission there, people by belonging to it. */
export function authorizeOrganization(
  world: World,
  actor: Actor,
  { organization, access }: { readonly organization: User | undefined; readonly access: Permission },
): void {
  if (organization?.type !== "Organization") throw new Refusal(404, "Not Found");
  if (actor.kind === "anonymous") throw new Refusal(401, "Requires authentication");
  if (actor.kind === "user" && isMemberOf(world, organization, actor.user)) return;
  if (actor.kind === "user") throw new Refusal(404, "Not Found");
  const isInstalled = actor.kind === "installation" && actor.installation.account.id === organization.id;
  if (!isInstalled || !covers(actor.permissions[access.permission], access.level))
    throw notAccessible(access);
}

/** Checks access to a repository: 404 for what the caller may not know about, 403 or 401 for what it may only see. */
export function authorizeRepository(
  actor: Actor,
  { repo, access, issue }: { repo: Repo; access: Access; issue: Issue | undefined },
): void {
  authorizeAccount(actor, access);
  if (typeof access === "string") return;
  if (repo.private && !mayKnow(actor, repo)) throw new Refusal(404, "Not Found");
  if (actor.kind === "user") authorizeUser(roleOf(repo, actor.user), access);
  if (actor.kind === "anonymous" && access.level === "write")
    throw new Refusal(401, "Requires authentication");
  if (actor.kind === "app") throw notAccessible(access);
  if (actor.kind === "installation" || actor.kind === "job") {
    authorizeIntegration(actor, { repo, access, isPull: issue?.isPull ?? false });
  }
}

function mayKnow(actor: Actor, repo: Repo): boolean {
  if (actor.kind === "user") return hasRole(roleOf(repo, actor.user), "read");
  return isGranted(actor, repo);
}

function isGranted(actor: Actor, repo: Repo): boolean {
  if (actor.kind === "installation") return actor.repositoryIds.has(repo.id);
  return actor.kind === "job" && actor.repoId === repo.id;
}

function authorizeUser(role: Role, access: Permission): void {
  const needed = access.role ?? access.level;
  if (hasRole(role, needed)) return;
  throw new Refusal(403, needed === "admin" ? "Must have admin rights to Repository." : roleMessage(needed));
}

function roleMessage(needed: Role): string {
  return needed === "write" || needed === "maintain"
    ? "Must have push access to repository."
    : "Must have triage access to repository.";
}

function authorizeIntegration(
  actor: Extract<Actor, { kind: "installation" | "job" }>,
  { repo, access, isPull }: { repo: Repo; access: Permission; isPull: boolean },
): void {
  const isPublicRead = access.level === "read" && !repo.private && !isGranted(actor, repo);
  if (isPublicRead) return;
  if (!isGranted(actor, repo)) throw notAccessible(access);
  const names = access.permission === "issues" && isPull ? ["issues", "pull_requests"] : [access.permission];
  const isAllowed = names.some((name) => covers(actor.permissions[name], access.level));
  if (!isAllowed && access.permission !== "metadata") throw notAccessible(access);
}

function covers(granted: "read" | "write" | undefined, level: "read" | "write"): boolean {
  return granted === "write" || granted === level;
}

function notAccessible({ permission, level }: Permission): Refusal {
  return new Refusal(403, "Resource not accessible by integration", {
    headers: { "x-accepted-github-permissions": `${permission}=${level}` },
  });
}
