import type { Repo, WorkflowJob, WorkflowRun } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { createRunnerPool, type RunnerPool } from "../runner/runner-pool.ts";
import type { JobOutcome } from "../runs/run-model.ts";
import type { ReadWorkflow } from "../workflow/read-workflow.ts";

/** What the records do not hold of a run. */
export interface RunFacts {
  readonly repo: Repo;
  /** The workflow file as it is in the commit of the run. */
  readonly workflow: ReadWorkflow;
  readonly ref: string;
  readonly headRef: string;
  /** The repository that the commit comes from; null when it is gone. */
  readonly headRepoId: number | null;
  readonly baseRef: string;
  /** How many runs stand before this one in a chain of `workflow_run` events. */
  readonly chainLength: number;
  readonly attempts: Map<number, AttemptFacts>;
}

export interface AttemptFacts {
  readonly startedAt: Date;
  readonly triggeringActor: User;
  /** Jobs of this attempt, with those taken over from the attempt before. */
  readonly jobs: Map<string, JobFacts>;
  end: { readonly conclusion: WorkflowRun["conclusion"]; readonly at: Date } | null;
}

export interface JobFacts {
  readonly record: WorkflowJob;
  readonly labels: readonly string[];
  outcome: JobOutcome | null;
}

/** A run that is queued or running now. */
export interface ActiveRun {
  readonly cancel: AbortController;
  readonly force: AbortController;
  done: Promise<void>;
}

export interface ConcurrencyGroup {
  holder: number;
  pending: { readonly runId: number; readonly enter: (entered: boolean) => void } | null;
}

export interface Download {
  readonly bytes: Uint8Array;
  readonly expiresAt: number;
}

export interface ActionsState {
  readonly runners: RunnerPool;
  readonly facts: Map<number, RunFacts>;
  readonly active: Map<number, ActiveRun>;
  readonly groups: Map<string, ConcurrencyGroup>;
  readonly downloads: Map<string, Download>;
  /** The attempt that made an artifact, by artifact id. */
  readonly artifactAttempts: Map<number, number>;
  stopped: boolean;
}

const DEFAULT_MAX_JOBS = 2;

const states = new WeakMap<World, ActionsState>();

export function actionsOf(world: World): ActionsState {
  const known = states.get(world);
  if (known !== undefined) return known;
  const state: ActionsState = {
    runners: createRunnerPool(DEFAULT_MAX_JOBS),
    facts: new Map(),
    active: new Map(),
    groups: new Map(),
    downloads: new Map(),
    artifactAttempts: new Map(),
    stopped: false,
  };
  states.set(world, state);
  return state;
}

export function factsOf(world: World, run: WorkflowRun): RunFacts {
  const facts = actionsOf(world).facts.get(run.id);
  if (facts === undefined) throw new Error(`The run ${run.id} was not started by the Actions of this world`);
  return facts;
}

export function attemptOf(world: World, run: WorkflowRun, attempt: number = run.runAttempt): AttemptFacts {
  const facts = factsOf(world, run).attempts.get(attempt);
  if (facts === undefined) throw new Error(`The run ${run.id} has no attempt ${attempt}`);
  return facts;
}
