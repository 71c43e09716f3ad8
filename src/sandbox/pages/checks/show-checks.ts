import { html } from "hono/html";
import { latestRuns } from "../../areas/checks/check-records.ts";
import type { CheckRun, CommitStatus, Repo } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { renderSafeLink } from "../frame/layout.ts";
import { checkPath } from "../frame/paths.ts";
import type { Html, RepoVisit } from "../frame/visit.ts";
import { formatDuration } from "../marks/show-time.ts";
import { renderMark, STATUS_STANDINGS, type Standing, standingOf, sumStandings } from "../marks/standing.ts";

export function checksOf(repo: Repo, sha: string): readonly CheckRun[] {
  return latestRuns([...repo.checkRuns.values()].filter((run) => run.headSha === sha));
}

/** The newest status of each context. */
export function statusesOf(repo: Repo, sha: string): readonly CommitStatus[] {
  const ofCommit = repo.statuses.filter((status) => status.sha === sha);
  const byContext = new Map(ofCommit.toSorted((a, b) => a.id - b.id).map((one) => [one.context, one]));
  return [...byContext.values()];
}

/** How all checks and statuses of a commit stand together; undefined when it has none. */
export function commitStanding(repo: Repo, sha: string): Standing | undefined {
  const statuses = statusesOf(repo, sha).map(({ state }) => STATUS_STANDINGS[state]);
  return sumStandings([...checksOf(repo, sha).map(standingOf), ...statuses]);
}

/** The mark of a commit; nothing when it has no checks. */
export function renderCommitMark(repo: Repo, sha: string): Html | "" {
  const standing = commitStanding(repo, sha);
  return standing === undefined ? "" : renderMark(standing);
}

/** All checks and statuses of a commit. */
export function renderChecks(visit: RepoVisit, sha: string): Html {
  const { world, repo } = visit;
  const checks = checksOf(repo, sha).map((run) => renderCheck(visit, run));
  const statuses = statusesOf(repo, sha).map((status) => renderStatus(world, status));
  if (checks.length + statuses.length === 0) return html`<p class="empty">No checks ran for this commit.</p>`;
  return html`<ul class="rows">${checks}${statuses}</ul>`;
}

function renderCheck({ world, repo, now }: RepoVisit, run: CheckRun): Html {
  const app = appName(world, run.appId);
  const took = run.status === "queued" ? "" : formatDuration(run.startedAt, run.completedAt ?? now);
  return html`<li>${renderMark(standingOf(run))}<div class="grow"><a class="strong" href="${checkPath(repo, run)}">${run.name}</a> <span class="muted">${app}</span>${
    run.output.title !== null && html`<div class="muted">${run.output.title}</div>`
  }</div><span class="muted side">${took}</span></li>`;
}

function renderStatus(world: World, status: CommitStatus): Html {
  const name = renderSafeLink(status.context, status.targetUrl, world.baseUrl());
  return html`<li>${renderMark(STATUS_STANDINGS[status.state])}<div class="grow"><span class="strong">${name}</span> <span class="muted">status by ${status.creator.login}</span><div class="muted">${status.description ?? ""}</div></div></li>`;
}

/** The name of the app that owns a check. */
export function appName(world: World, appId: number): string {
  return [world.app, world.actionsApp].find((app) => app?.id === appId)?.name ?? `app ${appId}`;
}
