import { identityEnvironment } from "./git.ts";
import type { GitSignature } from "./identity.ts";
import { readCommit } from "./objects.ts";
import { readGit, runGit } from "./run-git.ts";

/** One change of a tree: bytes, an object that exists, or nothing at all (the path goes away). */
export type TreeChange =
  | { readonly kind: "content"; readonly path: string; readonly mode: string; readonly content: Uint8Array }
  | { readonly kind: "object"; readonly path: string; readonly mode: string; readonly sha: string }
  | { readonly kind: "remove"; readonly path: string };

export interface NewTree {
  readonly gitDir: string;
  /** The tree to start from, null for an empty one. */
  readonly baseTree: string | null;
  readonly changes: readonly TreeChange[];
}

export interface NewCommit {
  readonly gitDir: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: GitSignature;
  readonly committer: GitSignature;
  readonly message: string;
}

/** Holds the scratch commits of `writeTree`; outside `refs/heads` and `refs/tags`, so nobody sees it. */
const SCRATCH_REF = "refs/sandbox/scratch";

export function writeBlob(gitDir: string, content: Uint8Array): string {
  return readGit({ gitDir, args: ["hash-object", "-w", "--stdin"], input: content });
}

/** Writes a whole tree with one process, however many files change. */
export function writeTree({ gitDir, baseTree, changes }: NewTree): string {
  const parts: (string | Uint8Array)[] = [
    `commit ${SCRATCH_REF}\nmark :1\ncommitter sandbox <sandbox@localhost> 0 +0000\ndata 0\n`,
  ];
  if (baseTree !== null) parts.push(`M 040000 ${baseTree} ""\n`);
  for (const change of changes) parts.push(...changeCommands(change));
  parts.push("\nget-mark :1\ndone\n");
  const input = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
  const commit = readGit({ gitDir, args: ["fast-import", "--quiet", "--force", "--done"], input });
  return readCommit(gitDir, commit).tree;
}

function changeCommands(change: TreeChange): readonly (string | Uint8Array)[] {
  const path = quotePath(change.path);
  switch (change.kind) {
    case "content":
      return [`M ${change.mode} inline ${path}\ndata ${change.content.length}\n`, change.content, "\n"];
    case "object":
      return [`M ${change.mode} ${change.sha} ${path}\n`];
    case "remove":
      return [`D ${path}\n`];
  }
}

function quotePath(path: string): string {
  return `"${path.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

export function writeCommit({ gitDir, tree, parents, author, committer, message }: NewCommit): string {
  return readGit({
    gitDir,
    args: ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent])],
    input: message,
    env: { ...identityEnvironment("AUTHOR", author), ...identityEnvironment("COMMITTER", committer) },
  });
}

/** Moves a ref to a commit, or removes it when the sha is null. */
export function writeRef(gitDir: string, ref: string, sha: string | null): void {
  runGit({ gitDir, args: sha === null ? ["update-ref", "-d", ref] : ["update-ref", ref, sha] });
}

/** Whether a path may stand in a tree: git itself refuses to check out what this refuses to write. */
export function isTreePath(path: string): boolean {
  return (
    path !== "" &&
    !path.includes("\0") &&
    path
      .split("/")
      .every((part) => part !== "" && part !== "." && part !== ".." && part.toLowerCase() !== ".git")
  );
}
