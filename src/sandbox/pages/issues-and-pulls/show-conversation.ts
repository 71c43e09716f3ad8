import { html } from "hono/html";
import type { Comment, Issue, Pull, Reaction, Review } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import { renderIcon } from "../frame/icon.ts";
import type { Html, RepoVisit } from "../frame/visit.ts";
import { showComment } from "../markdown/show-markdown.ts";
import { renderTime } from "../marks/show-time.ts";
import { renderAvatar, renderUser } from "../marks/show-user.ts";
import { issueStanding, renderMark, type Standing } from "../marks/standing.ts";

/** The opening text, all comments and reviews in order, and how it ended. */
export function renderConversation(visit: RepoVisit, issue: Issue): Html {
  const { repo } = visit;
  const pull = repo.pulls.get(issue.number);
  const comments = [...repo.comments.values()].filter((one) => one.issueNumber === issue.number);
  const entries = [
    ...comments.map((comment) => ({ at: comment.createdAt, content: renderComment(visit, comment) })),
    ...(pull?.reviews ?? []).flatMap((review) => renderReview(visit, review) ?? []),
    ...renderEnd(visit, issue, pull),
  ].toSorted((a, b) => a.at.getTime() - b.at.getTime());
  return html`<div class="conversation">${renderOpening(visit, issue)}${entries.map((entry) => entry.content)}</div>`;
}

interface Entry {
  readonly at: Date;
  readonly content: Html;
}

interface Post {
  readonly id: string;
  readonly user: User;
  readonly verb: string;
  readonly createdAt: Date;
  readonly isEdited: boolean;
  readonly body: string | null;
  readonly reactions: readonly Reaction[];
}

function renderOpening(visit: RepoVisit, { user, createdAt, body, reactions }: Issue): Html {
  const id = "opening";
  return renderPost(visit, { id, user, createdAt, body, reactions, verb: "opened this", isEdited: false });
}

function renderComment(visit: RepoVisit, comment: Comment): Html {
  return renderPost(visit, {
    ...comment,
    id: `issuecomment-${comment.id}`,
    verb: "commented",
    isEdited: comment.updatedAt.getTime() > comment.createdAt.getTime(),
  });
}

function renderPost(visit: RepoVisit, post: Post): Html {
  const { id, user, verb, createdAt, isEdited, body, reactions } = post;
  const text =
    body === null || body.trim() === ""
      ? html`<p class="muted">No description.</p>`
      : showComment(visit, body);
  return html`<article class="post ${user.type === "Bot" ? "by-bot" : ""}" id="${id}">
${renderAvatar(user)}
<div class="bubble"><header>${renderUser(user)} <span class="muted">${verb} <a href="#${id}">${renderTime(createdAt, visit.now)}</a>${isEdited && " · edited"}</span></header>
<div class="pad">${text}${renderReactions(reactions)}</div></div></article>`;
}

const SIGNS: Readonly<Record<string, string>> = {
  "+1": "👍",
  "-1": "👎",
  laugh: "😄",
  confused: "😕",
  heart: "❤️",
  hooray: "🎉",
  rocket: "🚀",
  eyes: "👀",
};

function renderReactions(reactions: readonly Reaction[]): Html | "" {
  if (reactions.length === 0) return "";
  const groups = Object.entries(Object.groupBy(reactions, ({ content }) => content));
  const pills = groups.map(([content, group = []]) => {
    const who = `${content}: ${group.map(({ user }) => user.login).join(", ")}`;
    return html`<li title="${who}"><span aria-hidden="true">${SIGNS[content] ?? content}</span> ${group.length}<span class="unseen"> ${who}</span></li>`;
  });
  return html`<ul class="reactions" aria-label="Reactions">${pills}</ul>`;
}

const REVIEWS: Readonly<Record<Review["state"], { word: string; standing: Standing }>> = {
  APPROVED: {
    word: "approved these changes",
    standing: { word: "Approved", icon: "done", tone: "good" },
  },
  CHANGES_REQUESTED: {
    word: "requested changes",
    standing: { word: "Changes requested", icon: "failed", tone: "bad" },
  },
  COMMENTED: { word: "reviewed", standing: { word: "Reviewed", icon: "comment", tone: "calm" } },
  DISMISSED: {
    word: "reviewed; the review was dismissed",
    standing: { word: "Dismissed", icon: "skipped", tone: "calm" },
  },
  PENDING: { word: "is reviewing", standing: { word: "Pending", icon: "open", tone: "warn" } },
};

/** Nothing for a review that only its author sees yet. */
function renderReview(visit: RepoVisit, review: Review): Entry | undefined {
  const { user, state, body, commitId, submittedAt } = review;
  if (submittedAt === null) return undefined;
  const { word, standing } = REVIEWS[state];
  const line = html`${renderUser(user)} ${word} at <code>${commitId.slice(0, 7)}</code>`;
  const id = `pullrequestreview-${review.id}`;
  const content = renderEvent({ id, standing, line, at: submittedAt, now: visit.now });
  const text = body === "" ? "" : html`<div class="bubble pad indented">${showComment(visit, body)}</div>`;
  return { at: submittedAt, content: html`${content}${text}` };
}

interface Happening {
  readonly id: string;
  readonly standing: Standing;
  readonly line: Html;
  readonly at: Date;
  readonly now: Date;
}

function renderEvent({ id, standing, line, at, now }: Happening): Html {
  return html`<p class="event" id="${id}">${renderMark(standing)}<span>${line} <span class="muted">${renderTime(at, now)}</span></span></p>`;
}

function renderEnd(visit: RepoVisit, issue: Issue, pull: Pull | undefined): readonly Entry[] {
  const { closedAt, closedBy } = issue;
  if (closedAt === null) return [];
  const who = closedBy === null ? html`Somebody` : renderUser(closedBy);
  const standing = issueStanding(issue, pull);
  const what = standing.word.toLowerCase().replace(/^(closed|merged)/, "$1 this");
  const line = html`${who} ${what}${pull?.merged && html` into <span class="branch">${pull.baseRef}</span>`}`;
  const happening = { id: "end", standing, line, at: closedAt, now: visit.now };
  return [{ at: closedAt, content: renderEvent(happening) }];
}

/** What stands beside the conversation. */
export function renderAside({ world, repo }: RepoVisit, issue: Issue, labels: Html): Html {
  const assignees = [...issue.assignees].flatMap((id) => world.users.get(id) ?? []);
  const people = assignees.map((user) => html`<p>${renderAvatar(user)} ${renderUser(user)}</p>`);
  return html`<h2>Labels</h2><p class="labels">${issue.labels.size === 0 ? html`<span class="muted">None</span>` : labels}</p>
<h2>Assignees</h2>${people.length === 0 ? html`<p class="muted">Nobody</p>` : people}
${issue.locked && html`<h2>Locked</h2><p>${renderIcon("stopped")} ${issue.lockReason ?? "without a reason"}</p>`}
<h2>Number</h2><p class="muted">${repo.owner.login}/${repo.name}#${issue.number}</p>`;
}
