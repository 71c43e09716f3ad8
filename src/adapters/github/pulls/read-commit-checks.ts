import type { CheckNow, PendingSuite, PullNow } from "../../../core/facts.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import type { Data } from "../client/routes.ts";

const MAX_PAGES = 20;

type CommitChecks = Pick<PullNow, "checks" | "pendingSuites">;

/**
 * Everything that reports on a commit: check runs, statuses, and suites that have not ended. Suites come first: the checks of
 * one that has ended by then are all in what is listed afterwards.
 */
export async function readCommitChecks(api: RepositoryApi, sha: string): Promise<CommitChecks> {
  const suites = await listSuites(api, sha);
  const runs = await listCheckRuns(api, sha);
  const statuses = await listStatuses(api, sha);
  return { ...suites, checks: [...runs, ...statuses, ...suites.checks] };
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
        slug: run.app?.slug ?? "",
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
  slug: "",
  appId: null,
  status: "unknown",
  conclusion: null,
  url: null,
};

/** GitHub lists the checks of no more suites than these, the newest. */
const MAX_SUITES = 1_000;
/** Ends of suites that say something although none of their checks has begun: nobody has approved the run, or it cannot start. */
const BAD_ENDS: ReadonlySet<string> = new Set(["action_required", "startup_failure", "failure", "timed_out"]);

/** Suites that have not ended, since what they will report is no check yet; and those that ended badly without any check. */
async function listSuites(api: RepositoryApi, sha: string): Promise<CommitChecks> {
  const suites: Suite[] = [];
  const route = "GET /repos/{owner}/{repo}/commits/{ref}/check-suites";
  for await (const page of api.pages(route, { ref: sha }, MAX_PAGES)) suites.push(...page.check_suites);
  const unread = suites.length > MAX_SUITES ? [UNREAD_CHECKS] : [];
  return {
    pendingSuites: suites.filter(({ status }) => status !== "completed").map(toPendingSuite),
    checks: [...suites.filter(endedBadly).map(toCheck), ...unread],
  };
}

type Suite = Data<"GET /repos/{owner}/{repo}/commits/{ref}/check-suites">["check_suites"][number];

function toPendingSuite({ app, status, latest_check_runs_count: runs }: Suite): PendingSuite {
  return {
    app: app?.name ?? "unknown",
    slug: app?.slug ?? "",
    appId: app ? Number(app.id) : null,
    status: status ?? "unknown",
    runs: Number(runs),
  };
}

function endedBadly({ status, conclusion, latest_check_runs_count: runs }: Suite): boolean {
  return status === "completed" && Number(runs) === 0 && BAD_ENDS.has(conclusion ?? "");
}

function toCheck({ app, conclusion }: Suite): CheckNow {
  const appId = app ? Number(app.id) : null;
  const { name = "unknown", slug = "" } = app ?? {};
  return { name, slug, appId, status: "completed", conclusion, url: null };
}

async function listStatuses(api: RepositoryApi, sha: string): Promise<readonly CheckNow[]> {
  const statuses = new Map<string, CheckNow>();
  const route = "GET /repos/{owner}/{repo}/commits/{ref}/status";
  for await (const page of api.pages(route, { ref: sha }, MAX_PAGES)) {
    for (const { context, state, target_url: url } of page.statuses) {
      const isFinished = state !== "pending";
      statuses.set(context, {
        name: context,
        slug: "",
        appId: null,
        status: isFinished ? "completed" : "pending",
        conclusion: isFinished ? state : null,
        url,
      });
    }
  }
  return [...statuses.values()];
}
