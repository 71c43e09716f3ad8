import type { Effect, Outcome } from "../core/effects.ts";
import type { Event } from "../core/events.ts";

/** One effect being done. */
export interface OutboxJob {
  readonly effect: Effect;
  /** Whether an earlier try may have reached GitHub: then read back before doing it again. */
  readonly mayHaveHappened: boolean;
  /** When it was first tried, ms since epoch; null the first time. */
  readonly firstTriedAt: number | null;
  readonly tries: number;
  /** Id that GitHub gave the projected object, when known. */
  readonly remoteId: string | null;
  readonly lease: unknown;
  /**
   * Asked just before every request that writes: false when the work may have been given to somebody else, as after a time in
   * which the process stood still. Absent where nobody else can be.
   */
  readonly mayWrite?: () => boolean;
}

/** Effects that wait to be done: in order per subject, one at a time per subject. */
export interface Outbox {
  /**
   * Calls `perform` for each effect. Before it is called, the try is committed, so a crash leaves `mayHaveHappened` true.
   * `perform` returns what to write; when it throws, the effect is tried again with back-off, for ever, but slower and slower.
   */
  work(perform: (job: OutboxJob) => Promise<Settlement>): Promise<{ stop(): Promise<void> }>;
}

/** How a try ended, and the event that tells the repository's handler about it. */
export interface Settlement {
  readonly outcome: Outcome;
  /** Of a try that has to wait: GitHub was not asked, so there is nothing to look for because of it. */
  readonly sentNothing?: true;
  readonly remoteId: string | null;
  readonly event: Event | null;
}
