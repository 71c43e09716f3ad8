import { tmpdir } from "node:os";
import { join } from "node:path";
import { presentCheckSuiteEvent } from "../../present/code/check.ts";
import { registerJobToken, revokeJobToken } from "../../world/job-tokens.ts";
import type { Repo, WorkflowRun } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { type ActiveRun, actionsOf, factsOf } from "../records/actions-state.ts";
import { announceRun } from "../records/announce.ts";
import { createArtifactStore } from "../records/artifact-store.ts";
import { observeRun } from "../records/job-records.ts";
import { readWorkflowText } from "../records/workflow-records.ts";
import { githubContext } from "../triggers/github-context.ts";
import { evaluateText, type Scope } from "../workflow/expressions.ts";
import type { Permissions, WorkflowDefinition } from "../workflow/workflow-model.ts";
import { convertInput } from "./call-workflow.ts";
import { enterGroup } from "./concurrency-group.ts";
import type { JobOutcome, Result, RunHost } from "./run-model.ts";
import { runWorkflow } from "./run-workflow.ts";

export interface AttemptOptions {
  readonly triggeringActor: User;
  /** Outcomes by job key that a re-run of failed jobs takes over. */
  readonly kept: ReadonlyMap<string, JobOutcome>;
}

interface Attempt extends AttemptOptions {
  readonly world: World;
  readonly repo: Repo;
  readonly run: WorkflowRun;
  readonly active: ActiveRun;
}

/** Starts the run's present attempt in the background; nothing that goes wrong in it leaves it. */
export function startAttempt(world: World, repo: Repo, run: WorkflowRun, options: AttemptOptions): void {
  const facts = factsOf(world, run);
  const earlier = facts.attempts.get(run.runAttempt - 1);
  const taken = [...(earlier?.jobs ?? [])].filter(([key]) => options.kept.has(key));
  facts.attempts.set(run.runAttempt, {
    startedAt: world.now(),
    triggeringActor: options.triggeringActor,
    jobs: new Map(taken),
    end: null,
  });
  const active: ActiveRun = {
    cancel: new AbortController(),
    force: new AbortController(),
    done: Promise.resolve(),
  };
  const state = actionsOf(world);
  state.active.set(run.id, active);
  if (state.stopped) active.force.abort();
  const attempt: Attempt = { world, repo, run, active, ...options };
  active.done = Promise.resolve()
    .then(() => execute(attempt))
    .catch((error: unknown) => failAttempt(attempt, [String(error)]))
    .then((conclusion) => completeRun(attempt, conclusion))
    .catch((error: unknown) => world.record("dispatch", { run: run.id, problem: String(error) }));
}

async function execute(attempt: Attempt): Promise<Result> {
  const { world, repo, run, active } = attempt;
  const { workflow } = factsOf(world, run);
  if (workflow.kind === "invalid") {
    return failAttempt(attempt, [
      "The workflow is not valid.",
      ...workflow.problems.map((one) => `${run.path} ${one}`),
    ]);
  }
  const github = githubContext(world, repo, run);
  const inputs = readInputs(workflow.workflow, run);
  const vars = Object.fromEntries(repo.variables);
  const stop = AbortSignal.any([active.cancel.signal, active.force.signal]);
  const leave = await enterOwnGroup(attempt, workflow.workflow, { github, inputs, vars });
  if (leave === null) return "cancelled";
  try {
    const result = await runWorkflow({
      workflow: workflow.workflow,
      github,
      inputs,
      vars,
      secrets: isFromFork(attempt) ? {} : Object.fromEntries(repo.secrets),
      kept: attempt.kept,
      cancel: active.cancel.signal,
      force: active.force.signal,
      host: createHost(attempt),
      observer: observeRun(world, repo, run),
    });
    return stop.aborted && result !== "success" ? "cancelled" : result;
  } finally {
    leave();
  }
}

async function enterOwnGroup(
  { world, repo, run, active }: Attempt,
  { concurrency }: WorkflowDefinition,
  contexts: Scope["contexts"],
): Promise<(() => void) | null> {
  if (concurrency === null) return () => undefined;
  const scope: Scope = { contexts, status: { success: true, failure: false, cancelled: false } };
  return enterGroup(world, {
    repo,
    run,
    group: evaluateText(concurrency.group, scope),
    cancelInProgress: evaluateText(concurrency.cancelInProgress, scope) === "true",
    signal: AbortSignal.any([active.cancel.signal, active.force.signal]),
  });
}

/** The inputs of a dispatch in their declared types; other events have none. */
export function readInputs(workflow: WorkflowDefinition, run: WorkflowRun): Record<string, unknown> {
  const definitions = workflow.triggers.get("workflow_dispatch")?.inputs ?? new Map();
  return Object.fromEntries(
    Object.entries(run.inputs).map(([name, value]) => {
      const definition = definitions.get(name);
      return [name, definition === undefined ? value : convertInput(definition, value)];
    }),
  );
}

/** What strangers wrote gets no secrets and may change nothing. */
function isFromFork({ world, repo, run }: Attempt): boolean {
  return factsOf(world, run).headRepoId !== repo.id;
}

function createHost(attempt: Attempt): RunHost {
  const { world, repo, run } = attempt;
  return {
    now: world.now,
    // Outside of the data directory: what a step runs must not find a package.json or node_modules above itself.
    scratchDir: join(tmpdir(), `sandbox-run-${process.pid}-${run.id}-${run.runAttempt}`),
    gitDir: repo.gitDir,
    acquireRunner: (signal) => actionsOf(world).runners.acquire(signal),
    readWorkflowFile: async (path) => readWorkflowText(repo, run.headSha, path),
    issueToken(permissions) {
      const granted = toAppPermissions(permissions, isFromFork(attempt));
      const token = registerJobToken(world, { repoId: repo.id, permissions: granted });
      return { token, revoke: () => revokeJobToken(world, token) };
    },
    artifacts: createArtifactStore(world, repo, run),
  };
}

/** Workflow files write `pull-requests`, app permissions are called `pull_requests`. */
function toAppPermissions(permissions: Permissions, isReadOnly: boolean): Record<string, "read" | "write"> {
  const granted: Record<string, "read" | "write"> = {};
  for (const [scope, level] of Object.entries(permissions)) {
    if (level !== "none") granted[scope.replaceAll("-", "_")] = isReadOnly ? "read" : level;
  }
  return granted;
}

/** Shows what went wrong before any job could start as the log of a job of its own. */
function failAttempt({ world, repo, run }: Attempt, lines: readonly string[]): Result {
  const observer = observeRun(world, repo, run);
  const at = world.now().toISOString();
  observer.onJobQueued({ key: run.path, name: run.path, labels: [], willRun: false });
  observer.onLog(run.path, lines.map((line) => `${at} ##[error]${line}\n`).join(""));
  observer.onSummary(run.path, lines.join("\n"));
  observer.onJobCompleted(run.path, { conclusion: "failure", result: "failure", outputs: {} });
  return "failure";
}

function completeRun({ world, repo, run }: Attempt, conclusion: Result): void {
  const at = world.now();
  run.status = "completed";
  run.conclusion = conclusion;
  run.updatedAt = at;
  const attempt = factsOf(world, run).attempts.get(run.runAttempt);
  if (attempt !== undefined) attempt.end = { conclusion, at };
  completeSuite(world, repo, run);
  actionsOf(world).active.delete(run.id);
  announceRun(world, repo, { run, action: "completed" });
}

/** A run that ended without any job has a suite without checks, which nobody else completes. */
function completeSuite(world: World, repo: Repo, run: WorkflowRun): void {
  const suite = repo.checkSuites.get(run.checkSuiteId);
  if (suite === undefined || suite.status === "completed") return;
  suite.status = "completed";
  suite.conclusion = run.conclusion;
  suite.updatedAt = run.updatedAt;
  const payload = { check_suite: presentCheckSuiteEvent(world, repo, suite) };
  world.emit({ event: "check_suite", action: "completed", repo, sender: run.actor, payload });
}
