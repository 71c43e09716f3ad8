import { rememberFact } from "./fact-cache.ts";
import { EMPTY_TREE, readCommit } from "./objects.ts";
import { runGit } from "./run-git.ts";

export interface FileChange {
  readonly status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed";
  readonly path: string;
  readonly previousPath: string | null;
  /** Sha of the blob after the change, before it for a removed file. */
  readonly blobSha: string;
  readonly additions: number;
  readonly deletions: number;
  /** Absent for binary files and for patches that GitHub would leave out. */
  readonly patch: string | null;
}

const MAX_PATCH_BYTES = 500_000;
const STATUS: Readonly<Record<string, FileChange["status"]>> = {
  A: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
  C: "copied",
  T: "changed",
};

/** The changed files between two commits or trees, in git's order, renames found. */
export function diffFiles(gitDir: string, from: string, to: string): readonly FileChange[] {
  return rememberFact([gitDir, "diff", from, to], () => {
    const args = ["diff-tree", "-r", "-z", "-M", "--no-abbrev", "--raw", "--numstat", from, to];
    const changes = parseChanges(runGit({ gitDir, args }).toString("utf8").split("\0"));
    return withPatches(changes, patchSections(gitDir, from, to));
  });
}

/** The changes that one commit made to its first parent. */
export function diffOfCommit(gitDir: string, sha: string): readonly FileChange[] {
  return diffFiles(gitDir, readCommit(gitDir, sha).parents[0] ?? EMPTY_TREE, sha);
}

/** The whole difference as `git diff` prints it. */
export function diffText(gitDir: string, from: string, to: string): string {
  return runGit({ gitDir, args: ["diff-tree", "-r", "-M", "-p", "--full-index", from, to] }).toString("utf8");
}

export function sumChanges(changes: readonly FileChange[]): {
  readonly additions: number;
  readonly deletions: number;
} {
  return {
    additions: changes.reduce((sum, change) => sum + change.additions, 0),
    deletions: changes.reduce((sum, change) => sum + change.deletions, 0),
  };
}

type RawChange = Omit<FileChange, "additions" | "deletions" | "patch">;

/** Git prints all raw lines first and the counts after, both in the same order. */
function parseChanges(fields: readonly string[]): readonly FileChange[] {
  const raw: RawChange[] = [];
  let index = 0;
  while (fields[index]?.startsWith(":")) {
    const change = parseRaw(fields[index] ?? "", fields.slice(index + 1, index + 3));
    raw.push(change);
    index += change.previousPath === null ? 2 : 3;
  }
  const counts = parseCounts(fields.slice(index));
  return raw.map((change, position) => ({ ...change, ...(counts[position] ?? NO_LINES), patch: null }));
}

const NO_LINES = { additions: 0, deletions: 0 };

function parseCounts(fields: readonly string[]): readonly (typeof NO_LINES)[] {
  // The two names of a renamed file are fields of their own, without counts.
  return fields
    .map((field) => /^(\d+|-)\t(\d+|-)\t/.exec(field))
    .filter((match) => match !== null)
    .map(([, added, deleted]) => ({ additions: Number(added) || 0, deletions: Number(deleted) || 0 }));
}

function parseRaw(field: string, paths: readonly string[]): RawChange {
  const [, , before = "", after = "", letters = "M"] = field.split(" ");
  const [first = "", second = ""] = paths;
  const status = STATUS[letters.charAt(0)] ?? "changed";
  const moved = status === "renamed" || status === "copied";
  return {
    status,
    path: moved ? second : first,
    previousPath: moved ? first : null,
    blobSha: status === "removed" ? before : after,
  };
}

function patchSections(gitDir: string, from: string, to: string): readonly string[] {
  return `\n${diffText(gitDir, from, to)}`.split("\ndiff --git ").slice(1);
}

function withPatches(changes: readonly FileChange[], sections: readonly string[]): readonly FileChange[] {
  let next = 0;
  return changes.map((change) => {
    const section = sections[next] ?? "";
    // A file that became a link, or back, is printed as a removal and an addition.
    next += change.status === "changed" ? 2 : 1;
    return { ...change, patch: patchOf(section) };
  });
}

function patchOf(section: string): string | null {
  const start = section.indexOf("\n@@ ");
  if (start === -1 || section.length > MAX_PATCH_BYTES) return null;
  return section.slice(start + 1).replace(/\n$/, "");
}
