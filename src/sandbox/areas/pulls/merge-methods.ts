import { type GitSignature, identityOf } from "../../git/identity.ts";
import { mergeTrees, rebaseCommits } from "../../git/merge.ts";
import { readCommits } from "../../git/objects.ts";
import { pullCommits } from "../../git/pull-facts.ts";
import { writeCommit } from "../../git/write.ts";
import { Refusal } from "../../http/route.ts";
import { issueOf } from "../../present/issues/pull.ts";
import type { Pull, Repo } from "../../world/records.ts";

export interface Merge {
  readonly repo: Repo;
  readonly pull: Pull;
  /** Tip of the base branch. */
  readonly base: string;
  readonly committer: GitSignature;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
}

/** Each way to merge makes the base branch's next tip. */
export const MERGE_METHODS = {
  merge: mergeWithCommit,
  squash: squashIntoOne,
  rebase: rebaseOntoBase,
} as const;

/** Merges with a commit of two parents. */
export function mergeWithCommit(parts: Merge): string {
  const { repo, pull, base, committer, title, message } = parts;
  const issue = issueOf(repo, pull);
  const heading = title ?? `Merge pull request #${pull.number} from ${pull.headOwner.login}/${pull.headRef}`;
  return writeCommit({
    gitDir: repo.gitDir,
    tree: mergedTree(parts),
    parents: [base, pull.headSha],
    author: committer,
    committer,
    message: `${heading}\n\n${message ?? issue.title}`.trim(),
  });
}

function squashIntoOne(parts: Merge): string {
  const { repo, pull, base, committer, title, message } = parts;
  const issue = issueOf(repo, pull);
  const commits = readCommits(repo.gitDir, pullCommits(repo, pull));
  const list = commits.map((commit) => `* ${commit.message}`).join("\n\n");
  return writeCommit({
    gitDir: repo.gitDir,
    tree: mergedTree(parts),
    parents: [base],
    author: { ...identityOf(issue.user), date: committer.date },
    committer,
    message: `${title ?? `${issue.title} (#${pull.number})`}\n\n${message ?? list}`.trim(),
  });
}

function rebaseOntoBase({ repo, pull, base, committer }: Merge): string {
  const tip = rebaseCommits({ gitDir: repo.gitDir, onto: base, head: pull.headSha, committer });
  if (tip === undefined) throw notMergeable();
  return tip;
}

function mergedTree({ repo, pull, base }: Merge): string {
  const merged = mergeTrees(repo.gitDir, base, pull.headSha);
  if (merged.kind === "conflict") throw notMergeable();
  return merged.tree;
}

export function notMergeable(): Refusal {
  return new Refusal(405, "Pull Request is not mergeable");
}
