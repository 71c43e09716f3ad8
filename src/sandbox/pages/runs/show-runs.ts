import { html } from "hono/html";
import type { WorkflowRun } from "../../world/records.ts";
import { renderIcon } from "../frame/icon.ts";
import { runPath } from "../frame/paths.ts";
import type { Html, RepoVisit } from "../frame/visit.ts";
import { renderBranch } from "../marks/show-branch.ts";
import { formatDuration, renderTime } from "../marks/show-time.ts";
import { renderUser } from "../marks/show-user.ts";
import { renderMark, standingOf } from "../marks/standing.ts";

/** Workflow runs as rows. */
export function renderRuns(visit: RepoVisit, runs: readonly WorkflowRun[]): Html {
  if (runs.length === 0) return html`<p class="empty">No workflow has run.</p>`;
  return html`<ul class="rows">${runs.map((run) => renderRun(visit, run))}</ul>`;
}

function renderRun({ repo, now }: RepoVisit, run: WorkflowRun): Html {
  return html`<li>${renderMark(standingOf(run))}<div class="grow"><a class="strong" href="${runPath(repo, run)}">${run.displayTitle}</a>
<div class="muted">${run.name} #${run.runNumber}: ${run.event} by ${renderUser(run.actor)}, ${renderTime(run.createdAt, now)} ${renderBranch(repo, run.headBranch)}</div></div>
<span class="muted side">${renderIcon("late")}${formatRunTime(run, now)}</span></li>`;
}

/** Newest first. */
export function listRuns({ repo }: RepoVisit): readonly WorkflowRun[] {
  return [...repo.runs.values()].toSorted((a, b) => b.id - a.id);
}

/** How long the latest attempt took, or has taken so far. */
export function formatRunTime(run: WorkflowRun, now: Date): string {
  return formatDuration(run.startedAt, run.status === "completed" ? run.updatedAt : now);
}
