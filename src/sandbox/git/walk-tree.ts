import { rememberFact } from "./fact-cache.ts";
import { type GitObject, readObject } from "./read-object.ts";

export interface WalkedEntry {
  /** Six digits, as `ls-tree` prints it. */
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
  readonly name: string;
}

const SHA_BYTES = 20;

/** The entry at a path of a tree or a commit, undefined when there is none. */
export function findEntry(gitDir: string, sha: string, path: string): WalkedEntry | undefined {
  const names = path.split("/");
  let tree = treeOf(gitDir, sha);
  for (const [index, name] of names.entries()) {
    const entries = tree === undefined ? [] : entriesOf(gitDir, tree);
    const entry = entries.find((one) => one.name === name);
    if (entry === undefined || index === names.length - 1) return entry;
    tree = entry.type === "tree" ? entry.sha : undefined;
  }
  return undefined;
}

/** Paths of everything below a tree or a commit that is no folder, in git's order. */
export function listPaths(gitDir: string, sha: string): readonly string[] {
  const tree = treeOf(gitDir, sha);
  if (tree === undefined) return [];
  return entriesOf(gitDir, tree).flatMap(({ name, type, sha: below }) =>
    type === "tree" ? listPaths(gitDir, below).map((path) => `${name}/${path}`) : [name],
  );
}

function treeOf(gitDir: string, sha: string): string | undefined {
  const object = readObject(gitDir, sha);
  if (object?.type === "tree") return sha;
  return object?.type === "commit"
    ? /^tree ([0-9a-f]{40})$/m.exec(object.bytes.toString("latin1"))?.[1]
    : undefined;
}

function entriesOf(gitDir: string, tree: string): readonly WalkedEntry[] {
  const object = readObject(gitDir, tree);
  return object === undefined ? [] : rememberFact([gitDir, "entries", tree], () => parseTree(object));
}

/** A tree is `<mode> <name>\0<20 bytes of sha>`, entry after entry. */
function parseTree({ bytes }: GitObject): readonly WalkedEntry[] {
  const entries: WalkedEntry[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const space = bytes.indexOf(" ", offset);
    const end = bytes.indexOf(0, space);
    const mode = bytes.toString("latin1", offset, space).padStart(6, "0");
    const sha = bytes.toString("hex", end + 1, end + 1 + SHA_BYTES);
    entries.push({ mode, type: typeOfMode(mode), sha, name: bytes.toString("utf8", space + 1, end) });
    offset = end + 1 + SHA_BYTES;
  }
  return entries;
}

function typeOfMode(mode: string): WalkedEntry["type"] {
  if (mode === "040000") return "tree";
  return mode === "160000" ? "commit" : "blob";
}
