import { diffFiles, diffOfCommit, diffText } from "../../git/diff.ts";
import { resolveRef } from "../../git/git.ts";
import { countAheadBehind, findMergeBase, listCommits } from "../../git/history.ts";
import { EMPTY_TREE, readCommit, readCommits } from "../../git/objects.ts";
import { paginate } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { encodePath, presentCommit, presentCommitDetail, presentFile } from "../../present/code/commit.ts";
import { repositoryPage, repositoryUrl } from "../../present/repository.ts";
import { pathText } from "../path-text.ts";
import { commitOfPath } from "./find-commit.ts";

const READ = { permission: "contents", level: "read" } as const;
const REPO = "/repos/{owner}/{repo}";
const MAX_COMPARED_FILES = 300;
const MAX_COMPARED_COMMITS = 250;

/** The history of a repository. */
export const commitRoutes: readonly Route[] = [
  { method: "GET", path: `${REPO}/commits`, access: READ, handle: listHistory },
  { method: "GET", path: `${REPO}/commits/{ref}`, access: READ, handle: getCommit },
  { method: "GET", path: `${REPO}/compare/{basehead}`, access: READ, handle: compare },
];

function listHistory(call: Call): Answer {
  const { world, repo, query } = call;
  const { gitDir } = repo;
  const asked = query.get("sha");
  const to = asked === null ? resolveRef(gitDir, repo.defaultBranch) : resolveRef(gitDir, asked);
  if (to === undefined && asked === null) throw new Refusal(409, "Git Repository is empty.");
  if (to === undefined) throw new Refusal(404, "Not Found");
  const shas = listCommits({ gitDir, to, path: query.get("path") ?? undefined });
  const { items, headers } = paginate(call, shas);
  const body = readCommits(gitDir, items).map((commit) => presentCommit(world, repo, commit));
  return { status: 200, headers, body };
}

function getCommit(call: Call): Answer {
  const { world, repo, accept } = call;
  const sha = commitOfPath(call);
  const commit = readCommit(repo.gitDir, sha);
  if (accept.includes("github.sha")) return textAnswer(sha, "sha");
  if (accept.includes("github.diff")) {
    return textAnswer(diffText(repo.gitDir, commit.parents[0] ?? EMPTY_TREE, sha), "diff");
  }
  const all = diffOfCommit(repo.gitDir, sha);
  const { items, headers } = isPaged(call)
    ? paginate(call, all, MAX_COMPARED_FILES)
    : { items: all.slice(0, MAX_COMPARED_FILES), headers: {} };
  return { status: 200, headers, body: presentCommitDetail(world, repo, { commit, files: items }) };
}

/** Commits and comparisons come whole unless the caller asks for pages. */
function isPaged({ query }: Call): boolean {
  return query.has("page") || query.has("per_page");
}

function compare(call: Call): Answer {
  const { repo, accept } = call;
  const [baseName = "", headName = ""] = pathText(call, "basehead").split("...");
  const ends = { base: endOf(call, baseName), head: endOf(call, headName) };
  const start = findMergeBase(repo.gitDir, ends.base, ends.head);
  if (start === undefined) throw new Refusal(404, `No common ancestor between ${baseName} and ${headName}.`);
  if (accept.includes("github.diff")) return textAnswer(diffText(repo.gitDir, start, ends.head), "diff");
  return compareJson(call, { ...ends, start });
}

/** One side of `base...head`; it may name the owner before a colon. */
function endOf(call: Call, name: string): string {
  const ref = name.slice(name.indexOf(":") + 1);
  const sha = resolveRef(call.repo.gitDir, ref);
  if (sha === undefined) throw new Refusal(404, "Not Found");
  return sha;
}

interface Comparison {
  readonly base: string;
  readonly head: string;
  readonly start: string;
}

function compareJson(call: Call, { base, head, start }: Comparison): Answer {
  const { world, repo } = call;
  const { gitDir } = repo;
  const { ahead, behind } = countAheadBehind(gitDir, base, head);
  const shas = listCommits({ gitDir, to: head, notFrom: base }).toReversed();
  const { items, headers } = isPaged(call)
    ? paginate(call, shas)
    : { items: shas.slice(0, MAX_COMPARED_COMMITS), headers: {} };
  const commits = readCommits(gitDir, items);
  // Pages are of commits; the files, which are much, come with the first.
  const isFirst = Number(call.query.get("page") ?? "1") <= 1;
  const files = isFirst ? diffFiles(gitDir, start, head).slice(0, MAX_COMPARED_FILES) : [];
  return {
    status: 200,
    headers,
    body: {
      ...presentComparison(call, { base, head }),
      base_commit: presentCommit(world, repo, readCommit(gitDir, base)),
      merge_base_commit: presentCommit(world, repo, readCommit(gitDir, start)),
      status: comparisonStatus(ahead, behind),
      ahead_by: ahead,
      behind_by: behind,
      total_commits: shas.length,
      commits: commits.map((commit) => presentCommit(world, repo, commit)),
      files: files.map((file) => presentFile(world, repo, { file, sha: head })),
    },
  };
}

function presentComparison(call: Call, { base, head }: { readonly base: string; readonly head: string }) {
  const { world, repo } = call;
  const basehead = encodePath(pathText(call, "basehead"));
  const page = `${repositoryPage(world, repo)}/compare/${basehead}`;
  const owner = repo.owner.login;
  return {
    url: `${repositoryUrl(world, repo)}/compare/${basehead}`,
    html_url: page,
    permalink_url: `${repositoryPage(world, repo)}/compare/${owner}:${base.slice(0, 7)}...${owner}:${head.slice(0, 7)}`,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
  };
}

function comparisonStatus(ahead: number, behind: number): "ahead" | "behind" | "identical" | "diverged" {
  if (ahead > 0) return behind > 0 ? "diverged" : "ahead";
  return behind > 0 ? "behind" : "identical";
}

function textAnswer(text: string, media: "diff" | "sha"): Answer {
  return {
    status: 200,
    raw: Buffer.from(text),
    headers: { "content-type": `application/vnd.github.${media}; charset=utf-8` },
  };
}
