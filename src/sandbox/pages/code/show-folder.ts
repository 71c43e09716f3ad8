import { html } from "hono/html";
import { readEntry, readTree, type TreeEntry } from "../../git/objects.ts";
import type { Repo } from "../../world/records.ts";
import { renderIcon } from "../frame/icon.ts";
import { filePath } from "../frame/paths.ts";
import type { Html, RepoVisit } from "../frame/visit.ts";
import { formatBytes } from "../marks/show-time.ts";

/** A file or folder at a commit. */
export interface Place {
  /** How the visitor named the commit: a branch, a tag or a sha. */
  readonly ref: string;
  readonly sha: string;
  /** "" for the root folder. */
  readonly path: string;
}

/** The files of a folder as rows, folders first. */
export function renderFolder({ repo }: RepoVisit, place: Place): Html {
  const entries = listFolder(repo, place).toSorted((a, b) => Number(isFolder(b)) - Number(isFolder(a)));
  return html`<ul class="rows tight">${entries.map((entry) => renderEntry(repo, { entry, place }))}</ul>`;
}

function listFolder({ gitDir }: Repo, { sha, path }: Place): readonly TreeEntry[] {
  const tree = path === "" ? sha : readEntry(gitDir, sha, path)?.sha;
  return tree === undefined ? [] : readTree({ gitDir, sha: tree });
}

function renderEntry(repo: Repo, { entry, place }: { entry: TreeEntry; place: Place }): Html {
  const path = place.path === "" ? entry.path : `${place.path}/${entry.path}`;
  const view = isFolder(entry) ? "tree" : "blob";
  return html`<li class="tone-calm">${renderIcon(isFolder(entry) ? "folder" : "file")}<a class="grow" href="${filePath(repo, { view, ref: place.ref, path })}">${entry.path}</a><span class="muted side">${
    entry.size !== null && formatBytes(entry.size)
  }</span></li>`;
}

function isFolder({ type }: TreeEntry): boolean {
  return type === "tree";
}

/** The way from the root to a place, each folder a link. */
export function renderTrail(repo: Repo, { ref, path }: Place): Html {
  const names = path.split("/").filter((name) => name !== "");
  const steps = names.map((name, index) => {
    const folder = names.slice(0, index + 1).join("/");
    const isLast = index === names.length - 1;
    return isLast ? name : html`<a href="${filePath(repo, { view: "tree", ref, path: folder })}">${name}</a>`;
  });
  const root = html`<a href="${filePath(repo, { view: "tree", ref, path: "" })}">${repo.name}</a>`;
  return html`${root}${steps.map((step) => html`<span class="muted"> / </span>${step}`)}`;
}
