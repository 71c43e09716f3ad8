import { existsSync, readFileSync } from "node:fs";
import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { rememberFact } from "./fact-cache.ts";
import type { GitIdentity } from "./identity.ts";
import { readObject } from "./read-object.ts";
import { readGit, runGit, tryGit } from "./run-git.ts";
import { findEntry, listPaths } from "./walk-tree.ts";

export interface NewRepository {
  readonly gitDir: string;
  /** Folder whose files become the first commit; without it the repository starts without a commit. */
  readonly seedDir?: string | null;
  readonly defaultBranch: string;
  readonly at: Date;
  readonly author: GitIdentity;
}

/** In the form in which git keeps them: three processes for three lines would be slow. */
const SETTINGS = "[gc]\n\tauto = 0\n[core]\n\tautocrlf = false\n\tlogAllRefUpdates = false\n";
const FULL_SHA = /^[0-9a-f]{40}$/;
const SHORT_SHA = /^[0-9a-f]{7,40}$/;
/** What git allows in a ref name, near enough to keep revision syntax and paths out. */
const REF_NAME =
  /^(?!.*(?:\.\.|@\{|\/\/|\.lock(?:\/|$)))[^\p{Cc} ~^:?*[\\\-./][^\p{Cc} ~^:?*[\\]*(?<![./])$/u;

/** Creates a real bare repository and returns the first commit's sha, or null when there is no seed. */
export async function createBareRepository(options: NewRepository): Promise<string | null> {
  const { gitDir, seedDir, defaultBranch } = options;
  await mkdir(gitDir, { recursive: true });
  runGit({ gitDir, args: ["init", "--quiet", "--bare", `--initial-branch=${defaultBranch}`] });
  await appendFile(join(gitDir, "config"), SETTINGS);
  return seedDir === undefined || seedDir === null ? null : commitSeed({ ...options, seedDir });
}

function commitSeed({
  gitDir,
  seedDir,
  defaultBranch,
  at,
  author,
}: NewRepository & { seedDir: string }): string {
  const env = {
    ...identityEnvironment("AUTHOR", { ...author, date: at }),
    ...identityEnvironment("COMMITTER", { ...author, date: at }),
    GIT_WORK_TREE: seedDir,
    GIT_INDEX_FILE: join(gitDir, "seed-index"),
  };
  runGit({ gitDir, args: ["add", "--all"], env });
  const tree = readGit({ gitDir, args: ["write-tree"], env });
  const sha = readGit({ gitDir, args: ["commit-tree", tree], input: "Initial commit", env });
  runGit({ gitDir, args: ["update-ref", `refs/heads/${defaultBranch}`, sha] });
  return sha;
}

/** The environment variables by which git learns one signature of a commit. */
export function identityEnvironment(
  role: "AUTHOR" | "COMMITTER",
  signature: GitIdentity & { readonly date: Date },
): Record<string, string> {
  return {
    [`GIT_${role}_NAME`]: signature.name,
    [`GIT_${role}_EMAIL`]: signature.email,
    [`GIT_${role}_DATE`]: `${Math.floor(signature.date.getTime() / 1000)} +0000`,
  };
}

/** The bytes of a file in a commit, undefined when there is no such file. */
export function readFileAt(gitDir: string, sha: string, path: string): Uint8Array | undefined {
  const entry = findEntry(gitDir, sha, path);
  return entry?.type === "blob" ? readObject(gitDir, entry.sha)?.bytes : undefined;
}

/** Paths of all files of a commit under a folder ("" for all), sorted as git sorts them. */
export function listFiles(gitDir: string, sha: string, underPath: string): readonly string[] {
  const folder = underPath.replace(/\/+$/, "");
  return rememberFact([gitDir, "files", sha, folder], () => {
    if (folder === "") return listPaths(gitDir, sha);
    const entry = findEntry(gitDir, sha, folder);
    return entry?.type === "tree" ? listPaths(gitDir, entry.sha).map((path) => `${folder}/${path}`) : [];
  });
}

/** The commit that a branch, tag, full ref, `HEAD` or sha stands for. */
export function resolveRef(gitDir: string, ref: string): string | undefined {
  if (FULL_SHA.test(ref)) return resolveSha(gitDir, ref);
  if (ref === "HEAD") return verify(gitDir, "HEAD");
  const found = REF_NAME.test(ref) ? resolveName(gitDir, ref) : undefined;
  return found ?? (SHORT_SHA.test(ref) ? verify(gitDir, ref) : undefined);
}

/** Whether a name may be a ref below `refs/`. */
export function isRefName(name: string): boolean {
  return REF_NAME.test(name);
}

function resolveSha(gitDir: string, sha: string): string | undefined {
  const type = readObject(gitDir, sha)?.type;
  return type === "tag" ? verify(gitDir, sha) : type === "commit" ? sha : undefined;
}

function resolveName(gitDir: string, ref: string): string | undefined {
  const names = ref.startsWith("refs/") ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`, `refs/${ref}`];
  for (const name of names) {
    const found = resolveFullName(gitDir, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Reads the ref's own file where there is one: a process for each look at a branch would be slow. */
function resolveFullName(gitDir: string, name: string): string | undefined {
  const sha = readLooseRef(gitDir, name);
  if (sha !== undefined) return name.startsWith("refs/tags/") ? verify(gitDir, sha) : sha;
  return existsSync(join(gitDir, "packed-refs")) ? verify(gitDir, name) : undefined;
}

function readLooseRef(gitDir: string, name: string): string | undefined {
  try {
    const content = readFileSync(join(gitDir, name), "utf8").trim();
    return FULL_SHA.test(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

function verify(gitDir: string, revision: string): string | undefined {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
  const outcome = tryGit({ gitDir, args });
  return outcome.exitCode === 0 ? outcome.stdout.toString("utf8").trim() : undefined;
}
