import { pathNumber } from "../../http/body-fields.ts";
import { type Access, type Call, Refusal } from "../../http/route.ts";
import type { Comment, Issue } from "../../world/records.ts";
import { hasRole, roleOf } from "../../world/roles.ts";
import type { User } from "../../world/user.ts";

export const readIssues: Access = { permission: "issues", level: "read" };

/** What anybody who can read may write: new issues, comments and reactions. */
export const joinIssues: Access = { permission: "issues", level: "write", role: "read" };

export const triageIssues: Access = { permission: "issues", level: "write", role: "triage" };

/** The issue or pull request of the path; 410 when it was deleted, 301 when it was transferred. */
export function findIssue(call: Pick<Call, "world" | "repo" | "params" | "path">): Issue {
  const { repo, params } = call;
  const number = pathNumber(params, "issue_number");
  const issue = repo.issues.get(number);
  if (issue) return issue;
  if (repo.deletedIssues.has(number)) throw new Refusal(410, "This issue was deleted");
  throw findMove(call, number) ?? new Refusal(404, "Not Found");
}

/** Paths that GitHub describes a redirect for; below the others a transferred issue is not found. */
const REDIRECTED = /\/issues\/\d+(?:\/labels)?$/;

function findMove({ world, repo, path }: Pick<Call, "world" | "repo" | "path">, number: number) {
  const moved = repo.movedIssues.get(number);
  if (!moved || !REDIRECTED.test(path)) return undefined;
  const location = `${world.baseUrl()}/repositories/${moved.repoId}/issues/${moved.number}`;
  return new Refusal(301, "Moved Permanently", { headers: { location } });
}

/** GitHub lets no integration into a locked conversation, whatever its permissions; people who may push go on. */
export function mayWriteTo({ actor, repo }: Call, { locked }: Issue): boolean {
  return !locked || (actor.kind === "user" && hasRole(roleOf(repo, actor.user), "write"));
}

export function findComment({ repo, params }: Pick<Call, "repo" | "params">): Comment {
  const comment = repo.comments.get(pathNumber(params, "comment_id"));
  if (!comment) throw new Refusal(404, "Not Found");
  return comment;
}

/** The account that acts; routes that write are only reached by somebody. */
export function actingUser({ user }: Pick<Call, "user">): User {
  if (!user) throw new Refusal(401, "Requires authentication");
  return user;
}

/** True for integrations (their permission was checked already) and for people who triage. */
export function mayTriage({ actor, repo }: Call): boolean {
  return actor.kind !== "user" || hasRole(roleOf(repo, actor.user), "triage");
}

/** True for integrations, for people who may push, and for the author. */
export function mayChange({ actor, repo }: Call, author: User): boolean {
  if (actor.kind !== "user" || actor.user.id === author.id) return true;
  return hasRole(roleOf(repo, actor.user), "write");
}
