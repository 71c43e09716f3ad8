import { html } from "hono/html";
import { findIssueById } from "../../world/find-records.ts";
import type { Issue } from "../../world/records.ts";
import { repoPage } from "../frame/layout.ts";
import { issuePath } from "../frame/paths.ts";
import type { Html, PageAnswer, RepoVisit } from "../frame/visit.ts";
import { renderLabels } from "../marks/show-label.ts";
import { renderTime } from "../marks/show-time.ts";
import { renderUser } from "../marks/show-user.ts";
import { issueStanding, renderBadge, renderMark } from "../marks/standing.ts";
import { renderAside, renderConversation } from "./show-conversation.ts";

/** One issue with its conversation; the number of a pull request leads there. */
export function answerIssue(visit: RepoVisit): PageAnswer | undefined {
  const { repo, now } = visit;
  const issue = repo.issues.get(Number(visit.part("number")));
  if (issue === undefined) return undefined;
  if (issue.isPull) return { kind: "redirect", to: issuePath(repo, issue) };
  const main = html`<h1>${issue.title} <span class="muted">#${issue.number}</span></h1>
<p class="byline">${renderBadge(issueStanding(issue, undefined))} <span class="muted">${renderUser(issue.user)} opened this ${renderTime(issue.createdAt, now)}</span></p>
<div class="columns narrow-side"><div>${renderConversation(visit, issue)}</div>
<aside aria-label="About this issue">${renderAside(visit, issue, renderLabels(repo, issue))}${renderBlockers(visit, issue)}</aside></div>`;
  return repoPage(visit, { title: `${issue.title} #${issue.number}`, tab: "issues", main });
}

function renderBlockers({ world }: RepoVisit, issue: Issue): Html | "" {
  const blockers = [...issue.blockedBy].flatMap((id) => findIssueById(world, id) ?? []);
  if (blockers.length === 0) return "";
  const rows = blockers.map(
    ({ repo, issue: blocker }) =>
      html`<li>${renderMark(issueStanding(blocker, undefined))}<a href="${issuePath(repo, blocker)}">${blocker.title} #${blocker.number}</a></li>`,
  );
  return html`<h2>Blocked by</h2><ul class="plain-list">${rows}</ul>`;
}
