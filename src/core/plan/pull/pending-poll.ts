import type { PullNow } from "../../facts.ts";
import { FIRST_CHECK_PATIENCE_MS } from "../../gate/rules/checks.ts";
import { MERGEABLE_PATIENCE_MS } from "../../gate/rules/head.ts";
import { MERGEABLE_POLL_MS, PULL_POLL_MS } from "../deadlines.ts";

/**
 * Pause before a head without a verdict is looked at again, ms. GitHub works out within seconds whether it can be merged; where
 * it does not, other gates may be awaited for hours, and asking every ten seconds would use the hour's requests up. When checks
 * have had the time to appear, what has been seen of them decides.
 */
export function pendingPollMs({ mergeable }: Pick<PullNow, "mergeable">, ageMs: number): number {
  if (mergeable === null && ageMs < MERGEABLE_PATIENCE_MS) return MERGEABLE_POLL_MS;
  return ageMs < FIRST_CHECK_PATIENCE_MS ? FIRST_CHECK_PATIENCE_MS - ageMs : PULL_POLL_MS;
}
