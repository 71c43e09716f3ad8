import { pathNumber } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import type { WorkflowRun } from "../../world/records.ts";
import { presentRun } from "../present/present-run.ts";
import { factsOf } from "../records/actions-state.ts";
import { cancelRun } from "../runs/control-actions.ts";
import { rerun } from "../runs/rerun.ts";
import { callerOf } from "./dispatch-routes.ts";
import { filterRuns } from "./run-filters.ts";
import { READ, WRITE, workflowOfPath } from "./workflow-routes.ts";

export const RUNS_PATH = "/repos/{owner}/{repo}/actions/runs";
const RUN_PATH = `${RUNS_PATH}/{run_id}`;

export const runRoutes: readonly Route[] = [
  {
    method: "GET",
    path: RUNS_PATH,
    access: READ,
    handle: (call) => listRuns(call, [...call.repo.runs.values()]),
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs",
    access: READ,
    handle(call) {
      const { id } = workflowOfPath(call);
      return listRuns(
        call,
        [...call.repo.runs.values()].filter((run) => run.workflowId === id),
      );
    },
  },
  {
    method: "GET",
    path: RUN_PATH,
    access: READ,
    handle: (call) => ({ status: 200, body: presentRun(call.world, call.repo, runOfPath(call)) }),
  },
  {
    method: "GET",
    path: `${RUN_PATH}/attempts/{attempt_number}`,
    access: READ,
    handle(call) {
      const run = runOfPath(call);
      return { status: 200, body: presentRun(call.world, call.repo, run, attemptOfPath(call, run)) };
    },
  },
  {
    method: "DELETE",
    path: RUN_PATH,
    access: WRITE,
    handle: deleteRun,
  },
  { method: "POST", path: `${RUN_PATH}/cancel`, access: WRITE, handle: (call) => cancel(call, "cancel") },
  {
    method: "POST",
    path: `${RUN_PATH}/force-cancel`,
    access: WRITE,
    handle: (call) => cancel(call, "force"),
  },
  { method: "POST", path: `${RUN_PATH}/rerun`, access: WRITE, handle: (call) => startAgain(call, "all") },
  {
    method: "POST",
    path: `${RUN_PATH}/rerun-failed-jobs`,
    access: WRITE,
    handle: (call) => startAgain(call, "failed"),
  },
  { method: "POST", path: `${RUN_PATH}/approve`, access: WRITE, handle: approve },
];

export function runOfPath(call: Call): WorkflowRun {
  const run = call.repo.runs.get(pathNumber(call.params, "run_id"));
  if (run === undefined) throw new Refusal(404, "Not Found");
  return run;
}

export function attemptOfPath(call: Call, run: WorkflowRun): number {
  const attempt = pathNumber(call.params, "attempt_number");
  if (!factsOf(call.world, run).attempts.has(attempt)) throw new Refusal(404, "Not Found");
  return attempt;
}

function listRuns(call: Call, runs: readonly WorkflowRun[]): Answer {
  const found = filterRuns(runs, call.query);
  const { items, headers } = paginate(call, found);
  const shown = items.map((run) => presentRun(call.world, call.repo, run));
  return { status: 200, headers, body: { total_count: found.length, workflow_runs: shown } };
}

function deleteRun(call: Call): Answer {
  const run = runOfPath(call);
  if (run.status !== "completed") throw new Refusal(403, "Could not delete the workflow run");
  const { repo } = call;
  repo.runs.delete(run.id);
  for (const job of [...repo.jobs.values()].filter((one) => one.runId === run.id)) repo.jobs.delete(job.id);
  for (const artifact of [...repo.artifacts.values()].filter((one) => one.runId === run.id)) {
    repo.artifacts.delete(artifact.id);
  }
  return { status: 204 };
}

function cancel(call: Call, how: "cancel" | "force"): Answer {
  if (cancelRun(call.world, runOfPath(call), how)) return { status: 202, body: {} };
  throw new Refusal(409, "Cannot cancel a workflow run that is completed.");
}

function startAgain(call: Call, jobs: "all" | "failed"): Answer {
  rerun(call.world, call.repo, runOfPath(call), { actor: callerOf(call), jobs });
  return { status: 201, body: {} };
}

/** The sandbox holds back no run by itself, so there is something to approve only when a test says so. */
function approve(call: Call): Answer {
  const run = runOfPath(call);
  if (run.status !== "waiting" && run.conclusion !== "action_required") {
    throw new Refusal(403, "This run is not from a fork pull request or is not waiting for approval");
  }
  rerun(call.world, call.repo, run, { actor: callerOf(call), jobs: "all" });
  return { status: 201, body: {} };
}
