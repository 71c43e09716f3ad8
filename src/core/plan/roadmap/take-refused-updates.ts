import type { EventOf } from "../../events.ts";
import type { Draft } from "../draft.ts";

/** GitHub refused the pull request that writes progress: it is said where people ask, and tried again later. */
export function takeRefusedUpdates(draft: Draft, { outcome }: EventOf<"effect.settled">): void {
  const { stored, status } = draft.view.record;
  if (outcome.kind !== "refused" || stored.roadmap === undefined)
    return draft.conclude("ignored", "nothing waits for this effect");
  const why = outcome.message;
  draft.conclude("processed", "pull request of the roadmap refused");
  draft.audit("roadmap.pull-refused", { data: { status: outcome.status, why } });
  draft.saveRepository(
    { ...stored, roadmap: { ...stored.roadmap, trouble: { at: draft.now, why } } },
    status,
  );
}
