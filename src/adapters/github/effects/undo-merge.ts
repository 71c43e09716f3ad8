import type { RepositoryApi } from "../client/repository-api.ts";
import {
  compareFolders,
  createFolderReader,
  findFile,
  isSameEntry,
  type ReadFolder,
  type TouchedPath,
} from "./compare-folders.ts";

/** More files than this are for people to look at one by one. */
const MAX_FILES = 300;
const SHOWN_PATHS = 3;

interface Merge {
  readonly pull: number;
  readonly mergeSha: string;
  readonly baseRef: string;
  readonly message: string;
}

/** A commit on top of the base branch, or why there is none. */
export type Undone =
  | { readonly kind: "made"; readonly sha: string }
  | { readonly kind: "refused"; readonly why: string };

/**
 * Commits, on top of the base branch, what the merge's files were before it. Only where the branch still has what the merge
 * left: anything else would take other people's work back as well.
 */
export async function undoMerge(api: RepositoryApi, merge: Merge): Promise<Undone> {
  const commit = await readCommit(api, merge.mergeSha);
  const [parent] = commit.parents;
  if (parent === undefined) return refuse("the merge has nothing before it");
  const obstacle = commit.parents.length > 1 ? undefined : await findPartialMerge(api, merge, parent.sha);
  if (obstacle !== undefined) return refuse(obstacle);
  const read = createFolderReader(api);
  const before = await readCommit(api, parent.sha);
  const touched = await compareFolders(read, { before: before.tree.sha, after: commit.tree.sha }, MAX_FILES);
  if (touched.length > MAX_FILES) return refuse(`it changed more than ${MAX_FILES} files`);
  if (touched.length === 0) return refuse("it changed no file");
  const head = await readHead(api, merge.baseRef);
  const moved = await listMoved(read, touched, head.treeSha);
  if (moved.length > 0) return refuse(`changed since: ${listPaths(moved)}`);
  return { kind: "made", sha: await commitBefore(api, { touched, head, message: merge.message }) };
}

function refuse(why: string): Undone {
  return { kind: "refused", why };
}

function listPaths(paths: readonly string[]): string {
  const more = paths.length > SHOWN_PATHS ? ` and ${paths.length - SHOWN_PATHS} more` : "";
  return `${paths.slice(0, SHOWN_PATHS).join(", ")}${more}`;
}

function readCommit(api: RepositoryApi, sha: string) {
  return api.read("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", { commit_sha: sha });
}

interface Head {
  readonly sha: string;
  readonly treeSha: string;
}

async function readHead(api: RepositoryApi, branch: string): Promise<Head> {
  const ref = await api.read("GET /repos/{owner}/{repo}/git/ref/{ref}", { ref: `heads/${branch}` });
  const { sha } = ref.object;
  return { sha, treeSha: (await readCommit(api, sha)).tree.sha };
}

/**
 * A pull request that somebody merged by rebasing it leaves one commit for each of its own, and the last of them is not the
 * whole change. A squash of several has the same shape, but changes as much as the pull request does.
 */
async function findPartialMerge(
  api: RepositoryApi,
  { pull, mergeSha }: Merge,
  parentSha: string,
): Promise<string | undefined> {
  const route = "GET /repos/{owner}/{repo}/pulls/{pull_number}";
  const { commits, changed_files, additions, deletions } = await api.read(route, { pull_number: pull });
  if (commits === 1) return undefined;
  const { files = [] } = await api.read("GET /repos/{owner}/{repo}/compare/{basehead}", {
    basehead: `${parentSha}...${mergeSha}`,
    per_page: 1,
  });
  const sum = (pick: (file: (typeof files)[number]) => number) =>
    files.reduce((total, file) => total + pick(file), 0);
  const isWhole =
    files.length === changed_files &&
    sum((file) => file.additions) === additions &&
    sum((file) => file.deletions) === deletions;
  return isWhole ? undefined : "the merge left several commits, or not all of the change";
}

/** Paths at which a branch does not have any more what the merge left. */
async function listMoved(
  read: ReadFolder,
  touched: readonly TouchedPath[],
  rootSha: string,
): Promise<readonly string[]> {
  const moved: string[] = [];
  for (const { path, after } of touched) {
    if (!isSameEntry(await findFile(read, rootSha, path), after)) moved.push(path);
  }
  return moved;
}

async function commitBefore(
  api: RepositoryApi,
  {
    touched,
    head,
    message,
  }: { readonly touched: readonly TouchedPath[]; readonly head: Head; readonly message: string },
): Promise<string> {
  const { data: tree } = await api.write("POST /repos/{owner}/{repo}/git/trees", {
    base_tree: head.treeSha,
    tree: touched.map(toTreeEntry),
  });
  const { data: commit } = await api.write("POST /repos/{owner}/{repo}/git/commits", {
    message,
    tree: tree.sha,
    parents: [head.sha],
  });
  return commit.sha;
}

const MODES = ["100644", "100755", "040000", "160000", "120000"] as const;
const TYPES = ["blob", "tree", "commit"] as const;

/** What is put back is in the repository already, so that no content goes over the wire. */
function toTreeEntry({ path, before, after }: TouchedPath) {
  const entry = before ?? after;
  return {
    path,
    mode: MODES.find((mode) => mode === entry?.mode) ?? "100644",
    type: TYPES.find((type) => type === entry?.type) ?? "blob",
    sha: before?.sha ?? null,
  };
}
