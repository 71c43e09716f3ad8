import type { TreeEntry } from "../../git/objects.ts";
import type { Repo } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { repositoryPage, repositoryUrl } from "../repository.ts";
import { encodePath } from "./commit.ts";

/** Larger files come without their content. */
const MAX_INLINE_BYTES = 1024 * 1024;
const LINK_MODE = "120000";

export interface ContentEntry {
  readonly entry: TreeEntry;
  /** The ref that was asked for; the answer's addresses repeat it. */
  readonly ref: string;
}

/** A file, folder, link or submodule in a listing. */
export function presentEntry(world: World, repo: Repo, { entry, ref }: ContentEntry) {
  const kind = kindOf(entry);
  return {
    name: entry.path.split("/").at(-1) ?? entry.path,
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    type: kind,
    ...presentAddresses(world, repo, { path: entry.path, sha: entry.sha, ref, isFolder: kind === "dir" }),
  };
}

/** A single file; links come with their target instead of content. */
export function presentFileContent(
  world: World,
  repo: Repo,
  { entry, ref, bytes }: ContentEntry & { readonly bytes: Buffer },
) {
  const common = presentEntry(world, repo, { entry, ref });
  if (entry.mode === LINK_MODE) return { ...common, target: bytes.toString("utf8") };
  const isInline = bytes.length <= MAX_INLINE_BYTES;
  return {
    ...common,
    content: isInline ? wrapBase64(bytes) : "",
    encoding: isInline ? "base64" : "none",
  };
}

/** A folder in the object media type: with its entries inside. */
export function presentFolder(
  world: World,
  repo: Repo,
  {
    path,
    treeSha,
    entries,
    ref,
  }: {
    readonly path: string;
    readonly treeSha: string;
    readonly entries: readonly TreeEntry[];
    readonly ref: string;
  },
) {
  return {
    type: "dir",
    size: 0,
    name: path.split("/").at(-1) ?? "",
    path,
    sha: treeSha,
    ...presentAddresses(world, repo, { path, sha: treeSha, ref, isFolder: true }),
    entries: entries.map((entry) => presentEntry(world, repo, { entry, ref })),
  };
}

/** Base64 as GitHub sends it: broken into lines of sixty characters. */
export function wrapBase64(bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,60}/g) ?? [];
  return lines.map((line) => `${line}\n`).join("");
}

function kindOf(entry: TreeEntry): "dir" | "file" | "symlink" | "submodule" {
  if (entry.type === "tree") return "dir";
  if (entry.type === "commit") return "submodule";
  return entry.mode === LINK_MODE ? "symlink" : "file";
}

interface Place {
  readonly path: string;
  readonly sha: string;
  readonly ref: string;
  readonly isFolder: boolean;
}

function presentAddresses(world: World, repo: Repo, { path, sha, ref, isFolder }: Place) {
  const api = repositoryUrl(world, repo);
  const page = repositoryPage(world, repo);
  const encoded = encodePath(path);
  const self = `${api}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const git = `${api}/git/${isFolder ? "trees" : "blobs"}/${sha}`;
  const html = `${page}/${isFolder ? "tree" : "blob"}/${encodePath(ref)}/${encoded}`;
  return {
    url: self,
    html_url: html,
    git_url: git,
    download_url: isFolder ? null : `${page}/raw/${encodePath(ref)}/${encoded}`,
    _links: { self, git, html },
  };
}
