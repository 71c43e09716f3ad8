import { presentComment, presentIssue } from "../../present/issues/issue.ts";
import type { Comment, Issue, Repo } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { touchIssue } from "./issue-events.ts";

export interface NewComment {
  readonly issue: Issue;
  readonly body: string;
  readonly user: User;
  readonly appId: number | null;
}

export function createComment(world: World, repo: Repo, { issue, body, user, appId }: NewComment): Comment {
  const at = world.now();
  const comment: Comment = {
    id: world.nextId(),
    issueNumber: issue.number,
    body,
    user,
    appId,
    reactions: [],
    createdAt: at,
    updatedAt: at,
  };
  repo.comments.set(comment.id, comment);
  touchIssue(world, issue);
  emitComment(world, { repo, issue, comment, action: "created", sender: user });
  return comment;
}

export interface CommentChange {
  readonly repo: Repo;
  readonly issue: Issue;
  readonly comment: Comment;
  readonly sender: User;
}

export function editComment(world: World, change: CommentChange & { readonly body: string }): void {
  const { comment, body } = change;
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = world.now();
  emitComment(world, { ...change, action: "edited", extra: { changes: { body: { from } } } });
}

export function deleteComment(world: World, change: CommentChange): void {
  change.repo.comments.delete(change.comment.id);
  emitComment(world, { ...change, action: "deleted" });
}

interface CommentEvent extends CommentChange {
  readonly action: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}

function emitComment(world: World, { repo, issue, comment, action, sender, extra }: CommentEvent): void {
  const payload = {
    issue: presentIssue(world, repo, issue),
    comment: presentComment(world, repo, comment),
    ...extra,
  };
  world.emit({ event: "issue_comment", action, repo, sender, payload });
}
