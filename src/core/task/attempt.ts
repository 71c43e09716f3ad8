import { z } from "zod";
import { FAILURE_CLASSES } from "./task.ts";

/** How an attempt ended. */
const AttemptOutcome = z.object({
  verdict: z.enum(["PASS", "FAIL", "BLOCKED"]),
  failureClass: z.enum(FAILURE_CLASSES).nullable(),
  summary: z.string(),
});

/** One try of one stage: one dispatch, one run, one result. */
export const Attempt = z.object({
  /** `<task>.<attempt>.<stage index>.<retry>`, also in the run's name. */
  correlation: z.string(),
  taskId: z.string(),
  repoId: z.number(),
  number: z.number(),
  stage: z.string(),
  stageIndex: z.number(),
  retry: z.number(),
  workflow: z.string(),
  ref: z.string(),
  baseSha: z.string(),
  inputs: z.record(z.string(), z.string()),
  state: z.enum(["dispatching", "dispatched", "running", "ended", "superseded"]),
  runId: z.number().nullable(),
  runUrl: z.string().nullable(),
  runAttempt: z.number().nullable(),
  dispatchedAt: z.number(),
  /** When GitHub took the dispatch without naming its run, ms since epoch. */
  takenAt: z.number().exactOptional(),
  /** There once a step of its run was seen to have begun after that was overdue. */
  hasBegun: z.literal(true).exactOptional(),
  endedAt: z.number().nullable(),
  outcome: AttemptOutcome.nullable(),
  metrics: z
    .array(
      z.object({ name: z.string(), value: z.number().nullable(), labels: z.record(z.string(), z.string()) }),
    )
    .readonly(),
});
export type Attempt = z.infer<typeof Attempt>;
export type AttemptOutcome = z.infer<typeof AttemptOutcome>;
