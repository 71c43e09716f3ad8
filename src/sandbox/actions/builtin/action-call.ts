import type { JobRuntime } from "../runner/job-runtime.ts";

export interface ActionCall {
  readonly inputs: Readonly<Partial<Record<string, string>>>;
  readonly runtime: JobRuntime;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Does the work of a published action and answers its outputs; throws with the text for the log. */
export type Action = (call: ActionCall) => Promise<Readonly<Record<string, string>>>;
