import type { Repo } from "../world/records.ts";
import { runGit } from "./run-git.ts";

/** Brings a commit of another repository, a fork, into this one. */
export function fetchCommit(into: Repo, from: Repo, ref: string): void {
  if (into.id === from.id) return;
  const args = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", from.gitDir, ref];
  runGit({ gitDir: into.gitDir, args });
}

/** Copies every branch of another repository. */
export function fetchBranches(into: Repo, from: Repo): void {
  const args = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", from.gitDir];
  runGit({ gitDir: into.gitDir, args: [...args, "+refs/heads/*:refs/heads/*"] });
}
