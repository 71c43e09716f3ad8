import { html } from "hono/html";
import type { Repo } from "../../world/records.ts";
import { filePath } from "../frame/paths.ts";
import type { Html } from "../frame/visit.ts";

/** The name of a branch, leading to its files. */
export function renderBranch(repo: Repo, branch: string): Html {
  return html`<a class="branch" href="${filePath(repo, { view: "tree", ref: branch, path: "" })}">${branch}</a>`;
}
