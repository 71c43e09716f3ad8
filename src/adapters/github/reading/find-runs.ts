import type { RunNow } from "../../../core/facts.ts";
import type { RepositoryApi } from "../client/repository-api.ts";

/** GitHub's clock and ours need not agree about when a run was made. */
const CLOCK_MARGIN_MS = 5 * 60_000;
const MAX_PAGES = 10;

/**
 * Runs of a workflow that an account started and whose title carries the correlation id as a word of its own, oldest first;
 * anybody's where the account is not known.
 */
export async function findRuns(
  api: RepositoryApi,
  {
    workflow,
    correlation,
    since,
    botId,
  }: {
    readonly workflow: string;
    readonly correlation: string;
    readonly since: number;
    readonly botId: number | null;
  },
): Promise<readonly RunNow[]> {
  const created = `>=${new Date(Math.max(since - CLOCK_MARGIN_MS, 0)).toISOString().slice(0, 19)}Z`;
  const pages = api.pages(
    "GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs",
    { workflow_id: workflow, event: "workflow_dispatch", created },
    MAX_PAGES,
  );
  const runs = new Map<number, RunNow>();
  for await (const page of pages) {
    for (const run of page.workflow_runs) {
      const isOurs = botId === null || Number(run.actor?.id) === botId;
      if (isOurs && carries(run.display_title, correlation)) runs.set(Number(run.id), toRunNow(run));
    }
  }
  return [...runs.values()].toSorted((a, b) => a.id - b.id);
}

/** `T-1.1.0.1` is not carried by a title that says `T-1.1.0.10`. */
function carries(title: string, correlation: string): boolean {
  if (correlation === "") return false;
  for (let at = title.indexOf(correlation); at >= 0; at = title.indexOf(correlation, at + 1)) {
    const before = title.slice(0, at);
    const after = title.slice(at + correlation.length);
    if (!/[\w.-]$/.test(before) && !/^[.-]*\w/.test(after)) return true;
  }
  return false;
}

interface RunAnswer {
  /** Typed as either, but GitHub's ids are far from 2^53. */
  readonly id: number | bigint;
  readonly display_title: string;
  readonly status: string | null;
  readonly conclusion: string | null;
  readonly run_attempt?: number | undefined;
  readonly head_sha: string;
  readonly html_url: string;
  readonly event: string;
  readonly path: string;
  readonly actor?: { readonly id: number | bigint } | null | undefined;
  readonly head_repository?: { readonly id: number | bigint } | null | undefined;
  readonly run_started_at?: string | undefined;
  readonly created_at: string;
  readonly updated_at: string;
}

export function toRunNow(run: RunAnswer): RunNow {
  const { event, path, actor, head_repository: repository } = run;
  return {
    origin: {
      event,
      path,
      actorId: actor ? Number(actor.id) : null,
      headRepoId: repository ? Number(repository.id) : null,
    },
    id: Number(run.id),
    title: run.display_title,
    status: run.status ?? "unknown",
    conclusion: run.conclusion,
    runAttempt: run.run_attempt ?? 1,
    headSha: run.head_sha,
    url: run.html_url,
    startedAt: Date.parse(run.run_started_at ?? run.created_at),
    updatedAt: Date.parse(run.updated_at),
  };
}
