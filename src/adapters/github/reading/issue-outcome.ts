import { z } from "zod";
import type { IssueOutcome } from "../../../core/facts.ts";

const Issue = z.object({
  state: z.string(),
  state_reason: z.string().nullish(),
  pull_request: z.object({ merged_at: z.string().nullish() }).nullish(),
});

/** How an issue stands as a dependency. Issues closed before GitHub knew reasons count as done. */
export function readIssueOutcome(answer: unknown): IssueOutcome {
  const read = Issue.safeParse(answer);
  if (!read.success) return "unknown";
  const { state, state_reason: reason, pull_request: pull } = read.data;
  if (state === "open") return "open";
  if (pull) return pull.merged_at ? "done" : "not-done";
  return reason === "completed" || reason === null || reason === undefined ? "done" : "not-done";
}
