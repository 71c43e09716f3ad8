import { html } from "hono/html";
import { readFileAt, resolveRef } from "../../git/git.ts";
import { listCommits } from "../../git/history.ts";
import { renderPanel, repoPage } from "../frame/layout.ts";
import { filePath, historyPath, repoPath } from "../frame/paths.ts";
import type { Html, PageAnswer, RepoVisit } from "../frame/visit.ts";
import { listIssues, renderIssues } from "../issues-and-pulls/show-issues.ts";
import { showDocument } from "../markdown/show-markdown.ts";
import { renderBranch } from "../marks/show-branch.ts";
import { listRuns, renderRuns } from "../runs/show-runs.ts";
import { renderCommits } from "./show-commits.ts";
import { renderFolder } from "./show-folder.ts";

const FEW = 5;

/** A repository at a glance: files, README and what is going on. */
export function answerOverview(visit: RepoVisit): PageAnswer {
  const { repo } = visit;
  const home = repoPath(repo);
  const open = (sort: "issues" | "pulls"): Html =>
    renderIssues(
      visit,
      listIssues(visit, sort)
        .filter((issue) => issue.state === "open")
        .slice(0, FEW),
    );
  const main = html`<h1 class="unseen">${repo.owner.login}/${repo.name}</h1>
${repo.description !== null && html`<p class="lead">${repo.description}</p>`}
<div class="columns">
<div>${renderCode(visit)}</div>
<div>
${renderPanel(html`<a href="${home}/issues">Open issues</a>`, open("issues"))}
${renderPanel(html`<a href="${home}/pulls">Open pull requests</a>`, open("pulls"))}
${renderPanel(html`<a href="${home}/actions">Latest runs</a>`, renderRuns(visit, listRuns(visit).slice(0, FEW)))}
</div>
</div>`;
  return repoPage(visit, { title: "Overview", tab: "code", main });
}

function renderCode(visit: RepoVisit): Html {
  const { gitDir, defaultBranch } = visit.repo;
  const sha = resolveRef(gitDir, `refs/heads/${defaultBranch}`);
  if (sha === undefined) return html`<p class="empty panel">There is no commit yet.</p>`;
  const history = historyPath(visit.repo, defaultBranch);
  const commits = renderCommits(visit, listCommits({ gitDir, to: sha, max: 3 }));
  const files = renderFolder(visit, { ref: defaultBranch, sha, path: "" });
  return html`${renderPanel(html`Files of ${renderBranch(visit.repo, defaultBranch)}`, files)}
${renderReadme(visit, sha)}
${renderPanel(html`<a href="${history}">Latest commits</a>`, commits)}`;
}

function renderReadme(visit: RepoVisit, sha: string): Html | "" {
  const { repo } = visit;
  const bytes = readFileAt(repo.gitDir, sha, "README.md");
  if (bytes === undefined) return "";
  const place = filePath(repo, { view: "blob", ref: repo.defaultBranch, path: "README.md" });
  const text = new TextDecoder().decode(bytes);
  return renderPanel(
    html`<a href="${place}">README.md</a>`,
    html`<div class="pad">${showDocument(visit, text, place)}</div>`,
  );
}
