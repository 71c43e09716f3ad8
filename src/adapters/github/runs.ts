import type { ResultFile } from "../../core/facts.ts";
import type { RepoRef } from "../../core/repo.ts";
import type { Runs } from "../../ports/github.ts";
import type { GitHub } from "./client.ts";
import { downloadArtifact } from "./download-artifact.ts";
import { findRuns, toRunNow } from "./find-runs.ts";
import { isFailure, orUndefined } from "./github-problem.ts";
import { readZippedFile } from "./read-zipped-file.ts";
import type { RepositoryApi } from "./repository-api.ts";

const RESULT_ARTIFACT = "orchestrator-result";
const RESULT_FILE = "result.json";

/** Reads workflow runs and what they leave behind. */
export function createRuns(github: GitHub): Runs {
  return {
    run: async (repo, runId) => {
      const run = await orUndefined(readRun(github.repository(repo), runId));
      return run && toRunNow(run);
    },
    runsOf: async (repo, workflow, correlation, since) =>
      (await orUndefined(findRuns(github.repository(repo), { workflow, correlation, since }))) ?? [],
    resultFile: (repo, runId) => readResultFile(github, repo, runId),
  };
}

function readRun(api: RepositoryApi, runId: number) {
  return api.read("GET /repos/{owner}/{repo}/actions/runs/{run_id}", { run_id: runId }, { remember: true });
}

async function readResultFile(github: GitHub, repo: RepoRef, runId: number): Promise<ResultFile> {
  const api = github.repository(repo);
  const artifact = await orUndefined(findNewestArtifact(api, runId));
  if (!artifact) return { kind: "missing" };
  if (artifact.expired) return { kind: "unreadable", why: "the artifact has expired" };
  const redirect = await requestArchive(api, artifact.id);
  if (typeof redirect === "string") return { kind: "unreadable", why: redirect };
  const download = await downloadArtifact(redirect, github);
  if (download.kind === "unreadable") return download;
  const file = await readZippedFile(download.bytes, RESULT_FILE);
  if (file.kind === "unreadable") return file;
  const run = await readRun(api, runId);
  return { kind: "found", text: file.text, url: `${run.html_url}#artifacts` };
}

/** A re-run leaves one artifact per attempt under the same name; one that can still be read is better than a newer one that cannot. */
async function findNewestArtifact(api: RepositoryApi, runId: number) {
  const { artifacts } = await api.read("GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts", {
    run_id: runId,
    name: RESULT_ARTIFACT,
    per_page: 100,
  });
  const [newest] = artifacts
    .filter((artifact) => artifact.name === RESULT_ARTIFACT)
    .toSorted((a, b) => Number(a.expired) - Number(b.expired) || b.id - a.id);
  return newest;
}

/** The redirect to the archive, or why there is none. */
async function requestArchive(api: RepositoryApi, artifactId: number) {
  try {
    const answer = await api.raw(
      "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}",
      { artifact_id: artifactId, archive_format: "zip" },
    );
    return answer.status === 302 ? answer : `GitHub answered ${answer.status} instead of the artifact`;
  } catch (error) {
    if (isFailure(error, "gone")) return "the artifact is gone";
    throw error;
  }
}
