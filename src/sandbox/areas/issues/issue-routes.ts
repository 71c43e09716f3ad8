import {
  isRecord,
  nullableText,
  optionalChoice,
  optionalNames,
  requiredText,
  validationFailed,
} from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { issueUrl, presentIssueAnswer } from "../../present/issues/issue.ts";
import { findUser } from "../../world/find-records.ts";
import type { Issue } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import { checkLabelNames } from "../labels/label-checks.ts";
import { setLabels } from "../labels/label-records.ts";
import { setAssignees } from "../people/assignee-records.ts";
import { checkBodyLength } from "./body-length.ts";
import {
  actingUser,
  findIssue,
  joinIssues,
  mayChange,
  mayTriage,
  readIssues,
  triageIssues,
} from "./issue-access.ts";
import {
  closeIssue,
  createIssueRecord,
  editIssue,
  lockIssue,
  reopenIssue,
  unlockIssue,
} from "./issue-records.ts";
import { listIssues } from "./list-issues.ts";

const BASE = "/repos/{owner}/{repo}/issues";
const CLOSE_REASONS = ["completed", "not_planned", "duplicate", "reopened"] as const;
const LOCK_REASONS = ["off-topic", "too heated", "resolved", "spam"] as const;
const MAX_TITLE = 256;

export const issueRoutes: readonly Route[] = [
  { method: "GET", path: BASE, access: readIssues, handle: list },
  { method: "POST", path: BASE, access: joinIssues, content: true, handle: create },
  { method: "GET", path: `${BASE}/{issue_number}`, access: readIssues, handle: get },
  { method: "PATCH", path: `${BASE}/{issue_number}`, access: joinIssues, handle: change },
  { method: "PUT", path: `${BASE}/{issue_number}/lock`, access: triageIssues, handle: lock },
  { method: "DELETE", path: `${BASE}/{issue_number}/lock`, access: triageIssues, handle: unlock },
];

function list(call: Call): Answer {
  const { items, headers } = paginate(call, listIssues(call));
  const body = items.map((issue) => presentIssueAnswer(call.world, call.repo, issue));
  return { status: 200, body, headers };
}

function create(call: Call): Answer {
  const { world, repo, body } = call;
  const title = checkTitle(requiredText(body, "title", "Issue"));
  const text = nullableText(body, "body") ?? null;
  checkBodyLength("Issue", text);
  const labels = optionalNames(body, "labels", "name") ?? [];
  checkLabelNames(labels);
  const assignees = readAssignees(call) ?? [];
  const isTrusted = mayTriage(call);
  const issue = createIssueRecord(world, repo, {
    title,
    body: text,
    user: actingUser(call),
    appId: call.appId,
    isPull: false,
    // GitHub leaves these out without a word when the author may not set them.
    ...(isTrusted && { labels, assignees }),
  });
  const headers = { location: issueUrl(world, repo, issue.number) };
  return { status: 201, body: presentIssueAnswer(world, repo, issue), headers };
}

function get(call: Call): Answer {
  return { status: 200, body: presentIssueAnswer(call.world, call.repo, findIssue(call)) };
}

function change(call: Call): Answer {
  const { world, repo, body } = call;
  const issue = findIssue(call);
  if (!mayTriage(call) && !mayChange(call, issue.user)) {
    throw new Refusal(403, "Must have triage access to repository.");
  }
  const edit = readEdit(call);
  const labels = optionalNames(body, "labels", "name");
  checkLabelNames(labels ?? []);
  const assignees = readAssignees(call);
  const state = optionalChoice(body, "state", ["open", "closed"]);
  const reason = optionalChoice(body, "state_reason", CLOSE_REASONS) ?? null;
  const user = actingUser(call);

  editIssue(world, { repo, issue, edit, user });
  if (labels) setLabels(world, { repo, issue, names: labels, sender: user });
  if (assignees) setAssignees(world, { repo, issue, assignees, sender: user });
  if (state === "closed") closeIssue(world, { repo, issue, user, reason });
  if (state === "open") reopen(call, issue, user);
  return { status: 200, body: presentIssueAnswer(world, repo, issue) };
}

function reopen({ world, repo }: Call, issue: Issue, user: User): void {
  if (repo.pulls.get(issue.number)?.merged) {
    throw validationFailed({ resource: "Issue", code: "invalid", field: "state" });
  }
  reopenIssue(world, { repo, issue, user });
}

function lock(call: Call): Answer {
  const reason = optionalChoice(call.body, "lock_reason", LOCK_REASONS) ?? null;
  lockIssue(call.world, { repo: call.repo, issue: findIssue(call), user: actingUser(call), reason });
  return { status: 204 };
}

function unlock(call: Call): Answer {
  unlockIssue(call.world, { repo: call.repo, issue: findIssue(call), user: actingUser(call) });
  return { status: 204 };
}

function readEdit({ body }: Call) {
  const title = nullableText(body, "title") ?? undefined;
  const text = nullableText(body, "body");
  if (title !== undefined) checkTitle(title);
  checkBodyLength("Issue", text ?? null);
  return { title, body: text };
}

function checkTitle(title: string): string {
  if (title.trim() === "")
    throw validationFailed({ resource: "Issue", code: "missing_field", field: "title" });
  if (title.length <= MAX_TITLE) return title;
  const message = `title is too long (maximum is ${MAX_TITLE} characters)`;
  throw validationFailed({ resource: "Issue", code: "custom", field: "title", message });
}

/** The people named as assignees; also understands the older single `assignee`. */
function readAssignees({ world, body }: Call): readonly User[] | undefined {
  const logins = optionalNames(body, "assignees", "login") ?? singleAssignee(body);
  return logins?.map((login) => {
    const user = findUser(world, login);
    if (!user) throw validationFailed({ resource: "Issue", code: "invalid", field: "assignees" });
    return user;
  });
}

function singleAssignee(body: unknown): string[] | undefined {
  if (!isRecord(body) || body.assignee === undefined) return undefined;
  return typeof body.assignee === "string" && body.assignee !== "" ? [body.assignee] : [];
}
