import { html } from "hono/html";
import { readFileAt, resolveRef } from "../../git/git.ts";
import { readEntry } from "../../git/objects.ts";
import { renderPanel, repoPage } from "../frame/layout.ts";
import { filePath, historyPath } from "../frame/paths.ts";
import type { Html, PageAnswer, PageRoute, RepoVisit } from "../frame/visit.ts";
import { showDocument } from "../markdown/show-markdown.ts";
import { formatBytes } from "../marks/show-time.ts";
import { type Place, renderFolder, renderTrail } from "./show-folder.ts";

const MAX_LINES = 3000;

/** Folders, files and their bytes. */
export const FILE_PAGES: readonly PageRoute<RepoVisit>[] = [
  { path: "/tree/:place{[\\s\\S]+}", answer: answerFolder },
  { path: "/blob/:place{[\\s\\S]+}", answer: answerFile },
  { path: "/raw/:place{[\\s\\S]+}", answer: answerRaw },
];

/** Splits `branch/with/slashes/and/path` where a ref ends. */
function findPlace({ repo, part }: RepoVisit): Place | undefined {
  const names = part("place").replace(/\/+$/, "").split("/");
  for (let length = 1; length <= Math.min(names.length, 20); length++) {
    const ref = names.slice(0, length).join("/");
    const sha = resolveRef(repo.gitDir, ref);
    if (sha !== undefined) return { ref, sha, path: names.slice(length).join("/") };
  }
  return undefined;
}

function answerFolder(visit: RepoVisit): PageAnswer | undefined {
  const { repo } = visit;
  const place = findPlace(visit);
  if (place === undefined) return undefined;
  const { ref, sha, path } = place;
  if (path !== "" && readEntry(repo.gitDir, sha, path)?.type !== "tree") return undefined;
  const main = html`<h1 class="trail">${renderTrail(repo, place)}</h1>
<p class="muted">At <span class="branch">${ref}</span> · <a href="${historyPath(repo, ref)}">History</a></p>
${renderPanel("Files", renderFolder(visit, place))}`;
  return repoPage(visit, { title: path || ref, tab: "code", main });
}

function answerFile(visit: RepoVisit): PageAnswer | undefined {
  const { repo } = visit;
  const place = findPlace(visit);
  const bytes = place && readFileAt(repo.gitDir, place.sha, place.path);
  if (place === undefined || bytes === undefined) return undefined;
  const { ref, path } = place;
  const main = html`<h1 class="trail">${renderTrail(repo, place)}</h1>
<p class="muted">At <span class="branch">${ref}</span> · ${formatBytes(bytes.length)} · <a href="${filePath(repo, { ...place, view: "raw" })}">Raw</a></p>
<div class="panel">${renderContent(visit, place, bytes)}</div>`;
  return repoPage(visit, { title: path, tab: "code", main });
}

function renderContent(visit: RepoVisit, place: Place, bytes: Uint8Array): Html {
  if (bytes.includes(0)) return html`<p class="empty">This file is not text.</p>`;
  const text = new TextDecoder().decode(bytes);
  if (!/\.md$/i.test(place.path)) return renderLines(text);
  const own = filePath(visit.repo, { ...place, view: "blob" });
  return html`<div class="pad">${showDocument(visit, text, own)}</div>`;
}

function renderLines(text: string): Html {
  const lines = text.replace(/\n$/, "").split("\n");
  const rest = lines.length - MAX_LINES;
  const rows = lines
    .slice(0, MAX_LINES)
    .map(
      (line, index) =>
        html`<tr id="L${index + 1}"><td class="number">${index + 1}</td><td class="text">${line}</td></tr>`,
    );
  return html`<div class="scroll" tabindex="0"><table class="diff"><tbody>${rows}</tbody></table></div>${
    rest > 0 && html`<p class="muted pad">${rest} more lines are not shown.</p>`
  }`;
}

/** Always as plain text or bytes, so that no file of a repository acts as a page of this server. */
function answerRaw(visit: RepoVisit): PageAnswer | undefined {
  const place = findPlace(visit);
  const content = place && readFileAt(visit.repo.gitDir, place.sha, place.path);
  if (content === undefined) return undefined;
  const mediaType = content.includes(0) ? "application/octet-stream" : "text/plain; charset=utf-8";
  return { kind: "file", mediaType, content };
}
