import { presentIssue } from "../../present/issues/issue.ts";
import { presentRepository } from "../../present/repository.ts";
import type { Issue, Repo } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { findLabel } from "../labels/label-records.ts";
import { emitIssueEvent, noteIssueEvent } from "./issue-events.ts";

export interface Transfer {
  readonly from: Repo;
  readonly issue: Issue;
  readonly to: Repo;
  readonly sender: User;
}

/**
 * Moves an issue to another repository of the same owner, where it gets a new id and number. Text, comments, assignees and
 * history go with it, labels only where one of that name is there. The old number leads to the new place. The target hears
 * of it first, as of a new issue and without a `labeled`; then the source.
 */
export function transferIssue(world: World, { from, issue, to, sender }: Transfer): Issue {
  if (from.owner.id !== to.owner.id || from === to)
    throw new Error("an issue can only be transferred to another repository of its owner");
  if (issue.isPull) throw new Error("a pull request cannot be transferred");
  const old = { issue: presentIssue(world, from, issue), repository: presentRepository(world, from) };
  const moved = moveRecords(world, { from, issue, to });
  noteIssueEvent(world, { issue: moved, event: "transferred", actor: sender });
  emitIssueEvent(world, {
    ...{ repo: to, issue: moved, action: "opened", sender },
    extra: { changes: { old_issue: old.issue, old_repository: old.repository } },
  });
  const changes = {
    new_issue: presentIssue(world, to, moved),
    new_repository: presentRepository(world, to),
  };
  const payload = { issue: old.issue, changes };
  world.emit({ event: "issues", action: "transferred", repo: from, sender, payload });
  return moved;
}

function moveRecords(world: World, { from, issue, to }: Omit<Transfer, "sender">): Issue {
  const labels = [...issue.labels].flatMap((name) => findLabel(to, name)?.name ?? []);
  const moved: Issue = {
    ...issue,
    id: world.nextId(),
    number: to.nextNumber++,
    labels: new Set(labels),
    blockedBy: new Set(),
    updatedAt: world.now(),
  };
  to.issues.set(moved.number, moved);
  for (const comment of [...from.comments.values()]) {
    if (comment.issueNumber !== issue.number) continue;
    from.comments.delete(comment.id);
    to.comments.set(comment.id, { ...comment, issueNumber: moved.number });
  }
  from.issues.delete(issue.number);
  from.movedIssues.set(issue.number, { repoId: to.id, number: moved.number });
  return moved;
}
