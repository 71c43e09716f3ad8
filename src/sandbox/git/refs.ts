import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { typeOfObject } from "./objects.ts";
import { readGit } from "./run-git.ts";

export interface GitRef {
  readonly name: string;
  readonly sha: string;
  readonly type: string;
}

const SHOWN = ["refs/heads", "refs/pull", "refs/tags"] as const;

/** Everything that a client may see: branches, tags and the heads of pull requests, by name. */
export function listRefs(gitDir: string): readonly GitRef[] {
  return existsSync(join(gitDir, "packed-refs"))
    ? askForRefs(gitDir)
    : (readRefs(gitDir) ?? askForRefs(gitDir));
}

/** Reads the files of the refs, as long as none is packed: a process for each look would be slow. */
function readRefs(gitDir: string): readonly GitRef[] | undefined {
  const refs: GitRef[] = [];
  for (const name of SHOWN.flatMap((folder) => listRefFiles(gitDir, folder)).toSorted(compareBytes)) {
    const sha = readFileSync(join(gitDir, name), "utf8").trim();
    const type = typeOfObject(gitDir, sha);
    if (type === undefined) return undefined;
    refs.push({ name, sha, type });
  }
  return refs;
}

function listRefFiles(gitDir: string, folder: string): readonly string[] {
  if (!existsSync(join(gitDir, folder))) return [];
  return readdirSync(join(gitDir, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".lock"))
    .map((entry) => relative(gitDir, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
}

function compareBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function askForRefs(gitDir: string): readonly GitRef[] {
  const format = "--format=%(refname) %(objectname) %(objecttype)";
  const text = readGit({ gitDir, args: ["for-each-ref", format, ...SHOWN] });
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", sha = "", type = ""] = line.split(" ");
      return { name, sha, type };
    });
}

export interface Branch {
  readonly name: string;
  readonly sha: string;
}

export function listBranches(gitDir: string): readonly Branch[] {
  return listRefs(gitDir)
    .filter((ref) => ref.name.startsWith("refs/heads/"))
    .map(({ name, sha }) => ({ name: name.slice("refs/heads/".length), sha }));
}
