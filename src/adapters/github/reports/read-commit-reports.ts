import type { ReportFile, ReportSet } from "../../../core/facts.ts";
import type { ReportsWanted } from "../../../ports/github.ts";
import { downloadArchive, findNewestArtifact } from "../artifacts/find-artifact.ts";
import { findOutdated, type RunAttempt } from "../artifacts/find-outdated.ts";
import { readZippedFiles } from "../artifacts/read-zipped-file.ts";
import { orUndefined } from "../client/github-problem.ts";
import type { Fetch } from "../client/guarded-fetch.ts";
import type { RepositoryApi } from "../client/repository-api.ts";

export interface CommitReportsQuestion {
  readonly api: RepositoryApi;
  /** Where artifacts are fetched from. */
  readonly store: { readonly apiUrl: string; readonly fetch: Fetch };
  readonly sha: string;
  /** Without them, runs of any event count. */
  readonly events?: readonly string[];
  readonly wanted: Pick<ReportsWanted, "artifact" | "files">;
}

interface CommitRun {
  readonly id: number;
  readonly workflowId: number;
  readonly isOver: boolean;
  readonly isWhole: boolean;
  readonly startedAt: number;
  readonly url: string;
  readonly attempt: RunAttempt;
}

/** What a commit has. Where none was found, `unasked` is how many of its runs were not asked for it. */
export type CommitReports =
  | Exclude<ReportSet, { readonly kind: "missing" }>
  | { readonly kind: "missing"; readonly runs: number; readonly unasked?: number };

/** Of more runs than these, nobody knows whether one holds the report. */
const MAX_RUNS_ASKED = 10;
const MAX_RUNS = 100;

/** Reads the listed reports of one commit from the newest of its runs that has left them. */
export async function readCommitReports(question: CommitReportsQuestion): Promise<CommitReports> {
  const { api, wanted } = question;
  const runs = await listRuns(question);
  const over = runs.filter((run) => run.isOver);
  const open = runs.filter((run) => !run.isOver);
  const whole = over.filter(({ isWhole }) => isWhole);
  let hasExpired = false;
  for (const run of whole.slice(0, MAX_RUNS_ASKED)) {
    const about = { runId: run.id, name: wanted.artifact };
    const artifact = await orUndefined(findNewestArtifact(api, about));
    hasExpired ||= artifact?.expired === true;
    if (!artifact || artifact.expired) continue;
    if (open.some(({ workflowId }) => workflowId === run.workflowId)) return { kind: "running" };
    const outdated = await findOutdated(api, run.attempt, artifact);
    if (outdated !== undefined) return { kind: "unreadable", why: outdated };
    return readArchive(question, { id: artifact.id, url: `${run.url}#artifacts` });
  }
  if (open.length > 0) return { kind: "running" };
  if (hasExpired) return { kind: "unreadable", why: "it has expired" };
  const unasked = whole.length - MAX_RUNS_ASKED;
  return { kind: "missing", runs: over.length, ...(unasked > 0 && { unasked }) };
}

async function readArchive(
  { api, store, wanted }: CommitReportsQuestion,
  artifact: { readonly id: number; readonly url: string },
): Promise<CommitReports> {
  const download = await downloadArchive(api, artifact.id, store);
  if (download.kind === "unreadable") return download;
  const zipped = await readZippedFiles(
    download.bytes,
    wanted.files.map(({ path }) => path),
  );
  if (zipped.kind === "unreadable") return zipped;
  const files = wanted.files.map(
    (file, index): ReportFile => ({ ...file, content: zipped.files[index] ?? { kind: "missing" } }),
  );
  return { kind: "found", files, url: artifact.url };
}

/** Runs of exactly this commit, the newest first. A fork may have the same commit; what ran for it is not ours. */
async function listRuns({ api, sha, events }: CommitReportsQuestion): Promise<readonly CommitRun[]> {
  const [event, ...others] = events ?? [];
  const { workflow_runs: runs } = await api.read("GET /repos/{owner}/{repo}/actions/runs", {
    head_sha: sha,
    per_page: MAX_RUNS,
    ...(event !== undefined && others.length === 0 && { event }),
  });
  return runs
    .filter((run) => run.head_sha === sha && Number(run.head_repository?.id) === api.repo.id)
    .filter((run) => events?.includes(run.event) ?? true)
    .map((run) => ({
      id: Number(run.id),
      workflowId: Number(run.workflow_id),
      isOver: run.status === "completed",
      // A run that was cancelled may have left a part.
      isWhole: run.conclusion !== "cancelled",
      startedAt: Date.parse(run.run_started_at ?? run.created_at),
      url: run.html_url,
      attempt: run,
    }))
    .toSorted((a, b) => b.startedAt - a.startedAt || b.id - a.id);
}
