import { fetchCommit } from "../../git/fetch.ts";
import { resolveRef } from "../../git/git.ts";
import { isAncestor } from "../../git/history.ts";
import { writeRef } from "../../git/write.ts";
import { issueOf } from "../../present/issues/pull.ts";
import type { Pull, Repo } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { emitIssueEvent, touchIssue } from "../issues/issue-events.ts";
import { announceIssue, closeIssue, createIssueRecord } from "../issues/issue-records.ts";

export interface NewPull {
  readonly title: string;
  readonly body: string | null;
  readonly draft: boolean;
  readonly user: User;
  readonly appId: number | null;
  readonly headRepo: Repo;
  readonly headRef: string;
  readonly headSha: string;
  readonly baseRef: string;
  readonly baseSha: string;
}

export function createPull(world: World, repo: Repo, values: NewPull): Pull {
  const { title, body, user, appId, draft, headRepo, headRef, headSha, baseRef, baseSha } = values;
  const issue = createIssueRecord(world, repo, { title, body, user, appId, isPull: true });
  const pull: Pull = {
    id: world.nextId(),
    number: issue.number,
    draft,
    headRef,
    headSha,
    baseRef,
    baseSha,
    headRepoId: headRepo.id,
    headOwner: headRepo.owner,
    merged: false,
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    reviews: [],
  };
  repo.pulls.set(pull.number, pull);
  writeRef(repo.gitDir, `refs/pull/${pull.number}/head`, headSha);
  emitPull(world, { repo, pull, action: "opened", sender: user });
  announceIssue(world, repo, issue);
  return pull;
}

export interface PullEvent {
  readonly repo: Repo;
  readonly pull: Pull;
  readonly action: string;
  readonly sender: User;
  readonly extra?: Readonly<Record<string, unknown>>;
}

export function emitPull(world: World, { repo, pull, action, sender, extra }: PullEvent): void {
  emitIssueEvent(world, { repo, issue: issueOf(repo, pull), action, sender, extra });
}

export function isOpen(repo: Repo, pull: Pull): boolean {
  return issueOf(repo, pull).state === "open";
}

/** Makes a pull request a draft, or a draft ready; GitHub offers this on its pages and in GraphQL only. */
export function setDraft(
  world: World,
  repo: Repo,
  { pull, draft, sender }: { readonly pull: Pull; readonly draft: boolean; readonly sender: User },
): void {
  if (pull.draft === draft) return;
  pull.draft = draft;
  touchIssue(world, issueOf(repo, pull));
  emitPull(world, { repo, pull, action: draft ? "converted_to_draft" : "ready_for_review", sender });
}

export interface BranchMove {
  readonly repo: Repo;
  readonly branch: string;
  readonly before: string | undefined;
  /** Null when the branch was deleted. */
  readonly after: string | null;
  readonly sender: User;
}

/** What a push means for open pull requests: their head moves, they close with their branch, or they turn out merged. */
export function followBranch(world: World, move: BranchMove): void {
  const all = [...world.repos.values()].flatMap((repo) =>
    [...repo.pulls.values()].map((pull) => ({ repo, pull })),
  );
  for (const { repo, pull } of all.filter((one) => isOpen(one.repo, one.pull))) {
    const isHead = pull.headRepoId === move.repo.id && pull.headRef === move.branch;
    const isBase = repo === move.repo && pull.baseRef === move.branch;
    if (isHead) followHead(world, repo, { pull, move });
    else if (isBase) followBase(world, repo, { pull, move });
  }
}

interface Following {
  readonly pull: Pull;
  readonly move: BranchMove;
}

function followHead(world: World, repo: Repo, { pull, move }: Following): void {
  const { after, sender } = move;
  if (after === null) {
    closeIssue(world, { repo, issue: issueOf(repo, pull), user: sender });
    return;
  }
  if (pull.headSha === after) return;
  const before = pull.headSha;
  fetchCommit(repo, move.repo, `refs/heads/${move.branch}`);
  pull.headSha = after;
  pull.baseSha = resolveRef(repo.gitDir, `refs/heads/${pull.baseRef}`) ?? pull.baseSha;
  writeRef(repo.gitDir, `refs/pull/${pull.number}/head`, after);
  touchIssue(world, issueOf(repo, pull));
  emitPull(world, { repo, pull, action: "synchronize", sender, extra: { before, after } });
}

function followBase(world: World, repo: Repo, { pull, move }: Following): void {
  const { after, before, sender } = move;
  if (after === null || pull.merged) return;
  if (before !== undefined && isAncestor(repo.gitDir, pull.headSha, before)) return;
  if (isAncestor(repo.gitDir, pull.headSha, after))
    markMerged(world, repo, { pull, sha: after, user: sender });
}

/** Records the merge and closes the pull request; the base branch has moved, or is about to. */
export function markMerged(
  world: World,
  repo: Repo,
  { pull, sha, user }: { readonly pull: Pull; readonly sha: string; readonly user: User },
): void {
  pull.merged = true;
  pull.mergedAt = world.now();
  pull.mergedBy = user;
  pull.mergeCommitSha = sha;
  const issue = issueOf(repo, pull);
  closeIssue(world, { repo, issue, user });
  if (pull.baseRef !== repo.defaultBranch) return;
  for (const number of closedByKeyword(issue.body ?? "")) {
    const other = repo.issues.get(number);
    if (other !== undefined && !other.isPull)
      closeIssue(world, { repo, issue: other, user, reason: "completed" });
  }
}

/** Numbers that a text promises to close: "Fixes #3", "closes: #4", "Resolved #5". */
export function closedByKeyword(text: string): readonly number[] {
  const promises = text.matchAll(/\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)\b/gi);
  return [...new Set([...promises].map(([, number]) => Number(number)))];
}
