import type { OutboxJob, Settlement } from "../ports/outbox.ts";

type Perform = (job: OutboxJob) => Promise<Settlement>;

/**
 * Keeps a pause between two edits of the same comment, so that a task that moves fast is one edit and not ten: what was
 * wanted meanwhile is replaced by what is wanted then. The first version and everything that is not a comment go at once.
 */
export function paceEdits(
  perform: Perform,
  { now, pauseMs }: { readonly now: () => number; readonly pauseMs: number },
): Perform {
  const editedAt = new Map<string, number>();
  return async (job) => {
    const { effect } = job;
    if (effect.sort !== "projection" || effect.projection.kind !== "comment") return perform(job);
    const at = (editedAt.get(effect.key) ?? Number.NEGATIVE_INFINITY) + pauseMs;
    if (at > now()) {
      return {
        outcome: { kind: "later", at, why: "the comment was edited a moment ago" },
        sentNothing: true,
        remoteId: job.remoteId,
        event: null,
      };
    }
    const settlement = await perform(job);
    forgetOld(editedAt, now() - pauseMs);
    editedAt.set(effect.key, now());
    return settlement;
  };
}

function forgetOld(editedAt: Map<string, number>, before: number): void {
  for (const [key, at] of editedAt) if (at < before) editedAt.delete(key);
}
