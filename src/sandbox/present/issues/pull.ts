import { judgeRequired } from "../../areas/rules/required-checks.ts";
import { sumChanges } from "../../git/diff.ts";
import { isMergeable, pullCommits, pullFiles } from "../../git/pull-facts.ts";
import type { Issue, Pull, Repo, Review } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { nodeId } from "../node-id.ts";
import { presentRepository, repositoryUrl } from "../repository.ts";
import { timestamp, timestampOrNull } from "../timestamp.ts";
import { presentUser, presentUserOrNull } from "../user.ts";
import { issuePage, issueUrl, presentAssignees, presentAssociation } from "./issue.ts";
import { presentIssueLabels } from "./label.ts";

/** The whole pull request as webhooks carry it; they leave before GitHub knows whether it merges. */
export function presentPull(world: World, repo: Repo, pull: Pull) {
  const { additions, deletions } = sumChanges(pullFiles(repo, pull));
  const issue = issueOf(repo, pull);
  return {
    ...presentPullSimple(world, repo, pull),
    merged: pull.merged,
    mergeable: null as boolean | null,
    rebaseable: null as boolean | null,
    mergeable_state: "unknown",
    merged_by: presentUserOrNull(world, pull.mergedBy),
    comments: [...repo.comments.values()].filter((comment) => comment.issueNumber === issue.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: pullCommits(repo, pull).length,
    additions,
    deletions,
    changed_files: pullFiles(repo, pull).length,
  };
}

/** The whole pull request as `GET /pulls/{number}` answers it. */
export function presentPullAnswer(world: World, repo: Repo, pull: Pull) {
  const isOpen = issueOf(repo, pull).state === "open";
  const mergeable = isOpen ? isMergeable(repo, pull) : null;
  return {
    ...presentPull(world, repo, pull),
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeableState(repo, pull, mergeable),
  };
}

/** The pull request of lists and of review webhooks. */
export function presentPullSimple(world: World, repo: Repo, pull: Pull) {
  const issue = issueOf(repo, pull);
  const addresses = pullAddresses(world, repo, pull);
  const assignees = presentAssignees(world, issue);
  return {
    ...addresses,
    id: pull.id,
    node_id: nodeId("PR", pull.id),
    number: pull.number,
    state: issue.state,
    locked: issue.locked,
    active_lock_reason: issue.lockReason,
    title: issue.title,
    body: issue.body,
    user: presentUser(world, issue.user),
    labels: presentIssueLabels(world, repo, issue).map((label) => ({
      ...label,
      description: label.description ?? "",
    })),
    milestone: null,
    draft: pull.draft,
    created_at: timestamp(issue.createdAt),
    updated_at: timestamp(issue.updatedAt),
    closed_at: timestampOrNull(issue.closedAt),
    merged_at: timestampOrNull(pull.mergedAt),
    merge_commit_sha: pull.mergeCommitSha,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: [],
    requested_teams: [],
    head: presentEnd(world, {
      repo: world.repos.get(pull.headRepoId) ?? null,
      owner: pull.headOwner,
      ref: pull.headRef,
      sha: pull.headSha,
    }),
    base: presentEnd(world, { repo, owner: repo.owner, ref: pull.baseRef, sha: pull.baseSha }),
    _links: presentLinks(addresses),
    author_association: presentAssociation(world, repo, issue.user),
    auto_merge: null,
  };
}

/** A review; the REST API shouts its state, webhooks whisper it. */
export function presentReview(
  world: World,
  repo: Repo,
  { pull, review }: { readonly pull: Pull; readonly review: Review },
) {
  const { html_url, url } = pullAddresses(world, repo, pull);
  const page = `${html_url}#pullrequestreview-${review.id}`;
  return {
    id: review.id,
    node_id: nodeId("PRR", review.id),
    user: presentUser(world, review.user),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: url,
    author_association: presentAssociation(world, repo, review.user),
    _links: { html: { href: page }, pull_request: { href: url } },
    ...(review.submittedAt !== null && { submitted_at: timestamp(review.submittedAt) }),
    commit_id: review.commitId,
  };
}

/** The issue record that holds the pull request's title, body, labels and state. */
export function issueOf(repo: Repo, pull: Pull): Issue {
  const issue = repo.issues.get(pull.number);
  if (issue === undefined) throw new Error(`pull request ${pull.number} has no issue record`);
  return issue;
}

function mergeableState(repo: Repo, pull: Pull, mergeable: boolean | null): string {
  if (mergeable === null) return "unknown";
  if (!mergeable) return "dirty";
  if (pull.draft) return "draft";
  return judgeRequired(repo, { branch: pull.baseRef, sha: pull.headSha }).kind === "met"
    ? "clean"
    : "blocked";
}

interface End {
  /** Null for a fork that was deleted. */
  readonly repo: Repo | null;
  readonly owner: User;
  readonly ref: string;
  readonly sha: string;
}

function presentEnd(world: World, { repo, owner, ref, sha }: End) {
  return {
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: presentUser(world, owner),
    repo: repo && presentRepository(world, repo),
  };
}

function pullAddresses(world: World, repo: Repo, pull: Pull) {
  const url = `${repositoryUrl(world, repo)}/pulls/${pull.number}`;
  const page = issuePage(world, repo, { number: pull.number, isPull: true });
  const issue_url = issueUrl(world, repo, pull.number);
  return {
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repositoryUrl(world, repo)}/pulls/comments{/number}`,
    comments_url: `${issue_url}/comments`,
    statuses_url: `${repositoryUrl(world, repo)}/statuses/${pull.headSha}`,
  };
}

function presentLinks(addresses: ReturnType<typeof pullAddresses>) {
  return {
    self: { href: addresses.url },
    html: { href: addresses.html_url },
    issue: { href: addresses.issue_url },
    comments: { href: addresses.comments_url },
    review_comments: { href: addresses.review_comments_url },
    review_comment: { href: addresses.review_comment_url },
    commits: { href: addresses.commits_url },
    statuses: { href: addresses.statuses_url },
  };
}
