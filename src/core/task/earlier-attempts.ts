import { z } from "zod";

/** What one attempt came to, for those after it. */
export const TriedAttempt = z.object({
  attempt: z.number(),
  /** The stage, `pull request` or `critics`: where it failed. */
  at: z.string(),
  failureClass: z.string(),
  /** Gates that did not pass. */
  gates: z.array(z.string()).readonly(),
  /** Equal for equal failures. */
  fingerprint: z.string(),
});
export type TriedAttempt = z.infer<typeof TriedAttempt>;

/** The files of an attempt's change; lines are known once GitHub has compared it. */
export const ChangeSummary = z.object({
  attempt: z.number(),
  files: z
    .array(
      z.object({
        path: z.string(),
        change: z.string(),
        added: z.number().nullable(),
        removed: z.number().nullable(),
      }),
    )
    .readonly(),
  /** How many files are left out. */
  more: z.number(),
});
export type ChangeSummary = z.infer<typeof ChangeSummary>;
