import { readCommit } from "../../git/objects.ts";
import type { CheckRun, CheckSuite, Repo } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { presentAppById } from "../app.ts";
import { nodeId } from "../node-id.ts";
import { presentMinimalRepository, repositoryPage, repositoryUrl } from "../repository.ts";
import { timestamp, timestampOrNull } from "../timestamp.ts";
import { encodePath, presentHeadCommit } from "./commit.ts";

/** The check run as the REST API answers it. */
export function presentCheckRun(world: World, repo: Repo, run: CheckRun) {
  const url = `${repositoryUrl(world, repo)}/check-runs/${run.id}`;
  const page = `${repositoryPage(world, repo)}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId("CR", run.id),
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId ?? "",
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: timestamp(run.startedAt),
    completed_at: timestampOrNull(run.completedAt),
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suiteId },
    app: presentAppById(world, run.appId),
    pull_requests: presentPullsOf(world, repo, run.headSha),
  };
}

/** The check run as webhooks carry it: with a short suite. */
export function presentCheckRunEvent(world: World, repo: Repo, run: CheckRun, suite: CheckSuite) {
  return { ...presentCheckRun(world, repo, run), check_suite: presentShortSuite(world, repo, suite) };
}

/** The suite as webhooks carry it. */
export function presentCheckSuiteEvent(world: World, repo: Repo, suite: CheckSuite) {
  const runs = [...repo.checkRuns.values()].filter((run) => run.suiteId === suite.id);
  return {
    ...presentShortSuite(world, repo, suite),
    head_commit: presentHeadCommit(repo, suite.headSha),
    latest_check_runs_count: new Set(runs.map((run) => run.name)).size,
    check_runs_url: `${repositoryUrl(world, repo)}/check-suites/${suite.id}/check-runs`,
    rerequestable: true,
    runs_rerequestable: true,
  };
}

/** The suite as the REST API answers it. */
export function presentCheckSuite(world: World, repo: Repo, suite: CheckSuite) {
  return {
    ...presentCheckSuiteEvent(world, repo, suite),
    repository: presentMinimalRepository(world, repo),
  };
}

export function presentAnnotation(
  world: World,
  repo: Repo,
  { run, annotation }: { readonly run: CheckRun; readonly annotation: Readonly<Record<string, unknown>> },
) {
  const path = String(annotation.path);
  return {
    path,
    blob_href: `${repositoryPage(world, repo)}/blob/${run.headSha}/${encodePath(path)}`,
    start_line: annotation.start_line,
    end_line: annotation.end_line,
    start_column: annotation.start_column ?? null,
    end_column: annotation.end_column ?? null,
    annotation_level: annotation.annotation_level,
    title: annotation.title ?? null,
    message: annotation.message,
    raw_details: annotation.raw_details ?? null,
  };
}

/** The open pull requests of this repository that show a commit's checks. */
export function presentPullsOf(world: World, repo: Repo, headSha: string) {
  const link = { id: repo.id, url: repositoryUrl(world, repo), name: repo.name };
  return [...repo.pulls.values()]
    .filter((pull) => pull.headSha === headSha && pull.headRepoId === repo.id)
    .filter((pull) => repo.issues.get(pull.number)?.state === "open")
    .map((pull) => ({
      id: pull.id,
      number: pull.number,
      url: `${repositoryUrl(world, repo)}/pulls/${pull.number}`,
      head: { ref: pull.headRef, sha: pull.headSha, repo: link },
      base: { ref: pull.baseRef, sha: pull.baseSha, repo: link },
    }));
}

function presentShortSuite(world: World, repo: Repo, suite: CheckSuite) {
  return {
    id: suite.id,
    node_id: nodeId("CS", suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: suite.status,
    conclusion: suite.conclusion,
    url: `${repositoryUrl(world, repo)}/check-suites/${suite.id}`,
    before: readCommit(repo.gitDir, suite.headSha).parents[0] ?? null,
    after: suite.headSha,
    pull_requests: presentPullsOf(world, repo, suite.headSha),
    app: presentAppById(world, suite.appId),
    created_at: timestamp(suite.createdAt),
    updated_at: timestamp(suite.updatedAt),
  };
}
