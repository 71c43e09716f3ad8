import { html } from "hono/html";
import type { Issue } from "../world/records.ts";
import { renderIcon } from "./icon.ts";
import { issuePath } from "./paths.ts";
import { renderCommitMark } from "./show-checks.ts";
import { renderLabels } from "./show-label.ts";
import { renderTime } from "./show-time.ts";
import { renderUser } from "./show-user.ts";
import { issueStanding, renderMark } from "./standing.ts";
import type { Html, RepoVisit } from "./visit.ts";

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
