import { html } from "hono/html";
import type { CheckRun } from "../../world/records.ts";
import { shortSha } from "../code/show-commits.ts";
import { renderPanel, renderSafeLink, repoPage } from "../frame/layout.ts";
import { commitPath, issuePath } from "../frame/paths.ts";
import type { Html, PageAnswer, RepoVisit } from "../frame/visit.ts";
import { showComment } from "../markdown/show-markdown.ts";
import { formatDuration, renderTime } from "../marks/show-time.ts";
import { renderBadge, standingOf } from "../marks/standing.ts";
import { renderAnnotations } from "./show-annotations.ts";
import { appName } from "./show-checks.ts";

/** One check run with its report. */
export function answerCheck(visit: RepoVisit): PageAnswer | undefined {
  const { world, repo, now } = visit;
  const run = repo.checkRuns.get(Number(visit.part("id")));
  if (run === undefined) return undefined;
  const took = run.completedAt === null ? "" : `, took ${formatDuration(run.startedAt, run.completedAt)}`;
  const main = html`<h1>${run.name}</h1>
<p class="byline">${renderBadge(standingOf(run))} <span class="muted">${appName(world, run.appId)} for <a class="sha" href="${commitPath(repo, run.headSha)}">${shortSha(run.headSha)}</a>, started ${renderTime(run.startedAt, now)}${took}</span></p>
${renderPulls(visit, run)}
${renderOutput(visit, run)}
${renderAnnotations(visit, run)}
${renderActions(visit, run)}
${run.detailsUrl !== null && html`<p>${renderSafeLink("Details", run.detailsUrl, world.baseUrl())}</p>`}`;
  return repoPage(visit, { title: run.name, tab: "code", main });
}

function renderPulls({ repo }: RepoVisit, run: CheckRun): Html | "" {
  const pulls = [...repo.pulls.values()].filter((pull) => pull.headSha === run.headSha);
  if (pulls.length === 0) return "";
  return html`<p>Pull requests: ${pulls.map(({ number }) => html`<a href="${issuePath(repo, { number, isPull: true })}">#${number}</a> `)}</p>`;
}

function renderOutput(visit: RepoVisit, { output }: CheckRun): Html {
  const { title, summary, text } = output;
  if (title === null && summary === null && text === null) {
    return html`<p class="empty panel">This check has reported nothing.</p>`;
  }
  return renderPanel(
    title ?? "Report",
    html`<div class="pad">${summary !== null && showComment(visit, summary)}${text !== null && html`<hr>${showComment(visit, text)}`}</div>`,
  );
}

/** Pages change nothing, so they say how a button is pressed instead. */
function renderActions({ repo }: RepoVisit, { id, actions }: CheckRun): Html | "" {
  if (actions.length === 0) return "";
  const rows = actions.map(
    ({ label, description, identifier }) =>
      html`<li><span class="pill">${label}</span><span class="muted grow">${description}</span><code>${identifier}</code></li>`,
  );
  const repository = `${repo.owner.login}/${repo.name}`;
  const body = JSON.stringify({ repository, checkRunId: id, identifier: actions[0]?.identifier, login: "…" });
  return renderPanel(
    "Offered actions",
    html`<ul class="rows tight">${rows}</ul><p class="pad muted">To press one: <code>POST /_sandbox/request-action</code> with <code>${body}</code></p>`,
  );
}
