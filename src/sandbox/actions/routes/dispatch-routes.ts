import { resolveRef } from "../../git/git.ts";
import { invalidRequest, isRecord, optionalBoolean, requiredText } from "../../http/body-fields.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { assemblePayload } from "../../present/webhook-payload.ts";
import type { Workflow, WorkflowRun } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import { runPage, runUrl } from "../present/present-run.ts";
import { readWorkflowText } from "../records/workflow-records.ts";
import { createRun } from "../runs/create-run.ts";
import { shortRef } from "../triggers/github-context.ts";
import { type ReadWorkflow, readWorkflow } from "../workflow/read-workflow.ts";
import type { InputDefinition } from "../workflow/workflow-model.ts";
import { checkDispatchInputs } from "./dispatch-inputs.ts";
import { WRITE, workflowOfPath } from "./workflow-routes.ts";

const MAX_EVENT_TYPE_CHARACTERS = 100;
const MAX_PAYLOAD_PROPERTIES = 10;
const MAX_PAYLOAD_BYTES = 64 * 1024;

export const dispatchRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches",
    access: WRITE,
    handle: dispatchWorkflow,
  },
  {
    method: "POST",
    path: "/repos/{owner}/{repo}/dispatches",
    access: { permission: "contents", level: "write" },
    handle: dispatchRepository,
  },
];

function dispatchWorkflow(call: Call): Answer {
  const workflow = workflowOfPath(call);
  const asked = requiredText(call.body, "ref");
  const wantsDetails = optionalBoolean(call.body, "return_run_details") ?? false;
  if (workflow.state !== "active") {
    throw new Refusal(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow");
  }
  const target = findTarget(call, asked);
  const { read, definitions } = readDispatched(call, workflow, target.sha);
  const inputs = checkDispatchInputs(call.body.inputs, definitions);
  const run = startDispatched(call, { workflow, read, inputs, ...target });
  if (!wantsDetails) return { status: 204 };
  const body = {
    workflow_run_id: run.id,
    run_url: runUrl(call.world, call.repo, run),
    html_url: runPage(call.world, call.repo, run),
  };
  return { status: 200, body };
}

interface Target {
  readonly ref: string;
  readonly sha: string;
}

function findTarget({ repo }: Call, asked: string): Target {
  const candidates = asked.startsWith("refs/") ? [asked] : [`refs/heads/${asked}`, `refs/tags/${asked}`];
  for (const ref of candidates) {
    const sha = /^refs\/(?:heads|tags)\//.test(ref) ? resolveRef(repo.gitDir, ref) : undefined;
    if (sha !== undefined) return { ref, sha };
  }
  throw new Refusal(422, `No ref found for: ${asked}`);
}

function readDispatched(
  { repo }: Call,
  workflow: Workflow,
  sha: string,
): { readonly read: ReadWorkflow; readonly definitions: ReadonlyMap<string, InputDefinition> } {
  const text = readWorkflowText(repo, sha, workflow.path);
  if (text === null) throw new Refusal(404, "Not Found");
  const read = readWorkflow(text);
  if (read.kind === "invalid")
    throw new Refusal(422, `failed to parse workflow: ${read.problems.join("\n")}`);
  const trigger = read.workflow.triggers.get("workflow_dispatch");
  if (trigger === undefined) throw new Refusal(422, "Workflow does not have 'workflow_dispatch' trigger");
  return { read, definitions: trigger.inputs };
}

function startDispatched(
  call: Call,
  {
    workflow,
    read,
    inputs,
    ref,
    sha,
  }: Target & {
    readonly workflow: Workflow;
    readonly read: ReadWorkflow;
    readonly inputs: Readonly<Record<string, string>>;
  },
): WorkflowRun {
  const { world, repo } = call;
  const actor = callerOf(call);
  const emission = {
    event: "workflow_dispatch",
    action: null,
    repo,
    sender: actor,
    payload: { inputs, ref, workflow: workflow.path },
  };
  world.emit(emission);
  return createRun(world, repo, {
    workflow,
    read,
    event: emission.event,
    payload: assemblePayload(world, emission),
    ref,
    sha,
    headBranch: shortRef(ref),
    headRepoId: repo.id,
    headRef: "",
    baseRef: "",
    actor,
    inputs,
    pullNumbers: [],
    chainLength: 0,
  });
}

function dispatchRepository(call: Call): Answer {
  const type = requiredText(call.body, "event_type");
  const payload = call.body.client_payload ?? {};
  if (type === "" || type.length > MAX_EVENT_TYPE_CHARACTERS) {
    throw invalidRequest(`event_type must have 1 to ${MAX_EVENT_TYPE_CHARACTERS} characters.`);
  }
  if (!isRecord(payload))
    throw invalidRequest("For 'properties/client_payload', the value is not an object.");
  const count = Object.keys(payload).length;
  if (count > MAX_PAYLOAD_PROPERTIES) {
    throw invalidRequest(
      `No more than ${MAX_PAYLOAD_PROPERTIES} properties are allowed; ${count} were supplied.`,
    );
  }
  if (Buffer.byteLength(JSON.stringify(payload)) > MAX_PAYLOAD_BYTES) {
    throw invalidRequest("client_payload is too large.");
  }
  call.world.emit({
    event: "repository_dispatch",
    action: type,
    repo: call.repo,
    sender: callerOf(call),
    payload: { branch: call.repo.defaultBranch, client_payload: payload },
  });
  return { status: 204 };
}

export function callerOf({ user }: Call): User {
  if (user === null) throw new Refusal(401, "Requires authentication");
  return user;
}
