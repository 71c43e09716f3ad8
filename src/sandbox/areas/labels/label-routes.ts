import {
  nullableText,
  optionalNames,
  optionalText,
  requiredText,
  validationFailed,
} from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Access, type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { presentIssueLabels, presentLabel } from "../../present/issues/label.ts";
import type { Label } from "../../world/records.ts";
import { actingUser, findIssue, readIssues, triageIssues } from "../issues/issue-access.ts";
import { pathText } from "../path-text.ts";
import { checkLabelLook, checkLabelName, checkLabelNames } from "./label-checks.ts";
import {
  addLabels,
  createLabel,
  deleteLabel,
  editLabel,
  findLabel,
  removeLabels,
  setLabels,
} from "./label-records.ts";

const REPOSITORY = "/repos/{owner}/{repo}/labels";
const ISSUE = "/repos/{owner}/{repo}/issues/{issue_number}/labels";
const writeLabels: Access = { permission: "issues", level: "write" };

export const labelRoutes: readonly Route[] = [
  { method: "GET", path: REPOSITORY, access: readIssues, handle: list },
  { method: "POST", path: REPOSITORY, access: writeLabels, handle: create },
  { method: "GET", path: `${REPOSITORY}/{name}`, access: readIssues, handle: get },
  { method: "PATCH", path: `${REPOSITORY}/{name}`, access: writeLabels, handle: edit },
  { method: "DELETE", path: `${REPOSITORY}/{name}`, access: writeLabels, handle: remove },
  { method: "GET", path: ISSUE, access: readIssues, handle: listOfIssue },
  { method: "POST", path: ISSUE, access: triageIssues, handle: addToIssue },
  { method: "PUT", path: ISSUE, access: triageIssues, handle: setOnIssue },
  { method: "DELETE", path: ISSUE, access: triageIssues, handle: clearIssue },
  { method: "DELETE", path: `${ISSUE}/{name}`, access: triageIssues, handle: removeFromIssue },
];

function list(call: Call): Answer {
  const { items, headers } = paginate(call, [...call.repo.labels.values()]);
  return { status: 200, body: items.map((label) => presentLabel(call.world, call.repo, label)), headers };
}

function create(call: Call): Answer {
  const { world, repo, body } = call;
  const name = requiredText(body, "name", "Label");
  const color = optionalText(body, "color")?.toLowerCase();
  const description = nullableText(body, "description");
  checkLabelName(name);
  checkLabelLook({ color, description });
  refuseTaken(call, name);
  const label = createLabel(world, repo, { name, color, description, sender: actingUser(call) });
  const answer = presentLabel(world, repo, label);
  return { status: 201, body: answer, headers: { location: answer.url } };
}

function get(call: Call): Answer {
  return { status: 200, body: presentLabel(call.world, call.repo, requireLabel(call)) };
}

function edit(call: Call): Answer {
  const { world, repo, body } = call;
  const label = requireLabel(call);
  const name = optionalText(body, "new_name");
  const color = optionalText(body, "color")?.toLowerCase();
  const description = nullableText(body, "description");
  if (name !== undefined) checkLabelName(name);
  checkLabelLook({ color, description });
  if (name !== undefined && findLabel(repo, name) !== label) refuseTaken(call, name);
  editLabel(world, { repo, label, edit: { name, color, description }, sender: actingUser(call) });
  return { status: 200, body: presentLabel(world, repo, label) };
}

function remove(call: Call): Answer {
  deleteLabel(call.world, { repo: call.repo, label: requireLabel(call), sender: actingUser(call) });
  return { status: 204 };
}

function listOfIssue(call: Call): Answer {
  const { items, headers } = paginate(call, presentIssueLabels(call.world, call.repo, findIssue(call)));
  return { status: 200, body: items, headers };
}

function addToIssue(call: Call): Answer {
  const change = readLabelsOfIssue(call);
  addLabels(call.world, change);
  return { status: 200, body: presentIssueLabels(call.world, call.repo, change.issue) };
}

function setOnIssue(call: Call): Answer {
  const change = readLabelsOfIssue(call);
  setLabels(call.world, change);
  return { status: 200, body: presentIssueLabels(call.world, call.repo, change.issue) };
}

function clearIssue(call: Call): Answer {
  const issue = findIssue(call);
  removeLabels(call.world, { repo: call.repo, issue, names: [...issue.labels], sender: actingUser(call) });
  return { status: 204 };
}

function removeFromIssue(call: Call): Answer {
  const { world, repo } = call;
  const issue = findIssue(call);
  const name = findLabel(repo, pathText(call, "name"))?.name;
  if (name === undefined || !issue.labels.has(name)) throw new Refusal(404, "Label does not exist");
  removeLabels(world, { repo, issue, names: [name], sender: actingUser(call) });
  return { status: 200, body: presentIssueLabels(world, repo, issue) };
}

function readLabelsOfIssue(call: Call) {
  const issue = findIssue(call);
  const names = optionalNames(call.body, "labels", "name") ?? [];
  checkLabelNames([...new Set([...names, ...issue.labels])]);
  return { repo: call.repo, issue, names, sender: actingUser(call) };
}

function requireLabel(call: Call): Label {
  const label = findLabel(call.repo, pathText(call, "name"));
  if (!label) throw new Refusal(404, "Not Found");
  return label;
}

function refuseTaken({ repo }: Call, name: string): void {
  if (findLabel(repo, name))
    throw validationFailed({ resource: "Label", code: "already_exists", field: "name" });
}
