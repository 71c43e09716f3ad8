import { mkdir, rm } from "node:fs/promises";
import { summarizeResults } from "./job-graph.ts";
import { runJobs } from "./run-jobs.ts";
import type { Result, RunRequest } from "./run-model.ts";

/** Runs a whole workflow as real processes and answers its conclusion; everything else goes to the observer. */
export async function runWorkflow(request: RunRequest): Promise<Result> {
  await mkdir(request.host.scratchDir, { recursive: true, mode: 0o700 });
  try {
    const results = await runJobs({
      request,
      workflow: request.workflow,
      inputs: request.inputs,
      secrets: request.secrets,
      ceiling: null,
      callers: [],
      cancel: AbortSignal.any([request.cancel, request.force]),
    });
    return summarizeResults([...results.values()].map((one) => one.result));
  } finally {
    await rm(request.host.scratchDir, { recursive: true, force: true, maxRetries: 3 });
  }
}
