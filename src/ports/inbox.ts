import type { Event } from "../core/events.ts";

/** A webhook delivery with the event it became; `event: null` is kept as ignored. */
export interface IncomingDelivery {
  readonly guid: string;
  readonly name: string;
  readonly action: string | null;
  readonly repoId: number | null;
  readonly event: Event | null;
  /** Why there is no event. */
  readonly ignored: string | null;
}

/** One event being worked on; the lease token fences its end. */
export interface InboxJob {
  readonly id: string;
  readonly event: Event;
  /** 0 the first time. */
  readonly retry: number;
  /** Whether the event becomes a dead letter when it fails once more. */
  readonly isLastTry: boolean;
  readonly lease: unknown;
}

/** Durable events, handled one after another per repository, in parallel across repositories and replicas. */
export interface Inbox {
  /** Resolves after the commit. A guid that is known is a duplicate, however it ended. */
  accept(delivery: IncomingDelivery): Promise<"stored" | "duplicate" | "ignored">;
  /** Queues an event that came from inside; the same non-null `key` is queued once while it waits. */
  send(event: Event, key: string | null): Promise<void>;
  /**
   * Calls `handle` for each job until stopped. `handle` ends the job through `Ledger.settle`; when it throws, the job is
   * retried with back-off, and after its last retry kept as a dead letter with the reason, so that its repository goes on.
   */
  work(handle: (job: InboxJob) => Promise<void>): Promise<{ stop(): Promise<void> }>;
}
