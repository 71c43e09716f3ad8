import type { Repo, WorkflowJob, WorkflowRun } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { presentJob } from "../present/present-job.ts";
import { presentRun } from "../present/present-run.ts";
import { presentWorkflow } from "../present/present-workflow.ts";

/** Sends the `workflow_run` webhook for the present state of a run. */
export function announceRun(
  world: World,
  repo: Repo,
  { run, action }: { readonly run: WorkflowRun; readonly action: "requested" | "in_progress" | "completed" },
): void {
  const workflow = [...repo.workflows.values()].find((one) => one.id === run.workflowId);
  const { display_title, ...shown } = presentRun(world, repo, run);
  world.emit({
    event: "workflow_run",
    action,
    repo,
    sender: run.actor,
    payload: {
      // GitHub's description of this one action does not know the title.
      workflow_run: action === "in_progress" ? shown : { ...shown, display_title },
      workflow: workflow === undefined ? null : presentWorkflow(world, repo, workflow),
    },
  });
}

/** Sends the `workflow_job` webhook for the present state of a job, which names the action. */
export function announceJob(
  world: World,
  repo: Repo,
  { run, job }: { readonly run: WorkflowRun; readonly job: WorkflowJob },
): void {
  world.emit({
    event: "workflow_job",
    action: job.status,
    repo,
    sender: run.actor,
    payload: { workflow_job: presentJob(world, repo, { run, job }) },
  });
}
