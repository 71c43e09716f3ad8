import type { Annotation } from "../runner/log-commands.ts";
import type { Permissions, WorkflowDefinition } from "../workflow/workflow-model.ts";

/** What a job or step came to, in the words of the `needs` and `steps` contexts. */
export type Result = "success" | "failure" | "cancelled" | "skipped";

/** One job as it will run: one instance of a matrix, or one job of a called workflow. */
export interface JobInstance {
  /** Unique within a run and the same in every attempt. */
  readonly key: string;
  readonly name: string;
  readonly labels: readonly string[];
  /** False for a job that is skipped or fails before it reaches a runner. */
  readonly willRun: boolean;
}

export interface JobOutcome {
  readonly conclusion: Result;
  /** The conclusion as other jobs see it: `continue-on-error` turns a failure into success. */
  readonly result: Result;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface StepChange {
  readonly number: number;
  readonly status: "in_progress" | "completed";
  readonly conclusion: Result | null;
}

/** Hears what happens in a run, in order. */
export interface RunObserver {
  readonly onJobQueued: (job: JobInstance) => void;
  readonly onJobStarted: (key: string, stepNames: readonly string[]) => void;
  readonly onJobCompleted: (key: string, outcome: JobOutcome) => void;
  readonly onStep: (key: string, change: StepChange) => void;
  readonly onLog: (key: string, lines: string) => void;
  readonly onAnnotation: (key: string, annotation: Annotation) => void;
  readonly onSummary: (key: string, markdown: string) => void;
}

export interface NewArtifact {
  readonly name: string;
  readonly zip: Uint8Array;
  readonly retentionDays: number;
  readonly overwrite: boolean;
}

export interface StoredArtifact {
  readonly id: number;
  readonly name: string;
  readonly zip: Uint8Array;
}

export interface ArtifactQuery {
  /** Another run of the same repository; null for the own run. */
  readonly runId: number | null;
  readonly token: string;
}

/** The artifacts a job can reach; both functions throw an error with the text for the log. */
export interface ArtifactStore {
  readonly save: (artifact: NewArtifact) => { readonly id: number; readonly digest: string };
  readonly list: (query: ArtifactQuery) => readonly StoredArtifact[];
}

export interface JobToken {
  readonly token: string;
  readonly revoke: () => void;
}

/** Everything a run needs from outside. */
export interface RunHost {
  readonly now: () => Date;
  /** A directory for this run alone; jobs clean up after themselves. */
  readonly scratchDir: string;
  /** The bare repository that `actions/checkout` copies from. */
  readonly gitDir: string;
  /** Waits for a free runner; the answer gives it back. */
  readonly acquireRunner: (signal: AbortSignal) => Promise<() => void>;
  readonly readWorkflowFile: (path: string) => Promise<string | null>;
  readonly issueToken: (permissions: Permissions) => JobToken;
  readonly artifacts: ArtifactStore;
}

export interface RunRequest {
  readonly workflow: WorkflowDefinition;
  /** The `github` context without the parts that belong to a job. */
  readonly github: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly vars: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Outcomes by job key that a re-run of failed jobs keeps. */
  readonly kept: ReadonlyMap<string, JobOutcome>;
  /** Asks politely: steps with `always()` still run. */
  readonly cancel: AbortSignal;
  /** Ends everything. */
  readonly force: AbortSignal;
  readonly host: RunHost;
  readonly observer: RunObserver;
}
