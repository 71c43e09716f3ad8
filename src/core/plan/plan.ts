import type { AuditEntry } from "../audit/audit-entry.ts";
import type { Effect } from "../effects.ts";
import type { Event } from "../events.ts";
import type { Pull } from "../pull/pull.ts";
import type { StopChange } from "../stop/stop.ts";
import type { Attempt } from "../task/attempt.ts";
import type { Task } from "../task/task.ts";
import type { RepositoryRecord } from "./repository/repository.ts";

/** What a plan wants: plain data, applied in one transaction or not at all. */
export interface Plan {
  /** How the event ended: `ignored` needs a reason too, so that silence is never the answer. */
  readonly outcome: { readonly status: "processed" | "ignored"; readonly reason: string };
  readonly repository: RepositoryRecord | null;
  /** Stops of this repository that are set or lifted, in order; absent where none is. */
  readonly stopChanges?: readonly StopChange[];
  readonly tasks: readonly Task[];
  readonly attempts: readonly Attempt[];
  readonly pulls: readonly Pull[];
  readonly effects: readonly Effect[];
  /** Events for the same repository, handled after this one. */
  readonly events: readonly Event[];
  readonly audit: readonly AuditEntry[];
  /** There when the repository is governed: nothing that people wrote there goes into the log. */
  readonly governed?: true;
}

/** A plan that does nothing, with the reason. */
export function ignore(reason: string): Plan {
  return {
    outcome: { status: "ignored", reason },
    repository: null,
    tasks: [],
    attempts: [],
    pulls: [],
    effects: [],
    events: [],
    audit: [],
  };
}
