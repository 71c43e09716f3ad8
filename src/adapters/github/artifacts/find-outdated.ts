import type { RepositoryApi } from "../client/repository-api.ts";

type Api = Pick<RepositoryApi, "read">;

/** What is known of the newest attempt of a run. */
export interface RunAttempt {
  readonly id: number | bigint;
  readonly run_attempt?: number | bigint | undefined;
  readonly run_started_at?: string | undefined;
}

interface Job {
  readonly name: string;
  readonly conclusion: string | null;
  readonly started_at: string;
  readonly completed_at: string | null;
}

const MAX_JOBS = 100;

/**
 * Why an artifact may say nothing of the newest attempt of its run. Failed jobs that are run again leave what the others made, so an
 * older one counts if a job that was kept was at work when it was made, and none that ran again was.
 */
export async function findOutdated(
  api: Api,
  run: RunAttempt,
  artifact: { readonly created_at: string | null },
): Promise<string | undefined> {
  const attempt = Number(run.run_attempt ?? 1);
  const startedAt = Date.parse(run.run_started_at ?? "");
  const madeAt = Date.parse(artifact.created_at ?? "");
  if (attempt <= 1 || madeAt >= startedAt) return undefined;
  const { jobs, total_count: total } = await api.read(
    "GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs",
    {
      run_id: Number(run.id),
      filter: "all",
      per_page: MAX_JOBS,
    },
  );
  const isKnown = Number(total) <= jobs.length && isOfKeptJob(jobs, { startedAt, madeAt });
  return isKnown
    ? undefined
    : `it was made before attempt ${attempt} of its run, by a job that may have run again`;
}

function isOfKeptJob(
  jobs: readonly Job[],
  { startedAt, madeAt }: { readonly startedAt: number; readonly madeAt: number },
): boolean {
  const again = new Set(
    jobs.filter((job) => !(Date.parse(job.started_at) < startedAt)).map(({ name }) => name),
  );
  const makers = jobs.filter((job) => wasAtWork(job, madeAt));
  return (
    makers.length > 0 && makers.every(({ name, conclusion }) => !again.has(name) && conclusion === "success")
  );
}

function wasAtWork({ started_at: from, completed_at: until }: Job, at: number): boolean {
  return Date.parse(from) <= at && (until === null || at <= Date.parse(until));
}
