import { html } from "hono/html";
import type { Repo } from "../world/records.ts";
import { sitePage } from "./frame/layout.ts";
import { repoPath } from "./frame/paths.ts";
import type { Html, PageAnswer, Visit } from "./frame/visit.ts";
import { renderTime } from "./marks/show-time.ts";
import { listRuns, renderRuns } from "./runs/show-runs.ts";

/** All repositories. */
export function answerFrontPage(visit: Visit): PageAnswer {
  const repos = [...visit.world.repos.values()];
  const main = html`<h1>Repositories</h1>
${repos.length === 0 ? html`<p class="empty panel">There is no repository yet.</p>` : renderRepos(visit, repos)}`;
  return sitePage("Repositories", main);
}

/** Repositories as cards with their figures. */
export function renderRepos(visit: Visit, repos: readonly Repo[]): Html {
  return html`<ul class="cards">${repos.map((repo) => renderRepo(visit, repo))}</ul>`;
}

function renderRepo(visit: Visit, repo: Repo): Html {
  const home = repoPath(repo);
  const open = [...repo.issues.values()].filter((issue) => issue.state === "open");
  const pulls = open.filter((issue) => issue.isPull).length;
  const latest = listRuns({ ...visit, repo }).slice(0, 1);
  return html`<li class="panel"><h2><a href="${home}"><span class="muted">${repo.owner.login}/</span>${repo.name}</a>${repo.private && html` <span class="pill">private</span>`}</h2>
<p class="pad">${repo.description ?? ""} <span class="muted">Created ${renderTime(repo.createdAt, visit.now)}.</span></p>
<p class="pad"><a href="${home}/issues">${countOf(open.length - pulls, "open issue")}</a> · <a href="${home}/pulls">${countOf(pulls, "open pull request")}</a> · <a href="${home}/actions">${countOf(repo.runs.size, "run")}</a></p>
${latest.length > 0 && renderRuns({ ...visit, repo }, latest)}</li>`;
}

function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
