import type { Event } from "../../core/events.ts";
import type { InboxJob } from "../../ports/inbox.ts";
import { isOutsideTrouble } from "../../ports/outside-trouble.ts";
import { HOUR_MS, isBroken, OWN, SECOND_MS, type SimulationContext } from "../context.ts";
import type { MemoryTables } from "./memory-tables.ts";

interface Waiting {
  readonly id: string;
  readonly event: Event;
  readonly guid: string | null;
  key: string | null;
  tries: number;
  /** Since when the world outside keeps it from being handled. */
  troubledSince: number | null;
}

export const LEASE_MS = 30 * SECOND_MS;
const RETRIES = 5;
const OUTSIDE_PAUSE_MS = 15 * SECOND_MS;
const OUTSIDE_PATIENCE_MS = 6 * HOUR_MS;

/** The work was given to somebody else; nothing of this try may be written. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** Events of one repository, durable, one after another. */
export class MemoryInbox {
  readonly #context: SimulationContext;
  readonly #tables: MemoryTables;
  /** Told that there is something to do, at a moment. */
  readonly #wake: (at: number) => void;
  readonly #jobs: Waiting[] = [];
  readonly #guids = new Set<string>();
  #serial = 0;
  #token = 0;
  #readyAt = 0;
  #leasedUntil: number | null = null;

  constructor(parts: {
    readonly context: SimulationContext;
    readonly tables: MemoryTables;
    readonly wake: (at: number) => void;
  }) {
    this.#context = parts.context;
    this.#tables = parts.tables;
    this.#wake = parts.wake;
  }

  /** Takes a delivery; a guid that is known is a duplicate, however it ended. */
  accept(guid: string, event: Event): "stored" | "duplicate" {
    if (this.#guids.has(guid) && !isBroken(this.#context, "guids")) return "duplicate";
    this.#guids.add(guid);
    this.add(event, { key: null, guid });
    return "stored";
  }

  /** Queues an event; the same key is queued once while it waits. */
  add(
    event: Event,
    { key, guid = null }: { readonly key: string | null; readonly guid?: string | null },
  ): void {
    if (key !== null && this.#jobs.some((job) => job.key === key)) return;
    this.#serial += 1;
    const id = guid ?? `event-${this.#serial}`;
    const job: Waiting = { id, event, guid, key, tries: 0, troubledSince: null };
    if (isBroken(this.#context, "order") && this.#jobs.length > 1) this.#jobs.splice(1, 0, job);
    else this.#jobs.push(job);
    this.#wake(this.#context.timeline.now);
  }

  get length(): number {
    return this.#jobs.length;
  }

  /** The first job, if nobody works on one and it is time; the try is counted. */
  claim(): InboxJob | null {
    const { now } = this.#context.timeline;
    const [job] = this.#jobs;
    const isLeased = this.#leasedUntil !== null && this.#leasedUntil > now;
    if (job === undefined || isLeased) return null;
    if (this.#readyAt > now) {
      this.#wake(this.#readyAt);
      return null;
    }
    this.#token += 1;
    this.#leasedUntil = Number.POSITIVE_INFINITY;
    job.tries += 1;
    job.key = null;
    const event = this.#context.bugs.event?.(job.event) ?? job.event;
    this.#context.recorder.add({ kind: "begun", at: now, job: job.id, event });
    return {
      id: job.id,
      event,
      retry: job.tries - 1,
      isLastTry: job.tries > RETRIES,
      lease: this.#token,
    };
  }

  /** Whoever works now is not heard of any more: others may begin when the lease lapses. */
  abandon(): void {
    // Since when GitHub is in trouble is known to a process and dies with it.
    for (const waiting of this.#jobs) waiting.troubledSince = null;
    if (this.#leasedUntil === null || isBroken(this.#context, "recovery")) return;
    this.#leasedUntil = this.#context.timeline.now + LEASE_MS;
    this.#wake(this.#leasedUntil);
  }

  holdLease({ lease }: InboxJob): void {
    if (lease !== this.#token && !isBroken(this.#context, "leases"))
      throw new LeaseLost("the lease was lost");
  }

  /** Takes a job off the lane. */
  finish(job: InboxJob, reason: string): void {
    const { timeline, recorder } = this.#context;
    const index = this.#jobs.findIndex(({ id }) => id === job.id);
    if (index >= 0) this.#jobs.splice(index, 1);
    recorder.add({ kind: "handled", at: timeline.now, job: job.id, reason });
    this.#release(job, timeline.now);
  }

  /** A job could not be handled: later, or never. */
  fail(job: InboxJob, error: unknown): void {
    const { timeline, recorder } = this.#context;
    const waiting = this.#jobs.find(({ id }) => id === job.id);
    if (waiting === undefined || job.lease !== this.#token) return;
    if (isOutsideTrouble(error) && this.#isBearable(waiting)) {
      waiting.tries -= 1;
      const retryAt = isBroken(this.#context, "reads-later") ? null : error.retryAt;
      return this.#release(job, Math.max(timeline.now, retryAt ?? timeline.now + OUTSIDE_PAUSE_MS));
    }
    if (waiting.tries <= RETRIES) return this.#release(job, timeline.now + SECOND_MS * 2 ** waiting.tries);
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#jobs.splice(this.#jobs.indexOf(waiting), 1);
    recorder.add({ kind: "buried", at: timeline.now, job: job.id, reason });
    const data = { delivery: job.id, reason, tries: waiting.tries };
    const entry = { kind: "delivery.dead", actor: OWN.slug, taskId: null, at: timeline.now, data };
    this.#tables.addAudit([entry], timeline.now);
    this.#release(job, timeline.now);
  }

  #isBearable(waiting: Waiting): boolean {
    const { now } = this.#context.timeline;
    waiting.troubledSince ??= now;
    return now - waiting.troubledSince < OUTSIDE_PATIENCE_MS;
  }

  #release(job: InboxJob, readyAt: number): void {
    if (job.lease !== this.#token) return;
    this.#leasedUntil = null;
    this.#readyAt = readyAt;
    if (this.#jobs.length > 0) this.#wake(readyAt);
  }
}
