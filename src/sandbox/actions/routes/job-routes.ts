import { strToU8, type Zippable, zipSync } from "fflate";
import { pathNumber } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import type { WorkflowJob, WorkflowRun } from "../../world/records.ts";
import { presentJob } from "../present/present-job.ts";
import { attemptOf } from "../records/actions-state.ts";
import { redirectToDownload } from "./downloads.ts";
import { attemptOfPath, RUNS_PATH, runOfPath } from "./run-routes.ts";
import { READ } from "./workflow-routes.ts";

const JOB_PATH = "/repos/{owner}/{repo}/actions/jobs/{job_id}";

export const jobRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${RUNS_PATH}/{run_id}/jobs`,
    access: READ,
    handle(call) {
      const run = runOfPath(call);
      const wantsAll = call.query.get("filter") === "all";
      return listJobs(call, run, wantsAll ? allJobs(call, run) : jobsOfAttempt(call, run, run.runAttempt));
    },
  },
  {
    method: "GET",
    path: `${RUNS_PATH}/{run_id}/attempts/{attempt_number}/jobs`,
    access: READ,
    handle(call) {
      const run = runOfPath(call);
      return listJobs(call, run, jobsOfAttempt(call, run, attemptOfPath(call, run)));
    },
  },
  {
    method: "GET",
    path: `${RUNS_PATH}/{run_id}/logs`,
    access: READ,
    handle(call) {
      const run = runOfPath(call);
      return redirectToLogs(call, jobsOfAttempt(call, run, run.runAttempt));
    },
  },
  {
    method: "GET",
    path: `${RUNS_PATH}/{run_id}/attempts/{attempt_number}/logs`,
    access: READ,
    handle(call) {
      const run = runOfPath(call);
      return redirectToLogs(call, jobsOfAttempt(call, run, attemptOfPath(call, run)));
    },
  },
  {
    method: "GET",
    path: JOB_PATH,
    access: READ,
    handle: (call) => ({ status: 200, body: presentJob(call.world, call.repo, jobOfPath(call)) }),
  },
  {
    method: "GET",
    path: `${JOB_PATH}/logs`,
    access: READ,
    handle: (call) => redirectToDownload(call.world, strToU8(jobOfPath(call).job.log)),
  },
];

function jobOfPath(call: Call): { readonly run: WorkflowRun; readonly job: WorkflowJob } {
  const job = call.repo.jobs.get(pathNumber(call.params, "job_id"));
  const run = job === undefined ? undefined : call.repo.runs.get(job.runId);
  if (job === undefined || run === undefined) throw new Refusal(404, "Not Found");
  return { run, job };
}

function allJobs({ repo }: Call, run: WorkflowRun): readonly WorkflowJob[] {
  return [...repo.jobs.values()].filter((job) => job.runId === run.id);
}

function jobsOfAttempt({ world }: Call, run: WorkflowRun, attempt: number): readonly WorkflowJob[] {
  return [...attemptOf(world, run, attempt).jobs.values()].map((job) => job.record);
}

function listJobs(call: Call, run: WorkflowRun, jobs: readonly WorkflowJob[]): Answer {
  const { items, headers } = paginate(call, jobs);
  const shown = items.map((job) => presentJob(call.world, call.repo, { run, job }));
  return { status: 200, headers, body: { total_count: jobs.length, jobs: shown } };
}

function redirectToLogs(call: Call, jobs: readonly WorkflowJob[]): Answer {
  const entries: Zippable = {};
  for (const [index, job] of jobs.entries()) {
    entries[`${index}_${job.name.replaceAll(/[\\/:*?"<>|]/g, "_")}.txt`] = strToU8(job.log);
  }
  return redirectToDownload(call.world, zipSync(entries, { level: 1 }));
}
