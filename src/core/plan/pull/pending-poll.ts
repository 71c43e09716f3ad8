import type { PullNow } from "../../facts.ts";
import { MERGEABLE_PATIENCE_MS } from "../../gate/rules/head.ts";
import { MERGEABLE_POLL_MS, PULL_POLL_MS } from "../deadlines.ts";

/**
 * Pause before a head without a verdict is looked at again, ms. GitHub works out within seconds whether it can be merged; where
 * it does not, other gates may be awaited for hours, and asking every ten seconds would use the hour's requests up.
 */
export function pendingPollMs({ mergeable }: Pick<PullNow, "mergeable">, ageMs: number): number {
  return mergeable === null && ageMs < MERGEABLE_PATIENCE_MS ? MERGEABLE_POLL_MS : PULL_POLL_MS;
}
