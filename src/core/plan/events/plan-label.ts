import type { EventOf } from "../../events.ts";
import type { Draft } from "../draft.ts";
import { noteTrigger } from "../task/note-trigger.ts";

/** A label of the repository changed. Of the one that hands issues over it is asked whether there still is one. */
export function planLabelChanged(draft: Draft, event: EventOf<"label.changed">): void {
  if (draft.gathered.hasTrigger === undefined) return draft.conclude("ignored", "not the trigger label");
  draft.conclude("processed", "the trigger label changed");
  noteTrigger(draft, event.former === null ? null : event.label);
}
