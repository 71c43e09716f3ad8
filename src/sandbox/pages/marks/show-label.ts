import { html } from "hono/html";
import type { Issue, Label, Repo } from "../../world/records.ts";
import type { Html, PageFile } from "../frame/visit.ts";

/** The labels of an issue as coloured pills. */
export function renderLabels(repo: Repo, issue: Issue): Html {
  const labels = [...issue.labels].flatMap((name) => repo.labels.get(name) ?? []);
  return html`${labels.map(renderLabel)}`;
}

function renderLabel(label: Label): Html {
  return html`<span class="label label-${label.id}" title="${label.description ?? ""}">${label.name}</span> `;
}

/** The colours of a repository's labels; a stylesheet of its own because pages may carry no inline style. */
export function labelStyles(repo: Repo): PageFile {
  const rules = [...repo.labels.values()]
    .filter(({ color }) => /^[0-9a-f]{6}$/i.test(color))
    .map(({ id, color }) => `.label-${id}{--label:#${color}}`);
  return { kind: "file", mediaType: "text/css; charset=utf-8", content: rules.join("\n") };
}
