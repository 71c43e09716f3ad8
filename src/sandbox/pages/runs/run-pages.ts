import { html } from "hono/html";
import { isExpired } from "../../actions/present/present-artifact.ts";
import type { Artifact, WorkflowJob, WorkflowRun } from "../../world/records.ts";
import { shortSha } from "../code/show-commits.ts";
import { renderIcon } from "../frame/icon.ts";
import { renderPanel, repoPage } from "../frame/layout.ts";
import { paginate } from "../frame/pager.ts";
import { commitPath, filePath, issuePath, jobPath, runPath } from "../frame/paths.ts";
import type { Html, PageAnswer, PageRoute, RepoVisit } from "../frame/visit.ts";
import { renderBranch } from "../marks/show-branch.ts";
import { formatBytes, renderTime } from "../marks/show-time.ts";
import { renderUser } from "../marks/show-user.ts";
import { renderBadge, renderMark, standingOf } from "../marks/standing.ts";
import { renderJob } from "./show-job.ts";
import { formatRunTime, listRuns, renderRuns } from "./show-runs.ts";

const RUN = "/actions/runs/:run{[0-9]+}";

/** Actions: all runs, one run, one job, logs and artifacts. */
export const RUN_PAGES: readonly PageRoute<RepoVisit>[] = [
  { path: "/actions", answer: answerRunList },
  { path: RUN, answer: answerRun },
  { path: `${RUN}/job/:job{[0-9]+}`, answer: answerJob },
  { path: `${RUN}/job/:job{[0-9]+}/log`, answer: answerLog },
  { path: `${RUN}/artifacts/:artifact{[0-9]+}`, answer: answerArtifact },
];

function answerRunList(visit: RepoVisit): PageAnswer {
  const { items, links } = paginate(listRuns(visit), visit);
  const main = html`<h1>Workflow runs</h1><section class="panel">${renderRuns(visit, items)}</section>${links}`;
  return repoPage(visit, { title: "Actions", tab: "actions", main });
}

function findRun({ repo, part }: RepoVisit): WorkflowRun | undefined {
  return repo.runs.get(Number(part("run")));
}

function answerRun(visit: RepoVisit): PageAnswer | undefined {
  const run = findRun(visit);
  if (run === undefined) return undefined;
  const { repo } = visit;
  const { latest, earlier } = listJobs(visit, run);
  const main = html`${renderRunHead(visit, run)}
${renderInputs(run)}
<h2>Jobs</h2>
${latest.length === 0 && html`<p class="empty panel">No job has started.</p>`}
${latest.map((job) => renderJob(visit, job, { isLogOpen: false }))}
${
  earlier.length > 0 &&
  renderPanel(
    "Earlier attempts",
    html`<ul class="rows tight">${earlier.map((job) => html`<li>${renderMark(standingOf(job))}<a class="grow" href="${jobPath(repo, job)}">${job.name}</a><span class="muted">attempt ${job.runAttempt}</span></li>`)}</ul>`,
  )
}
${renderArtifacts(visit, run)}`;
  return repoPage(visit, { title: `${run.displayTitle} · ${run.name}`, tab: "actions", main });
}

/** The newest job of each name, and those that it replaced. */
function listJobs({ repo }: RepoVisit, run: WorkflowRun) {
  const all = [...repo.jobs.values()].filter((job) => job.runId === run.id);
  const byName = new Map<string, WorkflowJob>();
  for (const job of all) {
    const known = byName.get(job.name);
    if (known === undefined || known.runAttempt <= job.runAttempt) byName.set(job.name, job);
  }
  return { latest: [...byName.values()], earlier: all.filter((job) => byName.get(job.name) !== job) };
}

function renderRunHead({ repo, now }: RepoVisit, run: WorkflowRun): Html {
  const pulls = run.pullNumbers.map(
    (number) => html` · <a href="${issuePath(repo, { number, isPull: true })}">#${number}</a>`,
  );
  const file = filePath(repo, { view: "blob", ref: run.headSha, path: run.path });
  return html`<h1>${run.displayTitle} <span class="muted">${run.name} #${run.runNumber}</span></h1>
<p class="byline">${renderBadge(standingOf(run))} <span class="muted">${run.event} by ${renderUser(run.actor)}, ${renderTime(run.createdAt, now)}</span></p>
<dl class="facts"><div><dt>Branch</dt><dd>${renderBranch(repo, run.headBranch)} <a class="sha" href="${commitPath(repo, run.headSha)}">${shortSha(run.headSha)}</a>${pulls}</dd></div>
<div><dt>Time</dt><dd>${formatRunTime(run, now)}</dd></div>
<div><dt>Attempt</dt><dd>${run.runAttempt}</dd></div>
<div><dt>Workflow</dt><dd><a class="path" href="${file}">${run.path}</a></dd></div></dl>`;
}

function renderInputs({ inputs }: WorkflowRun): Html | "" {
  const entries = Object.entries(inputs);
  if (entries.length === 0) return "";
  const rows = entries.map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td><pre class="plain">${value}</pre></td></tr>`,
  );
  return renderPanel(
    "Inputs",
    html`<div class="scroll" tabindex="0"><table class="pairs"><tbody>${rows}</tbody></table></div>`,
  );
}

function renderArtifacts(visit: RepoVisit, run: WorkflowRun): Html | "" {
  const artifacts = [...visit.repo.artifacts.values()].filter((artifact) => artifact.runId === run.id);
  if (artifacts.length === 0) return "";
  const rows = artifacts.map((artifact) => renderArtifact(visit, artifact));
  return renderPanel("Artifacts", html`<ul class="rows tight">${rows}</ul>`);
}

function renderArtifact({ world, repo }: RepoVisit, artifact: Artifact): Html {
  const path = `${runPath(repo, { id: artifact.runId })}/artifacts/${artifact.id}`;
  const isGone = isExpired(world, artifact);
  const name = isGone
    ? html`${artifact.name} <span class="muted">expired</span>`
    : html`<a href="${path}" download>${artifact.name}</a>`;
  return html`<li class="tone-calm">${renderIcon("box")}<span class="grow">${name}<span class="digest muted">${artifact.digest}</span></span><span class="muted side">${formatBytes(artifact.zip.byteLength)}</span></li>`;
}

function findJob(visit: RepoVisit): WorkflowJob | undefined {
  const job = visit.repo.jobs.get(Number(visit.part("job")));
  return job?.runId === Number(visit.part("run")) ? job : undefined;
}

function answerJob(visit: RepoVisit): PageAnswer | undefined {
  const { repo } = visit;
  const run = findRun(visit);
  const job = findJob(visit);
  if (run === undefined || job === undefined) return undefined;
  const main = html`<h1>${job.name} <span class="muted">attempt ${job.runAttempt}</span></h1>
<p>A job of <a href="${runPath(repo, run)}">${run.displayTitle}</a>, ${run.name} #${run.runNumber}.</p>
${renderJob(visit, job, { isLogOpen: true })}`;
  return repoPage(visit, { title: `${job.name} · ${run.name}`, tab: "actions", main });
}

function answerLog(visit: RepoVisit): PageAnswer | undefined {
  const job = findJob(visit);
  return job && { kind: "file", mediaType: "text/plain; charset=utf-8", content: job.log };
}

function answerArtifact(visit: RepoVisit): PageAnswer | undefined {
  const artifact = visit.repo.artifacts.get(Number(visit.part("artifact")));
  if (artifact?.runId !== Number(visit.part("run")) || isExpired(visit.world, artifact)) return undefined;
  return {
    kind: "file",
    mediaType: "application/zip",
    content: artifact.zip,
    saveAs: `${artifact.name}.zip`,
  };
}
