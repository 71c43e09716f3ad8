import { findFact, keepFact, rememberFact } from "./fact-cache.ts";
import type { GitSignature } from "./identity.ts";
import { runGit, tryGit } from "./run-git.ts";

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

/** Reads many commits with one process. */
export function readCommits(gitDir: string, shas: readonly string[]): readonly GitCommit[] {
  const known = new Map<string, GitCommit>();
  for (const sha of shas) {
    const commit = findFact<GitCommit>([gitDir, "commit", sha]);
    if (commit !== undefined) known.set(sha, commit);
  }
  const missing = shas.filter((sha) => !known.has(sha));
  if (missing.length > 0) {
    const output = runGit({ gitDir, args: ["cat-file", "--batch"], input: `${missing.join("\n")}\n` });
    for (const commit of parseBatch(output)) {
      known.set(commit.sha, commit);
      keepFact([gitDir, "commit", commit.sha], commit);
    }
  }
  return shas.map((sha) => known.get(sha) ?? failToFind(gitDir, sha));
}

function failToFind(gitDir: string, sha: string): never {
  throw new Error(`commit ${sha} is not in ${gitDir}`);
}

function parseBatch(output: Buffer): readonly GitCommit[] {
  const commits: GitCommit[] = [];
  let offset = 0;
  while (offset < output.length) {
    const lineEnd = output.indexOf("\n", offset);
    const [sha = "", type = "", size = "0"] = output.toString("utf8", offset, lineEnd).split(" ");
    const start = lineEnd + 1;
    if (type === "missing") {
      offset = start;
      continue;
    }
    const end = start + Number(size);
    if (type === "commit") commits.push(parseCommit(sha, output.toString("utf8", start, end)));
    offset = end + 1;
  }
  return commits;
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

/** The entry at a path of a commit, undefined when there is none. */
export function readEntry(gitDir: string, sha: string, path: string): TreeEntry | undefined {
  return rememberFact([gitDir, "entry", sha, path], () => {
    const outcome = tryGit({ gitDir, args: ["ls-tree", "-z", "-l", "--full-tree", sha, "--", path] });
    return outcome.exitCode === 0 ? parseEntries(outcome.stdout)[0] : undefined;
  });
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
  if (!/^[0-9a-f]{40}$/.test(sha)) return undefined;
  const outcome = tryGit({ gitDir, args: ["cat-file", "-t", sha] });
  return outcome.exitCode === 0 ? outcome.stdout.toString("utf8").trim() : undefined;
}

export function readBlob(gitDir: string, sha: string): Buffer {
  return runGit({ gitDir, args: ["cat-file", "blob", sha] });
}
