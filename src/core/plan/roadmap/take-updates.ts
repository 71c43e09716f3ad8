import type { EventOf } from "../../events.ts";
import type { RoadmapRecord } from "../../roadmap/roadmap-record.ts";
import type { Draft } from "../draft.ts";

/** GitHub has the pull request that writes progress, or refused it: that is said where people ask, and tried again later. */
export function takeUpdates(draft: Draft, { outcome }: EventOf<"effect.settled">): void {
  const { stored, status } = draft.view.record;
  draft.conclude("processed", `pull request of the roadmap ${outcome.kind}`);
  const { roadmap } = stored;
  if (roadmap === undefined) return;
  const save = (change: Partial<RoadmapRecord>) =>
    draft.saveRepository({ ...stored, roadmap: { ...roadmap, ...change } }, status);
  if (outcome.kind === "done") {
    const { pull } = outcome.facts;
    // Somebody may have closed it while it was written; then this answer is older than that.
    const isOpen = typeof pull === "number" && pull !== roadmap.closed?.pull;
    return save({ trouble: null, pull: isOpen ? pull : null });
  }
  const why = outcome.message;
  draft.audit("roadmap.pull-refused", { data: { status: outcome.status, why } });
  save({ trouble: { at: draft.now, why } });
}
