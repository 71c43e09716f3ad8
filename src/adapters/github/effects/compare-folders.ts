import { GitHubProblem } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import type { Data } from "../client/routes.ts";

const TREE_ROUTE = "GET /repos/{owner}/{repo}/git/trees/{tree_sha}";

/** What a folder has under a name. */
export type FolderEntry = Pick<Data<typeof TREE_ROUTE>["tree"][number], "mode" | "type" | "sha">;

/** A path that differs between two folders; null where there is no file. */
export interface TouchedPath {
  readonly path: string;
  readonly before: FolderEntry | null;
  readonly after: FolderEntry | null;
}

/** Reads the folder with a sha; one that is not there is empty. */
export type ReadFolder = (sha: string | null) => Promise<ReadonlyMap<string, FolderEntry>>;

/** Reads folders, each once: those that are the same in two commits have the same sha. */
export function createFolderReader(api: RepositoryApi): ReadFolder {
  const known = new Map<string, ReadonlyMap<string, FolderEntry>>();
  return async (sha) => {
    if (sha === null) return new Map();
    const found = known.get(sha);
    if (found !== undefined) return found;
    const { tree, truncated } = await api.read(TREE_ROUTE, { tree_sha: sha });
    if (truncated)
      throw new GitHubProblem(
        { kind: "refused", status: 422, message: "a folder has too many files to be read" },
        TREE_ROUTE,
      );
    const entries = new Map(tree.map(({ path, mode, type, sha: id }) => [path, { mode, type, sha: id }]));
    known.set(sha, entries);
    return entries;
  };
}

/** Every file that differs between two folders, or more than `most` of them when there are more. */
export async function compareFolders(
  read: ReadFolder,
  shas: { readonly before: string; readonly after: string },
  most: number,
): Promise<readonly TouchedPath[]> {
  const touched: TouchedPath[] = [];
  const folders: TouchedPath[] = [{ path: "", before: asFolder(shas.before), after: asFolder(shas.after) }];
  for (const folder of folders) {
    const different = await listDifferent(read, folder);
    folders.push(...different.filter(({ before, after }) => isFolder(before) || isFolder(after)));
    touched.push(...different.flatMap(toFiles));
    if (touched.length > most) break;
  }
  return touched;
}

/** A file may take the place of a folder, and a folder that of a file. */
function toFiles({ path, before, after }: TouchedPath): readonly TouchedPath[] {
  const files = { path, before: withoutFolder(before), after: withoutFolder(after) };
  return files.before === null && files.after === null ? [] : [files];
}

function asFolder(sha: string): FolderEntry {
  return { mode: "040000", type: "tree", sha };
}

async function listDifferent(read: ReadFolder, folder: TouchedPath): Promise<readonly TouchedPath[]> {
  const [before, after] = [await read(folderSha(folder.before)), await read(folderSha(folder.after))];
  const prefix = folder.path === "" ? "" : `${folder.path}/`;
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((name) => ({
      path: `${prefix}${name}`,
      before: before.get(name) ?? null,
      after: after.get(name) ?? null,
    }))
    .filter((pair) => !isSameEntry(pair.before, pair.after));
}

/** Whether two entries are the same file with the same bytes, or both not there. */
export function isSameEntry(a: FolderEntry | null, b: FolderEntry | null): boolean {
  return a?.sha === b?.sha && a?.mode === b?.mode;
}

function isFolder(entry: FolderEntry | null): boolean {
  return entry?.type === "tree";
}

function withoutFolder(entry: FolderEntry | null): FolderEntry | null {
  return isFolder(entry) ? null : entry;
}

function folderSha(entry: FolderEntry | null): string | null {
  return entry?.type === "tree" ? entry.sha : null;
}

/** The file at a path below a folder; null when there is none. */
export async function findFile(read: ReadFolder, rootSha: string, path: string): Promise<FolderEntry | null> {
  const names = path.split("/");
  let folder: string | null = rootSha;
  for (const name of names.slice(0, -1)) folder = folderSha((await read(folder)).get(name) ?? null);
  return withoutFolder((await read(folder)).get(names.at(-1) ?? "") ?? null);
}
