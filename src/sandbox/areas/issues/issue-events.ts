import { presentIssue } from "../../present/issues/issue.ts";
import { presentPull } from "../../present/issues/pull.ts";
import type { IssueEventRecord } from "../../world/issue-event-record.ts";
import type { Issue, Label, Repo } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";

export interface IssueEvent {
  readonly repo: Repo;
  readonly issue: Issue;
  readonly action: string;
  readonly sender: User;
  /** Fields beside the issue, such as `label` or `changes`. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

/** Sends what happened to an issue as `issues`, and to a pull request as `pull_request`. */
export function emitIssueEvent(world: World, { repo, issue, action, sender, extra }: IssueEvent): void {
  const pull = repo.pulls.get(issue.number);
  const payload = pull
    ? { number: pull.number, pull_request: presentPull(world, repo, pull), ...extra }
    : { issue: presentIssue(world, repo, issue), ...extra };
  world.emit({ event: pull ? "pull_request" : "issues", action, repo, sender, payload });
}

/** Writes a line of the issue's history. */
export function noteIssueEvent(
  world: World,
  {
    issue,
    event,
    actor,
    label,
  }: { issue: Issue; event: IssueEventRecord["event"]; actor: User; label?: Label },
): void {
  issue.events.push({
    id: world.nextId(),
    event,
    actor,
    label: label === undefined ? null : { name: label.name, color: label.color },
    createdAt: world.now(),
  });
}

/** Marks a change of the issue, so that its `updated_at` moves. */
export function touchIssue(world: World, issue: Issue): void {
  issue.updatedAt = world.now();
}
