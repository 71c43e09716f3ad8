import { readCommit } from "../../git/objects.ts";
import { isRecord } from "../../http/body-fields.ts";
import { assemblePayload } from "../../present/webhook-payload.ts";
import type { Repo } from "../../world/records.ts";
import type { Emission, World } from "../../world/world.ts";
import { actionsOf } from "../records/actions-state.ts";
import { listWorkflowPaths, readWorkflowText, recordWorkflow } from "../records/workflow-records.ts";
import { createRun } from "../runs/create-run.ts";
import { readWorkflow } from "../workflow/read-workflow.ts";
import { type EventSource, locateEvent } from "./event-source.ts";
import { type EventTraits, matchesTrigger } from "./match-trigger.ts";

/** GitHub's own limit of runs that start each other. */
const MAX_CHAIN_LENGTH = 3;
/** A dispatch names its workflow; the others exist for webhooks only. */
const SILENT_EVENTS = ["workflow_dispatch", "workflow_job", "installation", "installation_repositories"];
const SKIP_WORDS = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]/i;

/** Starts every workflow of the repository that listens to this event, once the event's own work is done. */
export function startWorkflows(world: World, emission: Emission): void {
  const { repo, event } = emission;
  if (repo === null || SILENT_EVENTS.includes(event) || actionsOf(world).stopped) return;
  if (isByJob(world, emission) || isOwnCheck(world, emission)) return;
  const sources = [event, ...(event === "pull_request" ? ["pull_request_target"] : [])];
  queueMicrotask(() => {
    for (const name of sources) startFor(world, repo, { ...emission, event: name });
  });
}

/** What a job does with its token starts no further runs; the end of a run may. */
function isByJob(world: World, { sender, event }: Emission): boolean {
  return sender.id === world.actionsApp.bot.id && !["workflow_run", "repository_dispatch"].includes(event);
}

/** Checks of workflows start no workflows. */
function isOwnCheck(world: World, { event, payload }: Emission): boolean {
  const check = payload[event];
  if (!["check_run", "check_suite"].includes(event) || !isRecord(check)) return false;
  return isRecord(check.app) && check.app.id === world.actionsApp.id;
}

function startFor(world: World, repo: Repo, emission: Emission): void {
  try {
    const source = locateEvent(emission.event, repo, emission.payload);
    if (source === null || isSkipped(repo, emission, source)) return;
    const chainLength = readChainLength(world, emission);
    if (chainLength > MAX_CHAIN_LENGTH) return;
    for (const path of listWorkflowPaths(repo, source.sha)) {
      startWorkflow(world, { repo, emission, source, path, chainLength });
    }
  } catch (error) {
    // A client's odd push must not end the sandbox; the history shows why nothing started.
    world.record("dispatch", { event: emission.event, repo: repo.name, problem: String(error) });
  }
}

interface Candidate {
  readonly repo: Repo;
  readonly emission: Emission;
  readonly source: EventSource;
  readonly path: string;
  readonly chainLength: number;
}

function startWorkflow(world: World, { repo, emission, source, path, chainLength }: Candidate): void {
  const text = readWorkflowText(repo, source.sha, path);
  if (text === null) return;
  const read = readWorkflow(text);
  const trigger = read.kind === "valid" ? read.workflow.triggers.get(emission.event) : undefined;
  const listens =
    read.kind === "invalid"
      ? emission.event === "push"
      : trigger !== undefined && matchesTrigger(trigger, traitsOf(emission, source));
  if (!listens) return;
  const workflow = recordWorkflow(world, repo, { path, read });
  if (workflow.state !== "active") return;
  createRun(world, repo, {
    ...source,
    workflow,
    read,
    event: emission.event,
    payload: assemblePayload(world, emission),
    actor: emission.sender,
    inputs: {},
    chainLength,
  });
}

function traitsOf({ event, action, payload }: Emission, source: EventSource): EventTraits {
  const run = payload.workflow_run;
  return {
    event,
    action,
    branch: source.branch,
    tag: source.tag,
    workflowName: isRecord(run) ? String(run.name) : null,
    changedPaths: source.changedPaths,
  };
}

function isSkipped(repo: Repo, { event }: Emission, source: EventSource): boolean {
  if (event !== "push" && event !== "pull_request") return false;
  return SKIP_WORDS.test(readCommit(repo.gitDir, source.sha).message);
}

function readChainLength(world: World, { payload }: Emission): number {
  const run = payload.workflow_run;
  const before = isRecord(run) ? actionsOf(world).facts.get(Number(run.id)) : undefined;
  return before === undefined ? 0 : before.chainLength + 1;
}
