import { html } from "hono/html";
import type { JobStep, WorkflowJob } from "../../world/records.ts";
import { renderAnnotations } from "../checks/show-annotations.ts";
import { checkPath, jobPath } from "../frame/paths.ts";
import type { Html, RepoVisit } from "../frame/visit.ts";
import { formatDuration } from "../marks/show-time.ts";
import { renderMark, standingOf } from "../marks/standing.ts";
import { renderLog } from "./show-log.ts";

/** A job with its steps, its log and what it remarked. */
export function renderJob(visit: RepoVisit, job: WorkflowJob, { isLogOpen }: { isLogOpen: boolean }): Html {
  const { repo, now } = visit;
  const path = jobPath(repo, job);
  const check = repo.checkRuns.get(job.checkRunId);
  const took = job.status === "queued" ? "" : formatDuration(job.startedAt, job.completedAt ?? now);
  return html`<section class="panel job"><h3>${renderMark(standingOf(job))}<a href="${path}">${job.name}</a><span class="muted side">${took}</span></h3>
<ol class="rows tight steps">${job.steps.map((step) => renderStep(step, now))}</ol>
${job.log !== "" && html`<details class="log-box"${isLogOpen ? html` open` : ""}><summary>Log</summary>${renderLog(job.log, `${path}/log`)}</details>`}
${check && html`<p class="pad muted"><a href="${checkPath(repo, check)}">Check run</a></p>`}</section>
${check && renderAnnotations(visit, check)}`;
}

function renderStep(step: JobStep, now: Date): Html {
  const { startedAt, completedAt } = step;
  const took = startedAt === null ? "" : formatDuration(startedAt, completedAt ?? now);
  return html`<li>${renderMark(standingOf(step))}<span class="grow">${step.name}</span><span class="muted side">${took}</span></li>`;
}
