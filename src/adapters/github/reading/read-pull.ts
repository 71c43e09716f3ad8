import type { ChangedFile, CheckNow, PendingSuite, PullNow } from "../../../core/facts.ts";
import { GitHubProblem, orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";

const PULL_ROUTE = "GET /repos/{owner}/{repo}/pulls/{pull_number}";
/** GitHub lists no more files than that. */
const MAX_FILES = 3_000;
const MAX_FILE_PAGES = MAX_FILES / 100;
const MAX_CHECK_PAGES = 20;
const MAX_TRIES = 3;

/**
 * Reads a pull request with its files and checks. Files are listed without saying of which commit, so the head is looked at
 * before and after: a push in between would put the files of one commit under the name of another.
 */
export async function readPull(api: RepositoryApi, number: number): Promise<PullNow | undefined> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const pull = await orUndefined(readHead(api, number));
    if (!pull) return undefined;
    const files = await listFiles(api, number, pull.changed_files);
    const checks = await listChecks(api, pull.head.sha);
    const pendingSuites = await listPendingSuites(api, pull.head.sha);
    const after = await orUndefined(readHead(api, number));
    if (!after) return undefined;
    if (after.head.sha === pull.head.sha) return toPullNow(after, { files, checks, pendingSuites });
  }
  throw new GitHubProblem({ kind: "unknown", why: "the head keeps moving while it is read" }, PULL_ROUTE);
}

function readHead(api: RepositoryApi, number: number) {
  return api.read(PULL_ROUTE, { pull_number: number }, { remember: true });
}

function toPullNow(
  pull: Awaited<ReturnType<typeof readHead>>,
  { files, checks, pendingSuites }: Pick<Required<PullNow>, "files" | "checks" | "pendingSuites">,
): PullNow {
  return {
    number: pull.number,
    state: pull.state,
    merged: pull.merged,
    draft: pull.draft ?? false,
    headSha: pull.head.sha,
    headRef: pull.head.ref,
    headRepoId: pull.head.repo ? Number(pull.head.repo.id) : null,
    baseRef: pull.base.ref,
    mergeable: pull.mergeable,
    authorId: Number(pull.user?.id ?? 0),
    changedFiles: pull.changed_files,
    files,
    checks,
    pendingSuites,
  };
}

async function listFiles(
  api: RepositoryApi,
  number: number,
  expected: number,
): Promise<readonly ChangedFile[] | null> {
  if (expected > MAX_FILES) return null;
  const files: ChangedFile[] = [];
  const route = "GET /repos/{owner}/{repo}/pulls/{pull_number}/files";
  for await (const page of api.pages(route, { pull_number: number }, MAX_FILE_PAGES)) {
    files.push(
      ...page.map((file) => ({
        path: file.filename,
        previousPath: file.previous_filename ?? null,
        status: file.status,
        additions: file.additions,
        deletions: file.deletions,
        patch: file.patch ?? null,
      })),
    );
  }
  // A list that shrank or overlapped between two pages is not a list to judge by.
  const paths = new Set(files.map((file) => file.path));
  return paths.size < expected ? null : files;
}

async function listChecks(api: RepositoryApi, sha: string): Promise<readonly CheckNow[]> {
  const runs = new Map<number | bigint, CheckNow>();
  let expected = 0;
  const runRoute = "GET /repos/{owner}/{repo}/commits/{ref}/check-runs";
  for await (const page of api.pages(runRoute, { ref: sha, filter: "latest" }, MAX_CHECK_PAGES)) {
    expected = Number(page.total_count);
    for (const run of page.check_runs) {
      runs.set(run.id, {
        name: run.name,
        appId: run.app ? Number(run.app.id) : null,
        status: run.status,
        conclusion: run.conclusion,
        url: run.html_url,
      });
    }
  }
  const unread = runs.size < expected ? [UNREAD_CHECKS] : [];
  return [...runs.values(), ...unread, ...(await listStatuses(api, sha))];
}

/** A list that ends early must not look like a list without failures: what is beyond it never ends. */
const UNREAD_CHECKS: CheckNow = {
  name: "more checks than can be read",
  appId: null,
  status: "unknown",
  conclusion: null,
  url: null,
};

/** Suites that have not ended: what they will still report is not in the list of checks yet. */
async function listPendingSuites(api: RepositoryApi, sha: string): Promise<readonly PendingSuite[]> {
  const suites: PendingSuite[] = [];
  const route = "GET /repos/{owner}/{repo}/commits/{ref}/check-suites";
  for await (const page of api.pages(route, { ref: sha }, MAX_CHECK_PAGES)) {
    for (const { app, status, latest_check_runs_count: runs } of page.check_suites) {
      if (status === "completed") continue;
      suites.push({
        app: app?.name ?? "unknown",
        slug: app?.slug ?? "",
        appId: app ? Number(app.id) : null,
        status: status ?? "unknown",
        runs: Number(runs),
      });
    }
  }
  return suites;
}

async function listStatuses(api: RepositoryApi, sha: string): Promise<readonly CheckNow[]> {
  const statuses = new Map<string, CheckNow>();
  const route = "GET /repos/{owner}/{repo}/commits/{ref}/status";
  for await (const page of api.pages(route, { ref: sha }, MAX_CHECK_PAGES)) {
    for (const { context, state, target_url: url } of page.statuses) {
      const isFinished = state !== "pending";
      statuses.set(context, {
        name: context,
        appId: null,
        status: isFinished ? "completed" : "pending",
        conclusion: isFinished ? state : null,
        url,
      });
    }
  }
  return [...statuses.values()];
}
