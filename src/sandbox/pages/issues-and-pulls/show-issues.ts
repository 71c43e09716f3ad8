import { html } from "hono/html";
import type { Issue } from "../../world/records.ts";
import { renderCommitMark } from "../checks/show-checks.ts";
import { renderIcon } from "../frame/icon.ts";
import { issuePath } from "../frame/paths.ts";
import type { Html, RepoVisit } from "../frame/visit.ts";
import { renderLabels } from "../marks/show-label.ts";
import { renderTime } from "../marks/show-time.ts";
import { renderUser } from "../marks/show-user.ts";
import { issueStanding, renderMark } from "../marks/standing.ts";

/** Issues or pull requests as rows. */
export function renderIssues(visit: RepoVisit, issues: readonly Issue[]): Html {
  if (issues.length === 0) return html`<p class="empty">Nothing here.</p>`;
  return html`<ul class="rows">${issues.map((issue) => renderIssue(visit, issue))}</ul>`;
}

function renderIssue({ repo, now }: RepoVisit, issue: Issue): Html {
  const pull = repo.pulls.get(issue.number);
  const comments = [...repo.comments.values()].filter((one) => one.issueNumber === issue.number).length;
  return html`<li>${renderMark(issueStanding(issue, pull))}<div class="grow"><a class="strong" href="${issuePath(repo, issue)}">${issue.title}</a> ${
    pull && renderCommitMark(repo, pull.headSha)
  } <span class="labels">${renderLabels(repo, issue)}</span>
<div class="muted">#${issue.number} opened ${renderTime(issue.createdAt, now)} by ${renderUser(issue.user)}</div></div>
${comments > 0 && html`<span class="muted side">${renderIcon("comment")}${comments}<span class="unseen"> comments</span></span>`}</li>`;
}

/** Newest first. */
export function listIssues({ repo }: RepoVisit, sort: "issues" | "pulls"): readonly Issue[] {
  const all = [...repo.issues.values()].filter((issue) => issue.isPull === (sort === "pulls"));
  return all.toSorted((a, b) => b.number - a.number);
}
