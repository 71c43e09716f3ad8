import { delimiter, dirname, join } from "node:path";
import type { Result, RunHost, StepChange } from "../runs/run-model.ts";
import type { Scope } from "../workflow/expressions.ts";
import type { Permissions } from "../workflow/workflow-model.ts";
import { hashFiles } from "./find-files.ts";
import type { JobLog } from "./job-log.ts";
import type { Annotation } from "./log-commands.ts";
import type { SecretMask } from "./secret-mask.ts";

export interface StepResult {
  readonly outputs: Readonly<Record<string, string>>;
  readonly outcome: Result;
  readonly conclusion: Result;
}

export interface JobDirectories {
  readonly home: string;
  readonly workspace: string;
  readonly temp: string;
  readonly commands: string;
  readonly tools: string;
}

/** The state of one job while its steps run. */
export interface JobRuntime {
  readonly directories: JobDirectories;
  readonly github: Readonly<Record<string, unknown>>;
  /** Contexts that stay the same for the whole job: needs, matrix, strategy, inputs, vars, secrets. */
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly permissions: Permissions;
  readonly token: string;
  readonly workingDirectory: string | null;
  readonly host: RunHost;
  readonly log: JobLog;
  readonly mask: SecretMask;
  readonly annotate: (annotation: Annotation) => void;
  readonly summarize: (markdown: string) => void;
  readonly reportStep: (change: StepChange) => void;
  /** Aborted by a cancel of the run or by the job's own time limit. */
  readonly cancel: AbortSignal;
  readonly force: AbortSignal;
  /** Workflow and job variables, and what steps added through `GITHUB_ENV`. */
  readonly env: Map<string, string>;
  readonly paths: string[];
  readonly steps: Map<string, StepResult>;
  readonly leftovers: (() => void)[];
  failed: boolean;
}

/** The part of the environment that comes from the `github` context. */
const GITHUB_VARIABLES = [
  "actor",
  "actor_id",
  "api_url",
  "base_ref",
  "event_name",
  "event_path",
  "graphql_url",
  "head_ref",
  "job",
  "ref",
  "ref_name",
  "ref_protected",
  "ref_type",
  "repository",
  "repository_id",
  "repository_owner",
  "repository_owner_id",
  "retention_days",
  "run_attempt",
  "run_id",
  "run_number",
  "server_url",
  "sha",
  "triggering_actor",
  "workflow",
  "workflow_ref",
  "workflow_sha",
  "workspace",
];

export function jobStatus(runtime: JobRuntime): "success" | "failure" | "cancelled" {
  if (runtime.cancel.aborted) return "cancelled";
  return runtime.failed ? "failure" : "success";
}

/** What expressions in a step can see. */
export function stepScope(runtime: JobRuntime, stepEnv: Readonly<Record<string, string>>): Scope {
  const status = jobStatus(runtime);
  return {
    contexts: {
      ...runtime.contexts,
      github: runtime.github,
      env: { ...Object.fromEntries(runtime.env), ...stepEnv },
      steps: Object.fromEntries(runtime.steps),
      job: { status },
      runner: runnerContext(runtime.directories),
    },
    status: {
      success: status === "success",
      failure: status === "failure",
      cancelled: status === "cancelled",
    },
    hashFiles: (patterns) => hashFiles(runtime.directories.workspace, patterns),
  };
}

/** The whole environment of a step's process: an allow-list, so that nothing of the sandbox's own leaks in. */
export function processEnv(
  runtime: JobRuntime,
  stepEnv: Readonly<Record<string, string>>,
): Record<string, string> {
  const runner = runnerContext(runtime.directories);
  const systemPath = process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin";
  const githubPairs = GITHUB_VARIABLES.map((key) => [
    `GITHUB_${key.toUpperCase()}`,
    String(runtime.github[key] ?? ""),
  ]);
  return {
    LANG: "C.UTF-8",
    HOME: runtime.directories.home,
    PATH: [...runtime.paths.toReversed(), dirname(process.execPath), systemPath].join(delimiter),
    ...Object.fromEntries(runtime.env),
    ...stepEnv,
    CI: "true",
    GITHUB_ACTIONS: "true",
    ...Object.fromEntries(githubPairs),
    RUNNER_OS: runner.os,
    RUNNER_ARCH: runner.arch,
    RUNNER_NAME: runner.name,
    RUNNER_ENVIRONMENT: runner.environment,
    RUNNER_TEMP: runner.temp,
    RUNNER_TOOL_CACHE: runner.tool_cache,
  };
}

export const RUNNER_NAME = "sandbox-runner";

const OPERATING_SYSTEMS: Readonly<Record<string, string>> = { darwin: "macOS", win32: "Windows" };

function runnerContext(directories: JobDirectories) {
  return {
    os: OPERATING_SYSTEMS[process.platform] ?? "Linux",
    arch: process.arch.toUpperCase(),
    name: RUNNER_NAME,
    environment: "github-hosted",
    temp: directories.temp,
    tool_cache: directories.tools,
    debug: "",
  };
}

/** Where a job keeps its files. */
export function jobDirectories(jobDir: string, repositoryName: string): JobDirectories {
  return {
    home: join(jobDir, "home"),
    workspace: join(jobDir, repositoryName, repositoryName),
    temp: join(jobDir, "temp"),
    commands: join(jobDir, "commands"),
    tools: join(jobDir, "tools"),
  };
}
