import { clock, code } from "../../messages/text.ts";
import { type Reason, reason } from "../../reasons.ts";
import type { Attempt } from "../../task/attempt.ts";
import { NO_RUN_MS, RECEIPT_MS } from "../deadlines.ts";

/**
 * When the run of an attempt that has none counts as lost, ms since epoch. An order that GitHub has not answered is durable and
 * repeated, so it never does; one that GitHub took may be dropped there (F120).
 */
export function lostAt({ state, takenAt, dispatchedAt }: Attempt): number {
  return state === "dispatched" ? (takenAt ?? dispatchedAt) + NO_RUN_MS : Number.POSITIVE_INFINITY;
}

/** When an attempt without a run is looked at again, ms since epoch. */
export function nextReceiptLook(attempt: Attempt, now: number): number {
  return Math.min(now + RECEIPT_MS, lostAt(attempt));
}

/** Why an attempt has no run yet; `what` begins the sentence. */
export function explainNoRun(
  attempt: Attempt,
  { what, now }: { readonly what: string; readonly now: number },
): Reason {
  const deadline = lostAt(attempt);
  const ordered = clock(attempt.dispatchedAt, now);
  if (deadline === Number.POSITIVE_INFINITY)
    return reason("dispatch.unconfirmed", `${what} ordered at ${ordered}; GitHub has not confirmed a run.`);
  const silent = `${what} ordered at ${ordered}; GitHub took the order and shows no run.`;
  return reason("dispatch.unconfirmed", silent, { liftedBy: "the run, or another dispatch", deadline });
}

/** What became of a run that never appeared. */
export function describeLostRun({ correlation, workflow }: Attempt): string {
  return `GitHub took the dispatch of ${code(workflow)}, but no run with ${code(correlation)} in its name appeared.`;
}
