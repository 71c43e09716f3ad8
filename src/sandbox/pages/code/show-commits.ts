import { html } from "hono/html";
import { findUserByEmail, type GitSignature } from "../../git/identity.ts";
import { type GitCommit, readCommits } from "../../git/objects.ts";
import type { World } from "../../world/world.ts";
import { renderCommitMark } from "../checks/show-checks.ts";
import { commitPath } from "../frame/paths.ts";
import type { Html, RepoVisit } from "../frame/visit.ts";
import { linkWords } from "../markdown/link-words.ts";
import { renderTime } from "../marks/show-time.ts";
import { renderAvatar, renderUser } from "../marks/show-user.ts";

/** Commits as rows, in the given order. */
export function renderCommits(visit: RepoVisit, shas: readonly string[]): Html {
  if (shas.length === 0) return html`<p class="empty">No commits.</p>`;
  const commits = readCommits(visit.repo.gitDir, shas);
  return html`<ul class="rows">${commits.map((commit) => renderCommit(visit, commit))}</ul>`;
}

function renderCommit({ world, repo, now }: RepoVisit, commit: GitCommit): Html {
  const path = commitPath(repo, commit.sha);
  return html`<li>${renderCommitMark(repo, commit.sha)}<div class="grow"><a class="strong" href="${path}">${subjectOf(commit)}</a>
<div class="muted byline">${renderSignature(world, commit.author)} committed ${renderTime(commit.committer.date, now)}</div></div><a class="sha side" href="${path}">${shortSha(commit.sha)}</a></li>`;
}

/** Who signed a commit: the account where its address tells, else the bare name. */
export function renderSignature(world: World, signature: GitSignature): Html {
  const user = findUserByEmail(world.users, signature.email);
  return user === null ? html`${signature.name}` : html`${renderAvatar(user)} ${renderUser(user)}`;
}

/** The message below its first line. */
export function renderMessageBody({ message }: GitCommit, { repo }: RepoVisit): Html | "" {
  const rest = message.split("\n").slice(1).join("\n").trim();
  return rest === "" ? "" : html`<pre class="plain">${linkWords(rest, repo)}</pre>`;
}

export function subjectOf({ message }: Pick<GitCommit, "message">): string {
  return message.split("\n", 1)[0]?.trim() || "(no message)";
}

export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}
