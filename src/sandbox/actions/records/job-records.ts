import { createCheckRun, updateCheckRun } from "../../areas/checks/check-records.ts";
import type { CheckRun, JobStep, Repo, WorkflowJob, WorkflowRun } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { runPage } from "../present/present-run.ts";
import type { Annotation } from "../runner/log-commands.ts";
import type { JobInstance, JobOutcome, RunObserver, StepChange } from "../runs/run-model.ts";
import { type AttemptFacts, attemptOf, type JobFacts } from "./actions-state.ts";
import { announceJob, announceRun } from "./announce.ts";

const MAX_ANNOTATIONS = 50;
const MAX_SUMMARY_CHARACTERS = 65_535;

interface RunRecords {
  readonly world: World;
  readonly repo: Repo;
  readonly run: WorkflowRun;
  readonly attempt: AttemptFacts;
  readonly annotations: Map<string, Annotation[]>;
  readonly summaries: Map<string, string>;
}

/** Keeps the records of one attempt's jobs and their checks, and tells the world about them. */
export function observeRun(world: World, repo: Repo, run: WorkflowRun): RunObserver {
  const attempt = attemptOf(world, run);
  const records: RunRecords = { world, repo, run, attempt, annotations: new Map(), summaries: new Map() };
  return {
    onJobQueued: (job) => queueJob(records, job),
    onJobStarted: (key, stepNames) => startJob(records, key, stepNames),
    onJobCompleted: (key, outcome) => completeJob(records, key, outcome),
    onStep: (key, change) => changeStep(records, key, change),
    onLog(key, lines) {
      findJob(records, key).record.log += lines;
    },
    onAnnotation(key, annotation) {
      const list = records.annotations.get(key) ?? [];
      records.annotations.set(key, [...list, annotation].slice(0, MAX_ANNOTATIONS));
    },
    onSummary(key, markdown) {
      const summary = (records.summaries.get(key) ?? "") + markdown;
      records.summaries.set(key, summary.slice(0, MAX_SUMMARY_CHARACTERS));
    },
  };
}

function queueJob({ world, repo, run, attempt }: RunRecords, instance: JobInstance): void {
  const id = world.nextId();
  const at = world.now();
  const check = createCheckRun(world, repo, {
    app: world.actionsApp,
    suite: repo.checkSuites.get(run.checkSuiteId),
    name: instance.name,
    headSha: run.headSha,
    headBranch: run.headBranch,
    status: "queued",
    externalId: String(id),
    detailsUrl: `${runPage(world, repo, run)}/job/${id}`,
    sender: run.actor,
  });
  const job: WorkflowJob = {
    id,
    runId: run.id,
    runAttempt: run.runAttempt,
    checkRunId: check.id,
    name: instance.name,
    status: "queued",
    conclusion: null,
    createdAt: at,
    startedAt: at,
    completedAt: null,
    steps: [],
    log: "",
  };
  repo.jobs.set(id, job);
  attempt.jobs.set(instance.key, { record: job, labels: instance.labels, outcome: null });
  if (instance.willRun) announceJob(world, repo, { run, job });
}

function startJob(records: RunRecords, key: string, stepNames: readonly string[]): void {
  const { world, repo, run } = records;
  const job = findJob(records, key).record;
  job.status = "in_progress";
  job.startedAt = world.now();
  job.steps.push(...stepNames.map((name, index) => newStep(name, index + 1)));
  updateCheckRun(world, repo, checkOf(records, job), {
    status: "in_progress",
    startedAt: job.startedAt,
    sender: run.actor,
  });
  if (run.status !== "in_progress") {
    run.status = "in_progress";
    run.updatedAt = world.now();
    announceRun(world, repo, { run, action: "in_progress" });
  }
  announceJob(world, repo, { run, job });
}

function completeJob(records: RunRecords, key: string, outcome: JobOutcome): void {
  const { world, repo, run } = records;
  const facts = findJob(records, key);
  const job = facts.record;
  facts.outcome = outcome;
  job.status = "completed";
  job.conclusion = outcome.conclusion;
  job.completedAt = world.now();
  for (const step of job.steps.filter((one) => one.status !== "completed")) {
    step.status = "completed";
    step.conclusion = outcome.conclusion === "cancelled" ? "cancelled" : "skipped";
  }
  updateCheckRun(world, repo, checkOf(records, job), {
    status: "completed",
    conclusion: outcome.conclusion,
    annotations: (records.annotations.get(key) ?? []).map((one) => toCheckAnnotation(run, one)),
    output: { title: null, summary: records.summaries.get(key) ?? null },
    sender: run.actor,
  });
  announceJob(world, repo, { run, job });
}

function changeStep(records: RunRecords, key: string, change: StepChange): void {
  const step = findJob(records, key).record.steps[change.number - 1];
  if (step === undefined) return;
  const at = records.world.now();
  step.status = change.status;
  step.conclusion = change.conclusion;
  step.startedAt ??= at;
  if (change.status === "completed") step.completedAt = at;
}

function newStep(name: string, number: number): JobStep {
  return { name, number, status: "queued", conclusion: null, startedAt: null, completedAt: null };
}

function findJob({ attempt, run }: RunRecords, key: string): JobFacts {
  const facts = attempt.jobs.get(key);
  if (facts === undefined) throw new Error(`The run ${run.id} has no job '${key}'`);
  return facts;
}

function checkOf({ repo }: RunRecords, job: WorkflowJob): CheckRun {
  const check = repo.checkRuns.get(job.checkRunId);
  if (check === undefined) throw new Error(`The job ${job.id} has no check run`);
  return check;
}

function toCheckAnnotation(run: WorkflowRun, annotation: Annotation): Record<string, unknown> {
  return {
    path: annotation.path ?? run.path,
    start_line: annotation.line ?? 1,
    end_line: annotation.line ?? 1,
    annotation_level: annotation.level,
    message: annotation.message,
    title: annotation.title,
  };
}
