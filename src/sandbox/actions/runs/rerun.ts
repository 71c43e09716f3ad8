import { Refusal } from "../../http/route.ts";
import type { Repo, WorkflowRun } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { actionsOf, attemptOf } from "../records/actions-state.ts";
import { startAttempt } from "./execute-run.ts";
import type { JobOutcome } from "./run-model.ts";

export interface RerunOptions {
  readonly actor: User;
  readonly jobs: "all" | "failed";
}

/** Starts the next attempt of a finished run, with all jobs or with the failed ones and those behind them. */
export function rerun(world: World, repo: Repo, run: WorkflowRun, { actor, jobs }: RerunOptions): void {
  if (actionsOf(world).active.has(run.id)) throw new Refusal(403, "This workflow is already running");
  const kept = jobs === "all" ? new Map<string, JobOutcome>() : keptOutcomes(world, run);
  const at = world.now();
  run.runAttempt += 1;
  run.status = "queued";
  run.conclusion = null;
  run.startedAt = at;
  run.updatedAt = at;
  const suite = repo.checkSuites.get(run.checkSuiteId);
  if (suite !== undefined) {
    suite.status = "queued";
    suite.conclusion = null;
  }
  startAttempt(world, repo, run, { triggeringActor: actor, kept });
}

function keptOutcomes(world: World, run: WorkflowRun): ReadonlyMap<string, JobOutcome> {
  const kept = new Map<string, JobOutcome>();
  for (const [key, { outcome }] of attemptOf(world, run).jobs) {
    if (outcome !== null && outcome.conclusion === "success") kept.set(key, outcome);
  }
  return kept;
}
