import { pathNumber, requiredInteger, validationFailed } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { presentIssueAnswer } from "../../present/issues/issue.ts";
import { findIssueById } from "../../world/find-records.ts";
import type { Issue, Repo } from "../../world/records.ts";
import { addDependency, removeDependency } from "./dependency-records.ts";
import { actingUser, findIssue, readIssues, triageIssues } from "./issue-access.ts";

const BASE = "/repos/{owner}/{repo}/issues/{issue_number}/dependencies";

export const dependencyRoutes: readonly Route[] = [
  { method: "GET", path: `${BASE}/blocked_by`, access: readIssues, handle: listBlockers },
  { method: "POST", path: `${BASE}/blocked_by`, access: triageIssues, handle: add },
  { method: "DELETE", path: `${BASE}/blocked_by/{issue_id}`, access: triageIssues, handle: remove },
  { method: "GET", path: `${BASE}/blocking`, access: readIssues, handle: listBlocked },
];

interface Placed {
  readonly repo: Repo;
  readonly issue: Issue;
}

function listBlockers(call: Call): Answer {
  const blockers = [...findIssue(call).blockedBy].flatMap((id) => findIssueById(call.world, id) ?? []);
  return answerList(call, blockers);
}

function listBlocked(call: Call): Answer {
  const { id } = findIssue(call);
  const blocked = [...call.world.repos.values()].flatMap((repo) =>
    [...repo.issues.values()].filter((issue) => issue.blockedBy.has(id)).map((issue) => ({ repo, issue })),
  );
  return answerList(call, blocked);
}

function answerList(call: Call, placed: readonly Placed[]): Answer {
  const { items, headers } = paginate(call, placed);
  const body = items.map(({ repo, issue }) => presentIssueAnswer(call.world, repo, issue));
  return { status: 200, body, headers };
}

function add(call: Call): Answer {
  const { world, repo, body } = call;
  const issue = findIssue(call);
  const blocking = findOther(call, requiredInteger(body, "issue_id"));
  if (blocking.issue === issue) {
    const message = "An issue cannot block itself";
    throw validationFailed({ resource: "IssueDependency", code: "custom", field: "issue_id", message });
  }
  if (issue.blockedBy.has(blocking.issue.id)) {
    throw validationFailed({ resource: "IssueDependency", code: "already_exists", field: "issue_id" });
  }
  addDependency(world, { blocked: { repo, issue }, blocking, sender: actingUser(call) });
  return { status: 201, body: presentIssueAnswer(world, repo, issue) };
}

function remove(call: Call): Answer {
  const { world, repo, params } = call;
  const issue = findIssue(call);
  const blocking = findOther(call, pathNumber(params, "issue_id"));
  if (!issue.blockedBy.has(blocking.issue.id)) throw new Refusal(404, "Not Found");
  removeDependency(world, { blocked: { repo, issue }, blocking, sender: actingUser(call) });
  return { status: 200, body: presentIssueAnswer(world, repo, issue) };
}

/** The other issue, by database id; GitHub allows other repositories of the same owner only. */
function findOther({ world, repo }: Call, id: number): Placed {
  const found = findIssueById(world, id);
  if (!found || found.repo.owner.id !== repo.owner.id) throw new Refusal(404, "Not Found");
  return found;
}
