import type { PullNow, ReportSet } from "../../../core/facts.ts";
import type { RepoRef } from "../../../core/repo.ts";
import type { ReportsWanted } from "../../../ports/github.ts";
import type { GitHub } from "../client/client.ts";
import { orUndefined } from "../client/github-problem.ts";
import { readBranchHead } from "../pulls/read-branch-head.ts";
import { readBaseReports } from "./read-base-reports.ts";
import { type CommitReports, readCommitReports } from "./read-commit-reports.ts";
import { TextCache } from "./text-cache.ts";

/** Adds the reports of the head and of what it was made from, once the checks that leave them have ended. */
export interface Reports {
  addToPull(repo: RepoRef, pull: PullNow, wanted: ReportsWanted): Promise<PullNow>;
  /** To the commit of a merge queue, which is made upon `baseSha`. */
  addToGroup(
    repo: RepoRef,
    group: { readonly now: PullNow; readonly baseSha: string },
    wanted: ReportsWanted,
  ): Promise<PullNow>;
}

interface Commit {
  readonly sha: string;
  /** Events whose runs say something of it; without them, every event's do. */
  readonly events?: readonly string[];
}

interface Base extends Commit {
  readonly events: readonly string[];
  readonly branch: string;
}

/** A run of the base may be run again, so what it left is asked for again after a while. */
const BASE_MAX_AGE_MS = 10 * 60_000;
const BASE_MAX_CHARS = 32 * 1024 * 1024;
/** Without a report of the head, nothing is held against the base. */
const NOT_ASKED: ReportSet = { kind: "missing", runs: 0 };
const NO_BASE: ReportSet = {
  kind: "unreadable",
  why: "the commit that the change was made from is not known",
};

/** Many pull requests have one base, whose reports are kept for a while. */
export function createReports(github: GitHub): Reports {
  const bases = new TextCache<ReportSet>({
    now: github.now,
    maxAgeMs: BASE_MAX_AGE_MS,
    maxChars: BASE_MAX_CHARS,
    charsOf: countChars,
  });

  function readCommit(repo: RepoRef, commit: Commit, wanted: ReportsWanted): Promise<CommitReports> {
    return readCommitReports({ api: github.repository(repo), store: github, ...commit, wanted });
  }

  async function readBase(repo: RepoRef, base: Base, wanted: ReportsWanted): Promise<ReportSet> {
    const key = JSON.stringify([repo.id, base, wanted.artifact, wanted.files]);
    const known = bases.get(key);
    if (known) return known;
    const { sha, events, branch } = base;
    const read = await readBaseReports({
      api: github.repository(repo),
      sha,
      branch,
      artifact: wanted.artifact,
      read: (one) => readCommit(repo, { sha: one, events }, wanted),
    });
    if (read.kind === "found") bases.set(key, read);
    return read;
  }

  return {
    async addToPull(repo, pull, wanted) {
      if (pull.state !== "open" || !haveEnded(pull, wanted, github.appId)) return pull;
      const head = await readCommit(repo, { sha: pull.headSha }, wanted);
      if (head.kind !== "found") return { ...pull, reports: { head, base: NOT_ASKED } };
      const sha = await findMergeBase(github, repo, pull);
      // What others start on the same commit, such as an agent's own run, says nothing of it.
      const from = { events: ["push"], branch: pull.baseRef };
      const base = sha === undefined ? NO_BASE : await readBase(repo, { sha, ...from }, wanted);
      return { ...pull, reports: { head, base } };
    },
    async addToGroup(repo, { now, baseSha }, wanted) {
      if (!haveEnded(now, wanted, github.appId)) return now;
      const head = await readCommit(repo, { sha: now.headSha, events: ["merge_group"] }, wanted);
      // A queue puts groups upon groups: the base need not be on its branch yet.
      const from = { sha: baseSha, events: ["push", "merge_group"], branch: now.baseRef };
      const base = head.kind === "found" ? await readBase(repo, from, wanted) : NOT_ASKED;
      return { ...now, reports: { head, base } };
    },
  };
}

async function findMergeBase(
  github: GitHub,
  repo: RepoRef,
  { baseRef, headSha }: PullNow,
): Promise<string | undefined> {
  const api = github.repository(repo);
  const base = await readBranchHead(api, baseRef);
  if (base === undefined) return undefined;
  // The changed files, which are much, are on the first page only.
  const about = { basehead: `${base}...${headSha}`, per_page: 1, page: 2 };
  const compared = await orUndefined(api.read("GET /repos/{owner}/{repo}/compare/{basehead}", about));
  return compared?.merge_base_commit.sha;
}

/** Before the checks that count have ended, their reports cannot be there either. */
function haveEnded({ checks }: PullNow, { checks: required }: ReportsWanted, ownAppId: number): boolean {
  return checks
    .filter(({ name, appId }) => appId !== ownAppId && (required.length === 0 || required.includes(name)))
    .every(({ status }) => status === "completed");
}

function countChars(set: ReportSet): number {
  if (set.kind !== "found") return 0;
  return set.files.reduce(
    (sum, { content }) => sum + (content.kind === "found" ? content.text.length : 0),
    0,
  );
}
