import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JobOutcome, RunHost, RunObserver } from "../runs/run-model.ts";
import { evaluateText, evaluateTexts, type Scope } from "../workflow/expressions.ts";
import type { JobDefinition, Permissions, StepDefinition, TemplateMap } from "../workflow/workflow-model.ts";
import { createJobLog } from "./job-log.ts";
import { type JobRuntime, jobDirectories, jobStatus, stepScope } from "./job-runtime.ts";
import { describeStep, runStep } from "./run-step.ts";
import { createSecretMask } from "./secret-mask.ts";

const DEFAULT_TIMEOUT_MINUTES = 360;
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface JobRequest {
  readonly key: string;
  readonly definition: JobDefinition;
  readonly steps: readonly StepDefinition[];
  readonly workflowEnv: TemplateMap;
  readonly workingDirectory: string | null;
  readonly permissions: Permissions;
  readonly github: Readonly<Record<string, unknown>>;
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly cancel: AbortSignal;
  readonly force: AbortSignal;
  readonly host: RunHost;
  readonly observer: RunObserver;
}

/** Runs the steps of one job in directories of its own and removes them afterwards. */
export async function runJob(request: JobRequest): Promise<JobOutcome> {
  const { key, definition, observer } = request;
  const timeout = new AbortController();
  const token = request.host.issueToken(request.permissions);
  const jobDir = join(request.host.scratchDir, randomUUID());
  const runtime = createRuntime(request, { jobDir, token: token.token, timeout: timeout.signal });
  let timer: NodeJS.Timeout | undefined;
  try {
    await prepareDirectories(runtime);
    fillEnv(runtime, request);
    const scope = stepScope(runtime, {});
    const names = request.steps.map((step) => runtime.mask.apply(describeStep(step, scope)));
    observer.onJobStarted(key, ["Set up job", ...names, "Complete job"]);
    const minutes = readMinutes(definition, scope);
    timer = setTimeout(
      () => stopLateJob(runtime, timeout, minutes),
      Math.min(minutes * 60_000, MAX_TIMER_MS),
    );
    await runSteps(runtime, request.steps);
    return readOutcome(runtime, definition);
  } catch (error) {
    runtime.log.error(error instanceof Error ? error.message : String(error));
    return { conclusion: "failure", result: "failure", outputs: {} };
  } finally {
    clearTimeout(timer);
    token.revoke();
    for (const kill of runtime.leftovers) kill();
    await rm(jobDir, { recursive: true, force: true, maxRetries: 3 });
  }
}

interface JobMeans {
  readonly jobDir: string;
  readonly token: string;
  readonly timeout: AbortSignal;
}

function createRuntime(request: JobRequest, { jobDir, token, timeout }: JobMeans): JobRuntime {
  const { key, definition, host, observer, github } = request;
  const repositoryName = String(github.repository).split("/")[1] ?? "repository";
  const directories = jobDirectories(jobDir, repositoryName);
  const secrets = { ...request.secrets, GITHUB_TOKEN: token };
  const mask = createSecretMask(Object.values(secrets));
  return {
    directories,
    github: {
      ...github,
      job: definition.id,
      token,
      workspace: directories.workspace,
      event_path: join(directories.temp, "event.json"),
    },
    contexts: { ...request.contexts, secrets },
    permissions: request.permissions,
    token,
    workingDirectory: request.workingDirectory,
    host,
    mask,
    log: createJobLog({ mask, now: host.now, append: (lines) => observer.onLog(key, lines) }),
    annotate: (annotation) => observer.onAnnotation(key, annotation),
    summarize: (markdown) => observer.onSummary(key, markdown),
    reportStep: (change) => observer.onStep(key, change),
    cancel: AbortSignal.any([request.cancel, timeout]),
    force: request.force,
    env: new Map(),
    paths: [],
    steps: new Map(),
    leftovers: [],
    failed: false,
  };
}

async function prepareDirectories(runtime: JobRuntime): Promise<void> {
  const paths = Object.values(runtime.directories);
  await Promise.all(paths.map((path) => mkdir(path, { recursive: true, mode: 0o700 })));
  await writeFile(String(runtime.github.event_path), JSON.stringify(runtime.github.event));
}

/** Job variables may use workflow variables, so they are worked out one after the other. */
function fillEnv(runtime: JobRuntime, request: JobRequest): void {
  for (const map of [request.workflowEnv, request.definition.env]) {
    const env = evaluateTexts(map, stepScope(runtime, {}));
    for (const [name, value] of Object.entries(env)) runtime.env.set(name, value);
  }
}

function readMinutes(definition: JobDefinition, scope: Scope): number {
  const minutes = Number(evaluateText(definition.timeoutMinutes ?? "", scope) || DEFAULT_TIMEOUT_MINUTES);
  if (minutes > 0) return minutes;
  throw new Error(`The value '${definition.timeoutMinutes}' of timeout-minutes is not a number of minutes`);
}

function stopLateJob(runtime: JobRuntime, timeout: AbortController, minutes: number): void {
  runtime.log.error(`The job has exceeded the maximum execution time of ${minutes} minutes.`);
  timeout.abort();
}

async function runSteps(runtime: JobRuntime, steps: readonly StepDefinition[]): Promise<void> {
  runtime.reportStep({ number: 1, status: "in_progress", conclusion: null });
  const granted = Object.entries(runtime.permissions).map(([scope, level]) => `${scope}: ${level}`);
  runtime.log.write("Runner of the sandbox: every step is a process of this machine");
  runtime.log.group("GITHUB_TOKEN Permissions", granted);
  runtime.reportStep({ number: 1, status: "completed", conclusion: "success" });
  for (const [index, step] of steps.entries()) await runStep(runtime, step, index + 2);
  const last = steps.length + 2;
  runtime.reportStep({ number: last, status: "in_progress", conclusion: null });
  runtime.reportStep({ number: last, status: "completed", conclusion: "success" });
}

function readOutcome(runtime: JobRuntime, definition: JobDefinition): JobOutcome {
  const conclusion = jobStatus(runtime);
  const scope = stepScope(runtime, {});
  const outputs: Record<string, string> = {};
  for (const [name, value] of Object.entries(evaluateTexts(definition.outputs, scope))) {
    if (runtime.mask.hides(value)) {
      runtime.log.write(`##[warning]Skip output '${name}' since it may contain secret.`);
    } else {
      outputs[name] = value;
    }
  }
  const forgiven = conclusion === "failure" && evaluateText(definition.continueOnError, scope) === "true";
  return { conclusion, result: forgiven ? "success" : conclusion, outputs };
}
