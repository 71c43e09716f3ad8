import type { Issue, Repo } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { emitLabelChange, ensureLabel } from "../labels/label-records.ts";
import { emitIssueEvent, noteIssueEvent, touchIssue } from "./issue-events.ts";

export interface NewIssue {
  readonly title: string;
  readonly body: string | null;
  readonly user: User;
  readonly isPull: boolean;
  readonly appId?: number | null;
  readonly labels?: readonly string[];
  readonly assignees?: readonly User[];
}

/** Adds an issue. For a pull request it only keeps the record: its creator sends `pull_request.opened` and then calls `announceIssue`. */
export function createIssueRecord(world: World, repo: Repo, values: NewIssue): Issue {
  const at = world.now();
  const labels = (values.labels ?? []).map((name) => ensureLabel(world, repo, { name, sender: values.user }));
  const issue: Issue = {
    id: world.nextId(),
    number: repo.nextNumber++,
    title: values.title,
    body: values.body,
    state: "open",
    stateReason: null,
    user: values.user,
    labels: new Set(labels.map((label) => label.name)),
    assignees: new Set((values.assignees ?? []).map((user) => user.id)),
    locked: false,
    lockReason: null,
    reactions: [],
    events: [],
    blockedBy: new Set(),
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    closedBy: null,
    appId: values.appId ?? null,
    isPull: values.isPull,
  };
  repo.issues.set(issue.number, issue);
  if (!issue.isPull) announceIssue(world, repo, issue);
  return issue;
}

/** Sends what GitHub sends for a new issue: one `opened`, and one `labeled` for each label it was born with. */
export function announceIssue(world: World, repo: Repo, issue: Issue): void {
  const sender = issue.user;
  if (!issue.isPull) emitIssueEvent(world, { repo, issue, action: "opened", sender });
  for (const name of issue.labels) emitLabelChange(world, { repo, issue, name, action: "labeled", sender });
}

export interface IssueEdit {
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
}

/** Changes title and body; says nothing when they stay as they are. */
export function editIssue(
  world: World,
  { repo, issue, edit, user }: { repo: Repo; issue: Issue; edit: IssueEdit; user: User },
): void {
  const changes: Record<string, { from: string }> = {};
  if (edit.title !== undefined && edit.title !== issue.title) {
    changes.title = { from: issue.title };
    issue.title = edit.title;
  }
  if (edit.body !== undefined && edit.body !== issue.body) {
    changes.body = { from: issue.body ?? "" };
    issue.body = edit.body;
  }
  if (Object.keys(changes).length === 0) return;
  touchIssue(world, issue);
  emitIssueEvent(world, { repo, issue, action: "edited", sender: user, extra: { changes } });
}

export interface StateChange {
  readonly repo: Repo;
  readonly issue: Issue;
  readonly user: User;
  readonly reason?: Issue["stateReason"];
}

/** Closes an issue or pull request; a closed one stays as it is. */
export function closeIssue(world: World, { repo, issue, user, reason }: StateChange): void {
  if (issue.state === "closed") return;
  issue.state = "closed";
  issue.stateReason = issue.isPull ? null : (reason ?? "completed");
  issue.closedAt = world.now();
  issue.closedBy = user;
  touchIssue(world, issue);
  noteIssueEvent(world, { issue, event: "closed", actor: user });
  emitIssueEvent(world, { repo, issue, action: "closed", sender: user });
}

export function reopenIssue(world: World, { repo, issue, user }: StateChange): void {
  if (issue.state === "open") return;
  issue.state = "open";
  issue.stateReason = issue.isPull ? null : "reopened";
  issue.closedAt = null;
  issue.closedBy = null;
  touchIssue(world, issue);
  noteIssueEvent(world, { issue, event: "reopened", actor: user });
  emitIssueEvent(world, { repo, issue, action: "reopened", sender: user });
}

export interface LockChange {
  readonly repo: Repo;
  readonly issue: Issue;
  readonly user: User;
  readonly reason?: Issue["lockReason"];
}

export function lockIssue(world: World, { repo, issue, user, reason }: LockChange): void {
  issue.lockReason = reason ?? null;
  if (issue.locked) return;
  issue.locked = true;
  emitIssueEvent(world, { repo, issue, action: "locked", sender: user });
}

export function unlockIssue(world: World, { repo, issue, user }: LockChange): void {
  if (!issue.locked) return;
  issue.locked = false;
  issue.lockReason = null;
  emitIssueEvent(world, { repo, issue, action: "unlocked", sender: user });
}

export function pinIssue(world: World, { repo, issue, user }: StateChange): void {
  emitIssueEvent(world, { repo, issue, action: "pinned", sender: user });
}

/** What is left of an issue that became a discussion: closed, locked, and a line of its history. */
export function convertToDiscussion(world: World, { repo, issue, user }: StateChange): void {
  noteIssueEvent(world, { issue, event: "converted_to_discussion", actor: user });
  lockIssue(world, { repo, issue, user });
  closeIssue(world, { repo, issue, user, reason: "not_planned" });
}

/** Removes an issue with its comments for good; its number answers 410 from now on. */
export function deleteIssue(
  world: World,
  { repo, issue, user }: { repo: Repo; issue: Issue; user: User },
): void {
  emitIssueEvent(world, { repo, issue, action: "deleted", sender: user });
  repo.issues.delete(issue.number);
  repo.deletedIssues.add(issue.number);
  for (const comment of [...repo.comments.values()]) {
    if (comment.issueNumber === issue.number) repo.comments.delete(comment.id);
  }
}
