import { rememberFact } from "./fact-cache.ts";
import type { GitSignature } from "./identity.ts";
import { readObject } from "./read-object.ts";
import { runGit } from "./run-git.ts";
import { findEntry } from "./walk-tree.ts";

export interface GitCommit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: GitSignature;
  readonly committer: GitSignature;
  readonly message: string;
}

export interface TreeEntry {
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
  /** Bytes of a blob; null for folders and submodules. */
  readonly size: number | null;
  readonly path: string;
}

export const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

export function readCommit(gitDir: string, sha: string): GitCommit {
  return readCommits(gitDir, [sha])[0] ?? failToFind(gitDir, sha);
}

export function readCommits(gitDir: string, shas: readonly string[]): readonly GitCommit[] {
  return shas.map((sha) =>
    rememberFact([gitDir, "commit", sha], () => {
      const object = readObject(gitDir, sha);
      return object?.type === "commit"
        ? parseCommit(sha, object.bytes.toString("utf8"))
        : failToFind(gitDir, sha);
    }),
  );
}

function failToFind(gitDir: string, sha: string): never {
  throw new Error(`commit ${sha} is not in ${gitDir}`);
}

function parseCommit(sha: string, text: string): GitCommit {
  const split = text.indexOf("\n\n");
  const header = text.slice(0, split === -1 ? text.length : split).split("\n");
  const values = (key: string) =>
    header.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return {
    sha,
    tree: values("tree")[0] ?? EMPTY_TREE,
    parents: values("parent"),
    author: parseSignature(values("author")[0] ?? ""),
    committer: parseSignature(values("committer")[0] ?? ""),
    message: split === -1 ? "" : text.slice(split + 2).replace(/\n+$/, ""),
  };
}

function parseSignature(line: string): GitSignature {
  const match = /^(.*) ?<(.*)> (\d+) [+-]\d{4}$/.exec(line);
  const [, name = "", email = "", seconds = "0"] = match ?? [];
  return { name: name.trim(), email, date: new Date(Number(seconds) * 1000) };
}

export interface TreeQuery {
  readonly gitDir: string;
  /** Sha of a tree or commit. */
  readonly sha: string;
  readonly recursive?: boolean;
}

/** The entries of a tree; recursive listings name folders too, as GitHub's do. */
export function readTree({ gitDir, sha, recursive = false }: TreeQuery): readonly TreeEntry[] {
  return rememberFact([gitDir, "tree", sha, String(recursive)], () => {
    const depth = recursive ? ["-r", "-t"] : [];
    return parseEntries(runGit({ gitDir, args: ["ls-tree", "-z", "-l", "--full-tree", ...depth, sha] }));
  });
}

/** The entry at a path of a tree or a commit, undefined when there is none. */
export function readEntry(gitDir: string, sha: string, path: string): TreeEntry | undefined {
  const entry = findEntry(gitDir, sha, path);
  if (entry === undefined) return undefined;
  const { mode, type } = entry;
  const size = type === "blob" ? readBlob(gitDir, entry.sha).length : null;
  return { mode, type, sha: entry.sha, size, path };
}

function parseEntries(output: Buffer): readonly TreeEntry[] {
  return output
    .toString("utf8")
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => {
      const tab = line.indexOf("\t");
      const [mode = "", type = "", sha = "", size = "-"] = line.slice(0, tab).split(/ +/);
      const path = line.slice(tab + 1);
      return { mode, type: objectType(type), sha, size: size === "-" ? null : Number(size), path };
    });
}

function objectType(text: string): TreeEntry["type"] {
  if (text === "tree" || text === "commit") return text;
  return "blob";
}

/** The type of an object, undefined when the repository has none with this sha. */
export function typeOfObject(gitDir: string, sha: string): string | undefined {
  return readObject(gitDir, sha)?.type;
}

/** Throws where the repository has no such blob. */
export function readBlob(gitDir: string, sha: string): Buffer {
  const object = readObject(gitDir, sha);
  if (object?.type !== "blob") throw new Error(`blob ${sha} is not in ${gitDir}`);
  return object.bytes;
}
