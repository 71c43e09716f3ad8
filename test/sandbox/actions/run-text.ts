import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Annotation } from "../../../src/sandbox/actions/runner/log-commands.ts";
import type {
  JobInstance,
  JobOutcome,
  Result,
  RunRequest,
  StepChange,
  StoredArtifact,
} from "../../../src/sandbox/actions/runs/run-model.ts";
import { runWorkflow } from "../../../src/sandbox/actions/runs/run-workflow.ts";
import { readWorkflow } from "../../../src/sandbox/actions/workflow/read-workflow.ts";

export interface RunOptions {
  readonly github?: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  readonly gitDir?: string;
  readonly kept?: ReadonlyMap<string, JobOutcome>;
  readonly workflowFiles?: Readonly<Record<string, string>>;
  readonly cancel?: AbortController;
  readonly onLog?: (key: string, lines: string) => void;
}

export interface Ran {
  readonly conclusion: Result;
  readonly queued: readonly JobInstance[];
  readonly outcomes: ReadonlyMap<string, JobOutcome>;
  readonly log: (key: string) => string;
  readonly stepsOf: (key: string) => readonly StepChange[];
  readonly annotations: readonly Annotation[];
  readonly summaries: readonly string[];
  readonly artifacts: readonly StoredArtifact[];
  readonly permissions: readonly Readonly<Record<string, string>>[];
}

/** Runs a workflow text without any world and remembers everything the observer hears. */
export async function runText(text: string, options: RunOptions = {}): Promise<Ran> {
  const read = readWorkflow(text);
  if (read.kind === "invalid") throw new Error(read.problems.join("\n"));
  const queued: JobInstance[] = [];
  const outcomes = new Map<string, JobOutcome>();
  const logs = new Map<string, string>();
  const steps = new Map<string, StepChange[]>();
  const annotations: Annotation[] = [];
  const summaries: string[] = [];
  const artifacts: StoredArtifact[] = [];
  const permissions: Readonly<Record<string, string>>[] = [];
  const request: RunRequest = {
    workflow: read.workflow,
    github: {
      event_name: "push",
      event: {},
      ref: "refs/heads/main",
      ref_name: "main",
      sha: "0".repeat(40),
      repository: "octo/demo",
      server_url: "http://sandbox.test/ui",
      run_id: "1",
      ...options.github,
    },
    inputs: options.inputs ?? {},
    vars: options.vars ?? {},
    secrets: options.secrets ?? {},
    kept: options.kept ?? new Map(),
    cancel: (options.cancel ?? new AbortController()).signal,
    force: new AbortController().signal,
    host: {
      now: () => new Date(),
      scratchDir: join(tmpdir(), `runner-${randomUUID()}`),
      gitDir: options.gitDir ?? "/nowhere",
      acquireRunner: async () => () => undefined,
      readWorkflowFile: async (path) => options.workflowFiles?.[path] ?? null,
      issueToken: (wanted) => {
        permissions.push(wanted);
        return { token: "ghs_jobtoken", revoke: () => undefined };
      },
      artifacts: {
        save: ({ name, zip }) => {
          artifacts.push({ id: artifacts.length + 1, name, zip });
          return { id: artifacts.length, digest: "sha256:0" };
        },
        list: () => artifacts,
      },
    },
    observer: {
      onJobQueued: (job) => queued.push(job),
      onJobStarted: () => undefined,
      onJobCompleted: (key, outcome) => outcomes.set(key, outcome),
      onStep: (key, change) => steps.set(key, [...(steps.get(key) ?? []), change]),
      onLog: (key, lines) => {
        logs.set(key, (logs.get(key) ?? "") + lines);
        options.onLog?.(key, lines);
      },
      onAnnotation: (_key, annotation) => annotations.push(annotation),
      onSummary: (_key, markdown) => summaries.push(markdown),
    },
  };
  const conclusion = await runWorkflow(request);
  return {
    conclusion,
    queued,
    outcomes,
    log: (key) => logs.get(key) ?? "",
    stepsOf: (key) => steps.get(key) ?? [],
    annotations,
    summaries,
    artifacts,
    permissions,
  };
}
