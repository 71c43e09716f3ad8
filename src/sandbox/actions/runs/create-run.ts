import { createCheckSuite } from "../../areas/checks/check-records.ts";
import { readCommit } from "../../git/objects.ts";
import { isRecord } from "../../http/body-fields.ts";
import type { Repo, Workflow, WorkflowRun } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { actionsOf } from "../records/actions-state.ts";
import { announceRun } from "../records/announce.ts";
import { githubContext } from "../triggers/github-context.ts";
import { evaluateText } from "../workflow/expressions.ts";
import type { ReadWorkflow } from "../workflow/read-workflow.ts";
import { readInputs, startAttempt } from "./execute-run.ts";

/** What an event says about the run it starts. */
export interface NewRun {
  readonly workflow: Workflow;
  readonly read: ReadWorkflow;
  readonly event: string;
  /** The whole `github.event`. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly ref: string;
  readonly sha: string;
  readonly headBranch: string;
  readonly headRepoId: number | null;
  readonly headRef: string;
  readonly baseRef: string;
  readonly actor: User;
  readonly inputs: Readonly<Record<string, string>>;
  readonly pullNumbers: readonly number[];
  readonly chainLength: number;
}

/** Records a run, announces it and starts it in the background. */
export function createRun(world: World, repo: Repo, options: NewRun): WorkflowRun {
  const { workflow, actor, sha, headBranch } = options;
  const suite = createCheckSuite(world, repo, {
    app: world.actionsApp,
    headSha: sha,
    headBranch,
    sender: actor,
  });
  const at = world.now();
  const runNumber = (repo.nextRunNumber.get(workflow.path) ?? 0) + 1;
  repo.nextRunNumber.set(workflow.path, runNumber);
  const draft: WorkflowRun = {
    id: world.nextId(),
    workflowId: workflow.id,
    path: workflow.path,
    name: workflow.name,
    displayTitle: workflow.name,
    event: options.event,
    headBranch,
    headSha: sha,
    runNumber,
    runAttempt: 1,
    status: "queued",
    conclusion: null,
    actor,
    checkSuiteId: suite.id,
    inputs: { ...options.inputs },
    eventPayload: { ...options.payload },
    pullNumbers: options.pullNumbers,
    createdAt: at,
    startedAt: at,
    updatedAt: at,
  };
  actionsOf(world).facts.set(draft.id, {
    repo,
    workflow: options.read,
    ref: options.ref,
    headRef: options.headRef,
    headRepoId: options.headRepoId,
    baseRef: options.baseRef,
    chainLength: options.chainLength,
    attempts: new Map([[1, { startedAt: at, triggeringActor: actor, jobs: new Map(), end: null }]]),
  });
  const run: WorkflowRun = {
    ...draft,
    displayTitle: describeRun(world, repo, { run: draft, read: options.read }),
  };
  repo.runs.set(run.id, run);
  startAttempt(world, repo, run, { triggeringActor: actor, kept: new Map() });
  announceRun(world, repo, { run, action: "requested" });
  return run;
}

function describeRun(
  world: World,
  repo: Repo,
  { run, read }: { readonly run: WorkflowRun; readonly read: ReadWorkflow },
): string {
  const fallback = describeEvent(repo, run);
  if (read.kind === "invalid" || read.workflow.runName === null) return fallback;
  const contexts = {
    github: githubContext(world, repo, run),
    inputs: readInputs(read.workflow, run),
    vars: Object.fromEntries(repo.variables),
  };
  try {
    const scope = { contexts, status: { success: true, failure: false, cancelled: false } };
    return evaluateText(read.workflow.runName, scope).trim() || fallback;
  } catch {
    return fallback;
  }
}

/** The title of a run without `run-name`, by what its event is about. */
function describeEvent(repo: Repo, run: WorkflowRun): string {
  const { eventPayload } = run;
  if (["push", "merge_group"].includes(run.event))
    return readCommit(repo.gitDir, run.headSha).message.split("\n")[0] || run.name;
  for (const subject of [eventPayload.pull_request, eventPayload.issue]) {
    if (isRecord(subject) && typeof subject.title === "string") return subject.title;
  }
  if (run.event === "repository_dispatch") return String(eventPayload.action ?? run.name);
  return run.name;
}
