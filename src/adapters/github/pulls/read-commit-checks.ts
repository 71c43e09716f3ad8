import type { CheckNow, PendingSuite, PullNow } from "../../../core/facts.ts";
import type { RepositoryApi } from "../client/repository-api.ts";

const MAX_PAGES = 20;

/** Everything that reports on a commit: check runs, statuses, and suites that have not ended. */
export async function readCommitChecks(
  api: RepositoryApi,
  sha: string,
): Promise<Pick<PullNow, "checks" | "pendingSuites">> {
  const runs = await listCheckRuns(api, sha);
  const statuses = await listStatuses(api, sha);
  return { checks: [...runs, ...statuses], pendingSuites: await listPendingSuites(api, sha) };
}

async function listCheckRuns(api: RepositoryApi, sha: string): Promise<readonly CheckNow[]> {
  const runs = new Map<number | bigint, CheckNow>();
  let expected = 0;
  const route = "GET /repos/{owner}/{repo}/commits/{ref}/check-runs";
  for await (const page of api.pages(route, { ref: sha, filter: "latest" }, MAX_PAGES)) {
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
  return [...runs.values(), ...(runs.size < expected ? [UNREAD_CHECKS] : [])];
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
  for await (const page of api.pages(route, { ref: sha }, MAX_PAGES)) {
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
  for await (const page of api.pages(route, { ref: sha }, MAX_PAGES)) {
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
