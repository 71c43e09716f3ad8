import type { Comment, Issue, Repo } from "../../world/records.ts";
import { isMemberOf } from "../../world/teams.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { presentAppById } from "../app.ts";
import { nodeId } from "../node-id.ts";
import { repositoryPage, repositoryUrl } from "../repository.ts";
import { timestamp, timestampOrNull } from "../timestamp.ts";
import { presentUser, presentUserOrNull } from "../user.ts";
import { presentIssueLabels } from "./label.ts";
import { presentReactionRollup } from "./reaction.ts";

/** The issue as webhooks carry it. */
export function presentIssue(world: World, repo: Repo, issue: Issue) {
  const url = issueUrl(world, repo, issue.number);
  const assignees = presentAssignees(world, issue);
  return {
    id: issue.id,
    node_id: nodeId(issue.isPull ? "PR" : "I", issue.id),
    url,
    repository_url: repositoryUrl(world, repo),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: issuePage(world, repo, issue),
    number: issue.number,
    state: issue.state,
    state_reason: issue.stateReason,
    title: issue.title,
    body: issue.body,
    user: presentUser(world, issue.user),
    labels: presentIssueLabels(world, repo, issue),
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    locked: issue.locked,
    active_lock_reason: issue.lockReason,
    comments: [...repo.comments.values()].filter((comment) => comment.issueNumber === issue.number).length,
    created_at: timestamp(issue.createdAt),
    updated_at: timestamp(issue.updatedAt),
    closed_at: timestampOrNull(issue.closedAt),
    author_association: presentAssociation(world, repo, issue.user),
    performed_via_github_app: presentAppById(world, issue.appId),
    reactions: presentReactionRollup(url, issue.reactions),
    issue_dependencies_summary: summarizeDependencies(world, repo, issue),
    ...(issue.isPull && presentPullPart(world, repo, issue)),
  };
}

/** The issue as the REST API answers it. */
export function presentIssueAnswer(world: World, repo: Repo, issue: Issue) {
  return { ...presentIssue(world, repo, issue), closed_by: presentUserOrNull(world, issue.closedBy) };
}

export function presentComment(world: World, repo: Repo, comment: Comment) {
  const url = `${repositoryUrl(world, repo)}/issues/comments/${comment.id}`;
  const issue = repo.issues.get(comment.issueNumber);
  const page = issue ? issuePage(world, repo, issue) : repositoryPage(world, repo);
  return {
    id: comment.id,
    node_id: nodeId("IC", comment.id),
    url,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: issueUrl(world, repo, comment.issueNumber),
    body: comment.body,
    user: presentUser(world, comment.user),
    created_at: timestamp(comment.createdAt),
    updated_at: timestamp(comment.updatedAt),
    author_association: presentAssociation(world, repo, comment.user),
    performed_via_github_app: presentAppById(world, comment.appId),
    reactions: presentReactionRollup(url, comment.reactions),
  };
}

export function presentAssignees(world: World, issue: Issue) {
  return [...issue.assignees].flatMap((id) => {
    const user = world.users.get(id);
    return user ? [presentUser(world, user)] : [];
  });
}

/** How the author stands to the repository, as `author_association` says it. */
export function presentAssociation(
  world: World,
  repo: Repo,
  user: User,
): "OWNER" | "MEMBER" | "COLLABORATOR" | "NONE" {
  if (repo.owner.id === user.id) return "OWNER";
  if (isMemberOf(world, repo.owner, user)) return "MEMBER";
  return repo.roles.has(user.id) ? "COLLABORATOR" : "NONE";
}

export function issueUrl(world: World, repo: Repo, number: number): string {
  return `${repositoryUrl(world, repo)}/issues/${number}`;
}

export function issuePage(world: World, repo: Repo, issue: Pick<Issue, "number" | "isPull">): string {
  return `${repositoryPage(world, repo)}/${issue.isPull ? "pull" : "issues"}/${issue.number}`;
}

function presentPullPart(world: World, repo: Repo, issue: Issue) {
  const pull = repo.pulls.get(issue.number);
  const page = issuePage(world, repo, issue);
  return {
    draft: pull?.draft ?? false,
    pull_request: {
      url: `${repositoryUrl(world, repo)}/pulls/${issue.number}`,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: timestampOrNull(pull?.mergedAt ?? null),
    },
  };
}

function summarizeDependencies(world: World, repo: Repo, issue: Issue) {
  const everywhere = issue.blockedBy.size > 0 ? [...world.repos.values()] : [repo];
  const issues = everywhere.flatMap((one) => [...one.issues.values()]);
  const blockers = issues.filter((other) => issue.blockedBy.has(other.id));
  const blocked = [...repo.issues.values()].filter((other) => other.blockedBy.has(issue.id));
  const open = (list: readonly Issue[]): number => list.filter((other) => other.state === "open").length;
  return {
    blocked_by: open(blockers),
    blocking: open(blocked),
    total_blocked_by: blockers.length,
    total_blocking: blocked.length,
  };
}
