import type { Reason } from "../../reasons.ts";
import { QUEUE_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";

/** When a task that waits for its turn is looked at by itself: soon, and not later than the first thing that only time lifts. */
export function nextLook(draft: Draft, reasons: readonly Reason[]): number {
  const deadlines = reasons.flatMap(({ deadline }) =>
    deadline !== null && deadline > draft.now ? [deadline] : [],
  );
  return Math.min(draft.now + QUEUE_POLL_MS, ...deadlines);
}
