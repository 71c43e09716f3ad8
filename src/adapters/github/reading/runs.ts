import type { ResultFile } from "../../../core/facts.ts";
import type { RepoRef } from "../../../core/repo.ts";
import type { Runs } from "../../../ports/github.ts";
import { downloadArchive, surveyArtifacts } from "../artifacts/find-artifact.ts";
import { findOutdated } from "../artifacts/find-outdated.ts";
import { readZippedFile } from "../artifacts/read-zipped-file.ts";
import type { GitHub } from "../client/client.ts";
import { orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { findRuns, toRunNow } from "./find-runs.ts";

const RESULT_ARTIFACT = "orchestrator-result";
const RESULT_FILE = "result.json";

/** Reads workflow runs and what they leave behind. */
export function createRuns(github: GitHub): Runs {
  return {
    run: async (repo, runId) => {
      const run = await orUndefined(readRun(github.repository(repo), runId));
      return run && toRunNow(run);
    },
    runsOf: async (repo, workflow, correlation, since) => {
      const { botId } = await github.self();
      const wanted = { workflow, correlation, since, botId };
      return (await orUndefined(findRuns(github.repository(repo), wanted))) ?? [];
    },
    resultFile: (repo, runId) => readResultFile(github, repo, runId),
    hasBegun: async (repo, runId) => (await orUndefined(readBegun(github.repository(repo), runId))) ?? false,
  };
}

function readRun(api: RepositoryApi, runId: number) {
  return api.read("GET /repos/{owner}/{repo}/actions/runs/{run_id}", { run_id: runId }, { remember: true });
}

const UNBEGUN: ReadonlySet<string> = new Set(["queued", "pending", "waiting"]);

async function readBegun(api: RepositoryApi, runId: number): Promise<boolean> {
  const { jobs } = await api.read("GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs", {
    run_id: runId,
    per_page: 100,
  });
  return jobs.some(({ steps = [] }) => steps.some(({ status }) => !UNBEGUN.has(status)));
}

async function readResultFile(github: GitHub, repo: RepoRef, runId: number): Promise<ResultFile> {
  const api = github.repository(repo);
  const found = await orUndefined(surveyArtifacts(api, { runId, name: RESULT_ARTIFACT }));
  const artifact = found?.newest;
  if (!artifact) return { kind: "missing" };
  if (artifact.expired) return { kind: "unreadable", why: "the artifact has expired" };
  const download = await downloadArchive(api, artifact.id, github);
  if (download.kind === "unreadable") return download;
  const file = await readZippedFile(download.bytes, RESULT_FILE);
  if (file.kind === "unreadable") return file;
  const run = await readRun(api, runId);
  const outdated = await findOutdated(api, run, artifact);
  if (outdated !== undefined) return { kind: "unreadable", why: outdated };
  return { kind: "found", text: file.text, url: `${run.html_url}#artifacts`, uploaded: found.uploaded };
}
