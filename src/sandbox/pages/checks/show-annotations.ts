import { html } from "hono/html";
import type { CheckRun, Repo } from "../../world/records.ts";
import { renderPanel } from "../frame/layout.ts";
import { filePath } from "../frame/paths.ts";
import type { Html, RepoVisit } from "../frame/visit.ts";

/** What a check remarked on single lines; nothing when it remarked nothing. */
export function renderAnnotations(visit: RepoVisit, { annotations, headSha }: CheckRun): Html | "" {
  if (annotations.length === 0) return "";
  const rows = annotations.map((annotation) => renderAnnotation(visit.repo, { annotation, headSha }));
  return renderPanel(
    html`Annotations <span class="count">${annotations.length}</span>`,
    html`<ul class="rows">${rows}</ul>`,
  );
}

const LEVELS: Readonly<Record<string, string>> = { failure: "bad", warning: "warn", notice: "calm" };

interface Annotation {
  readonly annotation: Readonly<Record<string, unknown>>;
  readonly headSha: string;
}

function renderAnnotation(repo: Repo, { annotation, headSha }: Annotation): Html {
  const read = (field: string): string => {
    const value = annotation[field];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  const level = read("annotation_level");
  const line = read("start_line");
  const place = filePath(repo, { view: "blob", ref: headSha, path: read("path") });
  return html`<li><div class="grow"><span class="pill tone-${LEVELS[level] ?? "calm"}">${level}</span> <a class="path" href="${place}#L${line}">${read("path")}:${line}</a> <span class="strong">${read("title")}</span>
<pre class="plain">${read("message")}</pre>${read("raw_details") !== "" && html`<pre class="plain muted">${read("raw_details")}</pre>`}</div></li>`;
}
