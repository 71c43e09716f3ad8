import { html } from "hono/html";
import { repoPage } from "../frame/layout.ts";
import { paginate } from "../frame/pager.ts";
import type { Html, PageAnswer, RepoVisit } from "../frame/visit.ts";
import { listIssues, renderIssues } from "./show-issues.ts";

const TITLES = { issues: "Issues", pulls: "Pull requests" } as const;

/** All issues, or all pull requests; open ones unless `?state=` says otherwise. */
export function answerIssueList(visit: RepoVisit, tab: "issues" | "pulls"): PageAnswer {
  const all = listIssues(visit, tab);
  const state = visit.query.get("state") === "closed" ? "closed" : "open";
  const { items, links } = paginate(
    all.filter((issue) => issue.state === state),
    visit,
  );
  const choose = (one: "open" | "closed"): Html => {
    const count = all.filter((issue) => issue.state === one).length;
    const current = one === state ? html` aria-current="true"` : "";
    return html`<a href="${visit.path}?state=${one}"${current}>${count} ${one}</a>`;
  };
  const main = html`<h1>${TITLES[tab]}</h1>
<section class="panel"><nav class="choices" aria-label="State">${choose("open")} ${choose("closed")}</nav>${renderIssues(visit, items)}</section>${links}`;
  return repoPage(visit, { title: TITLES[tab], tab, main });
}
