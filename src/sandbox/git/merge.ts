import { rememberFact } from "./fact-cache.ts";
import { findMergeBase, listCommits } from "./history.ts";
import type { GitSignature } from "./identity.ts";
import { readCommit } from "./objects.ts";
import { tryGit } from "./run-git.ts";
import { writeCommit } from "./write.ts";

export type TreeMerge = { readonly kind: "clean"; readonly tree: string } | { readonly kind: "conflict" };

/** Merges two commits without touching any ref. */
export function mergeTrees(gitDir: string, ours: string, theirs: string): TreeMerge {
  return rememberFact([gitDir, "merge", ours, theirs], () => {
    const args = ["merge-tree", "--write-tree", "--no-messages", "--allow-unrelated-histories", ours, theirs];
    const { exitCode, stdout, stderr } = tryGit({ gitDir, args });
    if (exitCode === 1) return { kind: "conflict" };
    if (exitCode !== 0) throw new Error(`git merge-tree of ${ours} and ${theirs} failed: ${stderr.trim()}`);
    return { kind: "clean", tree: stdout.toString("utf8").trim() };
  });
}

export interface Rebase {
  readonly gitDir: string;
  readonly onto: string;
  readonly head: string;
  readonly committer: GitSignature;
}

/** Replays the head's own commits onto another commit; undefined when one does not apply. */
export function rebaseCommits({ gitDir, onto, head, committer }: Rebase): string | undefined {
  const shas = listCommits({ gitDir, to: head, notFrom: findMergeBase(gitDir, onto, head) }).toReversed();
  let tip = onto;
  for (const sha of shas) {
    const commit = readCommit(gitDir, sha);
    const [parent] = commit.parents;
    if (parent === undefined || commit.parents.length > 1) continue;
    const merge = applyChange({ gitDir, onto: tip, change: sha, parent, committer });
    if (merge.kind === "conflict") return undefined;
    const { author, message } = commit;
    tip = writeCommit({ gitDir, tree: merge.tree, parents: [tip], author, committer, message });
  }
  return tip;
}

interface Application {
  readonly gitDir: string;
  readonly onto: string;
  readonly change: string;
  readonly parent: string;
  readonly committer: GitSignature;
}

/**
 * A cherry-pick: git 2.39 cannot be told the merge base, so a stand-in commit with the target's tree and the change's
 * parent makes that parent the base.
 */
function applyChange({ gitDir, onto, change, parent, committer }: Application): TreeMerge {
  const tree = readCommit(gitDir, onto).tree;
  const standIn = writeCommit({
    gitDir,
    tree,
    parents: [parent],
    author: committer,
    committer,
    message: "stand-in",
  });
  return mergeTrees(gitDir, standIn, change);
}
