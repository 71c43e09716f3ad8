import type { Pull, Repo } from "../world/records.ts";
import { diffFiles, type FileChange } from "./diff.ts";
import { resolveRef } from "./git.ts";
import { findMergeBase, listCommits } from "./history.ts";
import { mergeTrees } from "./merge.ts";
import { EMPTY_TREE } from "./objects.ts";

/** What a pull request changes: against the point where it left its base, not against the base of today. */
export function pullFiles(repo: Repo, pull: Pull): readonly FileChange[] {
  const start = findMergeBase(repo.gitDir, pull.baseSha, pull.headSha) ?? EMPTY_TREE;
  return diffFiles(repo.gitDir, start, pull.headSha);
}

/** Shas of the pull request's own commits, oldest first. */
export function pullCommits(repo: Repo, pull: Pull): readonly string[] {
  return listCommits({ gitDir: repo.gitDir, to: pull.headSha, notFrom: pull.baseSha }).toReversed();
}

/** Whether the head merges into the base as it is now; null when there is nothing to merge into any more. */
export function isMergeable(repo: Repo, pull: Pull): boolean | null {
  const base = resolveRef(repo.gitDir, `refs/heads/${pull.baseRef}`);
  if (base === undefined) return null;
  return mergeTrees(repo.gitDir, base, pull.headSha).kind === "clean";
}
