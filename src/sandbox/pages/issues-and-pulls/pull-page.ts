import { html } from "hono/html";
import { diffText } from "../../git/diff.ts";
import { resolveRef } from "../../git/git.ts";
import { findMergeBase } from "../../git/history.ts";
import { EMPTY_TREE } from "../../git/objects.ts";
import { isMergeable, pullCommits, pullFiles } from "../../git/pull-facts.ts";
import type { Issue, Pull, Repo } from "../../world/records.ts";
import { checksOf, renderChecks, statusesOf } from "../checks/show-checks.ts";
import { renderCommits, shortSha } from "../code/show-commits.ts";
import { renderDiff } from "../code/show-diff.ts";
import { renderCount, renderPanel, repoPage } from "../frame/layout.ts";
import { commitPath, issuePath } from "../frame/paths.ts";
import type { Html, PageAnswer, PageRoute, RepoVisit } from "../frame/visit.ts";
import { renderBranch } from "../marks/show-branch.ts";
import { renderLabels } from "../marks/show-label.ts";
import { renderTime } from "../marks/show-time.ts";
import { renderUser } from "../marks/show-user.ts";
import { issueStanding, renderBadge, renderMark, type Standing } from "../marks/standing.ts";
import { renderAside, renderConversation } from "./show-conversation.ts";

const PARTS = new Set(["commits", "checks", "files"]);

export const PULL_PAGES: readonly PageRoute<RepoVisit>[] = [
  { path: "/pull/:number{[0-9]+}", answer: answerPull },
  { path: "/pulls/:number{[0-9]+}", answer: redirectToPull },
  { path: "/pull/:number{[0-9]+}/:part", answer: redirectToPull },
  { path: "/pull/:number{[0-9]+\\.(?:diff|patch)}", answer: answerDiff },
];

interface Found {
  readonly issue: Issue;
  readonly pull: Pull;
}

function findPull({ repo, part }: RepoVisit): Found | undefined {
  const number = Number.parseInt(part("number"), 10);
  const issue = repo.issues.get(number);
  const pull = repo.pulls.get(number);
  return issue && pull && { issue, pull };
}

/** Leads to the page of the pull request, or to the part of it that has a page of its own on GitHub. */
function redirectToPull(visit: RepoVisit): PageAnswer | undefined {
  const found = findPull(visit);
  const part = visit.part("part");
  if (part !== "" && !PARTS.has(part)) return undefined;
  return found && { kind: "redirect", to: issuePath(visit.repo, found.issue) + (part && `#${part}`) };
}

function answerDiff(visit: RepoVisit): PageAnswer | undefined {
  const { repo } = visit;
  const found = findPull(visit);
  if (found === undefined) return undefined;
  const { baseSha, headSha } = found.pull;
  const start = findMergeBase(repo.gitDir, baseSha, headSha) ?? EMPTY_TREE;
  const content = diffText(repo.gitDir, start, headSha);
  return { kind: "file", mediaType: "text/plain; charset=utf-8", content };
}

function answerPull(visit: RepoVisit): PageAnswer | undefined {
  const { repo } = visit;
  const found = findPull(visit);
  if (found === undefined) {
    const issue = repo.issues.get(Number(visit.part("number")));
    return issue && { kind: "redirect", to: issuePath(repo, issue) };
  }
  const { issue, pull } = found;
  const main = html`${renderHead(visit, found)}
<div class="columns narrow-side"><div>${renderConversation(visit, issue)}
${!pull.merged && issue.state === "open" && renderMergeability(repo, pull)}</div>
<aside aria-label="About this pull request">${renderAside(visit, issue, renderLabels(repo, issue))}</aside></div>
${renderParts(visit, pull)}`;
  return repoPage(visit, { title: `${issue.title} #${issue.number}`, tab: "pulls", main });
}

function renderHead({ repo, now }: RepoVisit, { issue, pull }: Found): Html {
  const into = pull.merged ? "merged" : "wants to merge";
  const who = pull.merged ? (pull.mergedBy ?? issue.user) : issue.user;
  const checks = checksOf(repo, pull.headSha).length + statusesOf(repo, pull.headSha).length;
  return html`<h1>${issue.title} <span class="muted">#${issue.number}</span></h1>
<p class="byline">${renderBadge(issueStanding(issue, pull))} <span class="muted">${renderUser(who)} ${into} ${renderHeadBranch(repo, pull)} into ${renderBranch(repo, pull.baseRef)} ${renderTime(pull.mergedAt ?? issue.createdAt, now)}</span></p>
<nav class="choices" aria-label="Parts of this page"><a href="#checks">Checks${renderCount(checks)}</a> <a href="#commits">Commits${renderCount(pullCommits(repo, pull).length)}</a> <a href="#files">Files changed${renderCount(pullFiles(repo, pull).length)}</a></nav>`;
}

/** The head may lie in another repository, or be gone after the merge. */
function renderHeadBranch(repo: Repo, { headRef, headRepoId }: Pull): Html {
  const isHere = headRepoId === repo.id && resolveRef(repo.gitDir, `refs/heads/${headRef}`) !== undefined;
  return isHere ? renderBranch(repo, headRef) : html`<span class="branch">${headRef}</span>`;
}

function renderMergeability(repo: Repo, pull: Pull): Html {
  const queued = renderQueued(repo, pull);
  if (queued !== undefined) return queued;
  const standing = MERGEABILITY[`${isMergeable(repo, pull)}`];
  return html`<p class="panel pad event">${renderMark(standing)}<span>${standing.word}</span></p>`;
}

function renderQueued(repo: Repo, pull: Pull): Html | undefined {
  const entries = repo.queue.filter((entry) => entry.baseRef === pull.baseRef);
  const position = entries.findIndex((entry) => entry.pullNumber === pull.number) + 1;
  const group = entries[position - 1]?.group;
  if (!group) return undefined;
  const mark = renderMark({ word: "Queued to be merged", icon: "late", tone: "warn" });
  const { headSha } = group;
  return html`<p class="panel pad event">${mark}<span>In the merge queue, number ${position} of ${entries.length}. Checked as <a class="sha" href="${commitPath(repo, headSha)}">${shortSha(headSha)}</a>.</span></p>`;
}

const MERGEABILITY: Readonly<Record<`${boolean | null}`, Standing>> = {
  true: { word: "This branch has no conflicts with its base.", icon: "done", tone: "good" },
  false: { word: "This branch has conflicts with its base.", icon: "failed", tone: "bad" },
  null: { word: "The base branch is gone.", icon: "needed", tone: "warn" },
};

function renderParts(visit: RepoVisit, pull: Pull): Html {
  const { repo } = visit;
  const diff = `${issuePath(repo, { number: pull.number, isPull: true })}.diff`;
  return html`<div id="checks">${renderPanel("Checks", renderChecks(visit, pull.headSha))}</div>
<div id="commits">${renderPanel("Commits", renderCommits(visit, pullCommits(repo, pull)))}</div>
<section id="files"><h2>Files changed</h2><p><a href="${diff}">As one diff</a></p>${renderDiff(pullFiles(repo, pull), { repo, sha: pull.headSha })}</section>`;
}
