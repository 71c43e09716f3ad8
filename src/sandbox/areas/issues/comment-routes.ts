import { requiredText, validationFailed } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { presentComment } from "../../present/issues/issue.ts";
import type { Comment, Issue } from "../../world/records.ts";
import { checkBodyLength } from "./body-length.ts";
import { createComment, deleteComment, editComment } from "./comment-records.ts";
import {
  actingUser,
  findComment,
  findIssue,
  joinIssues,
  mayChange,
  mayWriteTo,
  readIssues,
} from "./issue-access.ts";
import { readTime } from "./list-issues.ts";

const ISSUES = "/repos/{owner}/{repo}/issues";

export const commentRoutes: readonly Route[] = [
  { method: "GET", path: `${ISSUES}/{issue_number}/comments`, access: readIssues, handle: listOfIssue },
  {
    method: "POST",
    path: `${ISSUES}/{issue_number}/comments`,
    access: joinIssues,
    content: true,
    handle: create,
  },
  { method: "GET", path: `${ISSUES}/comments`, access: readIssues, handle: listOfRepository },
  { method: "GET", path: `${ISSUES}/comments/{comment_id}`, access: readIssues, handle: get },
  { method: "PATCH", path: `${ISSUES}/comments/{comment_id}`, access: joinIssues, handle: edit },
  { method: "DELETE", path: `${ISSUES}/comments/{comment_id}`, access: joinIssues, handle: remove },
];

function listOfIssue(call: Call): Answer {
  const { number } = findIssue(call);
  return answerList(
    call,
    [...call.repo.comments.values()].filter((comment) => comment.issueNumber === number),
  );
}

function listOfRepository(call: Call): Answer {
  const comments = [...call.repo.comments.values()];
  if (call.query.get("sort") === "updated") {
    comments.sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime() || a.id - b.id);
  }
  // Only an explicit sort has a direction; without one the order is by id.
  const isDescending = call.query.has("sort") && call.query.get("direction") !== "asc";
  return answerList(call, isDescending ? comments.reverse() : comments);
}

function answerList(call: Call, comments: readonly Comment[]): Answer {
  const since = call.query.get("since");
  const from = since === null ? null : readTime(since);
  const recent = from === null ? comments : comments.filter((comment) => comment.updatedAt >= from);
  const { items, headers } = paginate(call, recent);
  return { status: 200, body: items.map((one) => presentComment(call.world, call.repo, one)), headers };
}

function create(call: Call): Answer {
  const { world, repo } = call;
  const issue = findIssue(call);
  const body = readCommentBody(call);
  if (!mayWriteTo(call, issue)) throw new Refusal(403, "Unable to create comment because issue is locked.");
  const comment = createComment(world, repo, { issue, body, user: actingUser(call), appId: call.appId });
  const answer = presentComment(world, repo, comment);
  return { status: 201, body: answer, headers: { location: answer.url } };
}

function get(call: Call): Answer {
  return { status: 200, body: presentComment(call.world, call.repo, findComment(call)) };
}

function edit(call: Call): Answer {
  const { world, repo } = call;
  const change = readChange(call);
  if (!mayWriteTo(call, change.issue))
    throw new Refusal(403, "Unable to update comment because issue is locked.");
  editComment(world, { ...change, body: readCommentBody(call) });
  return { status: 200, body: presentComment(world, repo, change.comment) };
}

function remove(call: Call): Answer {
  deleteComment(call.world, readChange(call));
  return { status: 204 };
}

function readChange(call: Call) {
  const comment = findComment(call);
  if (!mayChange(call, comment.user)) throw new Refusal(403, "Must have push access to repository.");
  const issue: Issue | undefined = call.repo.issues.get(comment.issueNumber);
  if (!issue) throw new Refusal(404, "Not Found");
  return { repo: call.repo, issue, comment, sender: actingUser(call) };
}

function readCommentBody({ body }: Call): string {
  const text = requiredText(body, "body");
  checkBodyLength("IssueComment", text);
  if (text.trim() !== "") return text;
  throw validationFailed({
    resource: "IssueComment",
    code: "unprocessable",
    field: "data",
    message: "Body cannot be blank",
  });
}
