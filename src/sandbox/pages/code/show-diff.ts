import { html } from "hono/html";
import { type FileChange, sumChanges } from "../../git/diff.ts";
import type { Repo } from "../../world/records.ts";
import { filePath } from "../frame/paths.ts";
import type { Html } from "../frame/visit.ts";

const MAX_FILES = 200;
const MAX_LINES_OF_FILE = 800;

export interface DiffOptions {
  readonly repo: Repo;
  /** The commit that has the files after the change. */
  readonly sha: string;
}

/** All changed files, one below the other. */
export function renderDiff(files: readonly FileChange[], options: DiffOptions): Html {
  const { additions, deletions } = sumChanges(files);
  const shown = files.slice(0, MAX_FILES).map((file) => renderFile(file, options));
  const rest = files.length - shown.length;
  return html`<p class="muted">${files.length} changed ${files.length === 1 ? "file" : "files"}, ${renderLineCounts({ additions, deletions })}</p>
${shown}${rest > 0 && html`<p class="muted">${rest} more files are not shown.</p>`}`;
}

export function renderLineCounts({
  additions,
  deletions,
}: {
  readonly additions: number;
  readonly deletions: number;
}): Html {
  return html`<span class="line-counts"><span class="tone-good">+${additions}</span> <span class="tone-bad">−${deletions}</span></span>`;
}

function renderFile(file: FileChange, { repo, sha }: DiffOptions): Html {
  const { status, path, previousPath, patch } = file;
  const place = filePath(repo, { view: "blob", ref: sha, path });
  const name = status === "removed" ? html`${path}` : html`<a href="${place}">${path}</a>`;
  const lines = patch === null ? html`<p class="muted pad">No text to compare.</p>` : renderPatch(patch);
  return html`<details class="file" open><summary><span class="path">${previousPath !== null && `${previousPath} → `}${name}</span> <span class="muted">${status}</span> ${renderLineCounts(file)}</summary>${lines}</details>`;
}

interface DiffLine {
  readonly sort: "hunk" | "added" | "removed" | "same" | "note";
  readonly before: number | "";
  readonly after: number | "";
  readonly text: string;
}

function renderPatch(patch: string): Html {
  const lines = readPatch(patch);
  const rest = lines.length - MAX_LINES_OF_FILE;
  const rows = lines.slice(0, MAX_LINES_OF_FILE).map(renderLine);
  return html`<div class="scroll" tabindex="0"><table class="diff"><tbody>${rows}</tbody></table></div>${
    rest > 0 && html`<p class="muted pad">${rest} more lines are not shown.</p>`
  }`;
}

function renderLine({ sort, before, after, text }: DiffLine): Html {
  return html`<tr class="${sort}"><td class="number">${before}</td><td class="number">${after}</td><td class="text">${text}</td></tr>`;
}

const SORTS: Readonly<Record<string, DiffLine["sort"]>> = { "+": "added", "-": "removed", "\\": "note" };

/** Gives each line of a unified patch its numbers before and after. */
function readPatch(patch: string): readonly DiffLine[] {
  let before = 0;
  let after = 0;
  return patch.split("\n").map((text): DiffLine => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(text);
    if (hunk !== null) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      return { sort: "hunk", before: "", after: "", text };
    }
    const sort = SORTS[text.charAt(0)] ?? "same";
    if (sort === "added") return { sort, before: "", after: after++, text };
    if (sort === "removed") return { sort, before: before++, after: "", text };
    if (sort === "note") return { sort, before: "", after: "", text };
    return { sort, before: before++, after: after++, text };
  });
}
