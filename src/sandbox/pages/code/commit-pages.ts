import { html } from "hono/html";
import { diffFiles, diffOfCommit } from "../../git/diff.ts";
import { resolveRef } from "../../git/git.ts";
import { findMergeBase, listCommits } from "../../git/history.ts";
import { EMPTY_TREE, readCommit } from "../../git/objects.ts";
import { renderChecks } from "../checks/show-checks.ts";
import { renderPanel, repoPage } from "../frame/layout.ts";
import { paginate } from "../frame/pager.ts";
import { commitPath, filePath, historyPath } from "../frame/paths.ts";
import type { PageAnswer, PageRoute, RepoVisit } from "../frame/visit.ts";
import { renderTime } from "../marks/show-time.ts";
import { renderCommits, renderMessageBody, renderSignature, shortSha, subjectOf } from "./show-commits.ts";
import { renderDiff } from "./show-diff.ts";

const MAX_HISTORY = 1000;

/** Commits: the history of a branch, one commit, two compared. */
export const COMMIT_PAGES: readonly PageRoute<RepoVisit>[] = [
  {
    path: "/commits",
    answer: ({ repo }) => ({ kind: "redirect", to: historyPath(repo, repo.defaultBranch) }),
  },
  { path: "/commits/:ref{[\\s\\S]+}", answer: answerHistory },
  { path: "/commit/:sha", answer: answerCommit },
  { path: "/compare/:range{[\\s\\S]+}", answer: answerComparison },
];

/** The history of a branch; a whole sha means that one commit. */
function answerHistory(visit: RepoVisit): PageAnswer | undefined {
  const { repo } = visit;
  const ref = visit.part("ref");
  const sha = resolveRef(repo.gitDir, ref);
  if (sha === undefined) return undefined;
  if (sha === ref) return { kind: "redirect", to: commitPath(repo, sha) };
  const { items, links } = paginate(listCommits({ gitDir: repo.gitDir, to: sha, max: MAX_HISTORY }), visit);
  const main = html`<h1>Commits of <span class="branch">${ref}</span></h1><section class="panel">${renderCommits(visit, items)}</section>${links}`;
  return repoPage(visit, { title: `Commits of ${ref}`, tab: "code", main });
}

function answerCommit(visit: RepoVisit): PageAnswer | undefined {
  const { world, repo, now } = visit;
  const sha = resolveRef(repo.gitDir, visit.part("sha"));
  if (sha === undefined) return undefined;
  const commit = readCommit(repo.gitDir, sha);
  const parents = commit.parents.map(
    (parent) => html` · parent <a class="sha" href="${commitPath(repo, parent)}">${shortSha(parent)}</a>`,
  );
  const main = html`<h1>${subjectOf(commit)}</h1>
<p class="byline muted">${renderSignature(world, commit.author)} committed ${renderTime(commit.committer.date, now)} · <span class="sha">${sha}</span>${parents} · <a href="${filePath(repo, { view: "tree", ref: sha, path: "" })}">Files at this commit</a></p>
${renderMessageBody(commit, visit)}
${renderPanel("Checks", renderChecks(visit, sha))}
<h2>Changes</h2>${renderDiff(diffOfCommit(repo.gitDir, sha), { repo, sha })}`;
  return repoPage(visit, { title: `${subjectOf(commit)} · ${shortSha(sha)}`, tab: "code", main });
}

function answerComparison(visit: RepoVisit): PageAnswer | undefined {
  const { gitDir } = visit.repo;
  const [from = "", to = "", ...more] = visit.part("range").split("...");
  const resolve = (name: string): string | undefined => resolveRef(gitDir, name.replace(/^[^:]*:/, ""));
  const [base, head] = [resolve(from), resolve(to)];
  if (base === undefined || head === undefined || more.length > 0) return undefined;
  const shas = listCommits({ gitDir, to: head, notFrom: base, max: MAX_HISTORY }).toReversed();
  const files = diffFiles(gitDir, findMergeBase(gitDir, base, head) ?? EMPTY_TREE, head);
  const main = html`<h1>Comparing <span class="branch">${from}</span> with <span class="branch">${to}</span></h1>
${renderPanel("Commits", renderCommits(visit, shas))}
<h2>Changes</h2>${renderDiff(files, { repo: visit.repo, sha: head })}`;
  return repoPage(visit, { title: `${from}...${to}`, tab: "code", main });
}
