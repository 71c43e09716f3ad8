import { presentIssue } from "../../present/issues/issue.ts";
import { presentRepository } from "../../present/repository.ts";
import type { Issue, Repo } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { touchIssue } from "./issue-events.ts";

interface Placed {
  readonly repo: Repo;
  readonly issue: Issue;
}

export interface Dependency {
  readonly blocked: Placed;
  readonly blocking: Placed;
  readonly sender: User;
}

export function addDependency(world: World, dependency: Dependency): void {
  const { blocked, blocking } = dependency;
  if (blocked.issue.blockedBy.has(blocking.issue.id)) return;
  blocked.issue.blockedBy.add(blocking.issue.id);
  touchIssue(world, blocked.issue);
  emitDependency(world, { ...dependency, change: "added" });
}

export function removeDependency(world: World, dependency: Dependency): void {
  const { blocked, blocking } = dependency;
  if (!blocked.issue.blockedBy.delete(blocking.issue.id)) return;
  touchIssue(world, blocked.issue);
  emitDependency(world, { ...dependency, change: "removed" });
}

/** Each side's repository hears of it in its own words. GitHub describes this event for organizations only. */
function emitDependency(world: World, dependency: Dependency & { readonly change: string }): void {
  const { blocked, blocking, sender, change } = dependency;
  const pair = {
    blocked_issue_id: blocked.issue.id,
    blocked_issue: presentIssue(world, blocked.repo, blocked.issue),
    blocking_issue_id: blocking.issue.id,
    blocking_issue: presentIssue(world, blocking.repo, blocking.issue),
  };
  const event = "issue_dependencies";
  if (blocked.repo.owner.type === "Organization") {
    const payload = { ...pair, blocking_issue_repo: presentRepository(world, blocking.repo) };
    world.emit({ event, action: `blocked_by_${change}`, repo: blocked.repo, sender, payload });
  }
  if (blocking.repo.owner.type === "Organization") {
    const payload = { ...pair, blocked_issue_repo: presentRepository(world, blocked.repo) };
    world.emit({ event, action: `blocking_${change}`, repo: blocking.repo, sender, payload });
  }
}
