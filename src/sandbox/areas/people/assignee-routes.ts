import { optionalNames } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import type { Answer, Call, Route } from "../../http/route.ts";
import { presentIssueAnswer } from "../../present/issues/issue.ts";
import { presentUser } from "../../present/user.ts";
import { findUser } from "../../world/find-records.ts";
import type { Repo } from "../../world/records.ts";
import { hasRole, roleOf } from "../../world/roles.ts";
import type { User } from "../../world/user.ts";
import { actingUser, findIssue, readIssues, triageIssues } from "../issues/issue-access.ts";
import { addAssignees, removeAssignees } from "./assignee-records.ts";

const ASSIGNEES = "/repos/{owner}/{repo}/assignees";
const OF_ISSUE = "/repos/{owner}/{repo}/issues/{issue_number}/assignees";

export const assigneeRoutes: readonly Route[] = [
  { method: "GET", path: ASSIGNEES, access: readIssues, handle: list },
  { method: "POST", path: OF_ISSUE, access: triageIssues, handle: add },
  { method: "DELETE", path: OF_ISSUE, access: triageIssues, handle: remove },
];

function list(call: Call): Answer {
  const assignable = [...call.world.users.values()].filter((user) => isAssignable(call.repo, user));
  const { items, headers } = paginate(call, assignable);
  return { status: 200, body: items.map((user) => presentUser(call.world, user)), headers };
}

function add(call: Call): Answer {
  const change = readChange(call);
  addAssignees(call.world, change);
  return { status: 201, body: presentIssueAnswer(call.world, call.repo, change.issue) };
}

function remove(call: Call): Answer {
  const change = readChange(call);
  removeAssignees(call.world, change);
  return { status: 200, body: presentIssueAnswer(call.world, call.repo, change.issue) };
}

/** People who cannot be assigned are left out without a word, as GitHub does. */
function readChange(call: Call) {
  const { world, repo, body } = call;
  const logins = optionalNames(body, "assignees", "login") ?? [];
  const assignees = logins.flatMap((login) => {
    const user = findUser(world, login);
    return user && isAssignable(repo, user) ? [user] : [];
  });
  return { repo, issue: findIssue(call), assignees, sender: actingUser(call) };
}

function isAssignable(repo: Repo, user: User): boolean {
  return user.type === "User" && hasRole(roleOf(repo, user), "triage");
}
