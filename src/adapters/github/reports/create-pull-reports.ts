import type { PullNow, ReportSet } from "../../../core/facts.ts";
import type { RepoRef } from "../../../core/repo.ts";
import type { ReportsWanted } from "../../../ports/github.ts";
import type { GitHub } from "../client/client.ts";
import { orUndefined } from "../client/github-problem.ts";
import { readCommitReports } from "./read-commit-reports.ts";
import { TextCache } from "./text-cache.ts";

type AddReports = (repo: RepoRef, pull: PullNow, wanted: ReportsWanted) => Promise<PullNow>;

/** A run of the base may be run again, so what it left is asked for again after a while. */
const BASE_MAX_AGE_MS = 10 * 60_000;
const BASE_MAX_CHARS = 32 * 1024 * 1024;

/** Adds the reports of the head and of its base. Many pull requests have one base, whose reports are kept for a while. */
export function createPullReports(github: GitHub): AddReports {
  const bases = new TextCache<ReportSet>({
    now: github.now,
    maxAgeMs: BASE_MAX_AGE_MS,
    maxChars: BASE_MAX_CHARS,
    charsOf: countChars,
  });

  async function readBase(repo: RepoRef, pull: PullNow, wanted: ReportsWanted): Promise<ReportSet> {
    const api = github.repository(repo);
    const basehead = `${pull.baseRef}...${pull.headSha}`;
    // The changed files, which are much, are on the first page only.
    const compared = await orUndefined(
      api.read("GET /repos/{owner}/{repo}/compare/{basehead}", { basehead, per_page: 1, page: 2 }),
    );
    if (!compared) return { kind: "missing", runs: 0 };
    const { sha } = compared.merge_base_commit;
    const key = JSON.stringify([repo.id, sha, wanted.artifact, wanted.files]);
    const known = bases.get(key);
    if (known) return known;
    // What others start on the same commit, such as an agent's own run, says nothing of it.
    const base = await readCommitReports({ api, store: github, sha, event: "push", wanted });
    if (base.kind === "found") bases.set(key, base);
    return base;
  }

  return async (repo, pull, wanted) => {
    if (pull.state !== "open" || !haveEnded(pull, wanted, github.appId)) return pull;
    const api = github.repository(repo);
    const head = await readCommitReports({ api, store: github, sha: pull.headSha, wanted });
    const base: ReportSet =
      head.kind === "found" ? await readBase(repo, pull, wanted) : { kind: "missing", runs: 0 };
    return { ...pull, reports: { head, base } };
  };
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
