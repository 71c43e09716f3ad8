import { presentUser } from "../../present/user.ts";
import type { Issue, Repo } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { emitIssueEvent, touchIssue } from "../issues/issue-events.ts";

export interface AssigneeChange {
  readonly repo: Repo;
  readonly issue: Issue;
  readonly assignees: readonly User[];
  readonly sender: User;
}

export function addAssignees(world: World, { repo, issue, assignees, sender }: AssigneeChange): void {
  for (const assignee of assignees) {
    if (issue.assignees.has(assignee.id)) continue;
    issue.assignees.add(assignee.id);
    touchIssue(world, issue);
    const extra = { assignee: presentUser(world, assignee) };
    emitIssueEvent(world, { repo, issue, action: "assigned", sender, extra });
  }
}

export function removeAssignees(world: World, { repo, issue, assignees, sender }: AssigneeChange): void {
  for (const assignee of assignees) {
    if (!issue.assignees.delete(assignee.id)) continue;
    touchIssue(world, issue);
    const extra = { assignee: presentUser(world, assignee) };
    emitIssueEvent(world, { repo, issue, action: "unassigned", sender, extra });
  }
}

/** Makes exactly these people the assignees. */
export function setAssignees(world: World, change: AssigneeChange): void {
  const wanted = new Set(change.assignees.map((user) => user.id));
  const surplus = [...change.issue.assignees].flatMap((id) => {
    const user = world.users.get(id);
    return user && !wanted.has(id) ? [user] : [];
  });
  removeAssignees(world, { ...change, assignees: surplus });
  addAssignees(world, change);
}
