import type { AuditEntry } from "../../core/audit/audit-entry.ts";
import type { Effect } from "../../core/effects.ts";
import type { OutboxJob, Settlement } from "../../ports/outbox.ts";
import { isBroken, MINUTE_MS, OWN, SECOND_MS, type SimulationContext } from "../context.ts";
import { LEASE_MS, LeaseLost, type MemoryInbox } from "./memory-inbox.ts";
import type { KeptEffect, MemoryTables } from "./memory-tables.ts";

interface Lane {
  /** Keys of effects, each once. */
  readonly keys: string[];
  token: number;
  tries: number;
  readyAt: number;
  leasedUntil: number | null;
}

interface LaneLease {
  readonly subject: string;
  readonly token: number;
  /** The version of the effect that this try is about. */
  readonly version: number;
}

/** A first try of what lay so long is looked for all the same. */
const STALE_MS = 5 * MINUTE_MS;
const MAX_PAUSE_MS = 5 * MINUTE_MS;
const UNWRITTEN_PAUSE_MS = 15 * SECOND_MS;

/** Effects that wait to be done: in order per subject, one at a time per subject. */
export class MemoryOutbox {
  readonly #context: SimulationContext;
  readonly #tables: MemoryTables;
  readonly #inbox: MemoryInbox;
  readonly #wake: (subject: string, at: number) => void;
  readonly #lanes = new Map<string, Lane>();
  #token = 0;

  constructor(parts: {
    readonly context: SimulationContext;
    readonly tables: MemoryTables;
    readonly inbox: MemoryInbox;
    readonly wake: (subject: string, at: number) => void;
  }) {
    this.#context = parts.context;
    this.#tables = parts.tables;
    this.#inbox = parts.inbox;
    this.#wake = parts.wake;
  }

  /** Keeps effects and queues those that are new or want something else than before; answers with their intents. */
  queueEffects(effects: readonly Effect[]): readonly AuditEntry[] {
    return effects.flatMap((effect) => {
      const kept = this.#keep(effect);
      if (kept === undefined) return [];
      this.#enqueue(effect);
      return [this.#entryOf("effect.intended", kept, { subject: effect.subject, version: kept.version })];
    });
  }

  /** How many effects have not been done yet. */
  get waiting(): number {
    let waiting = 0;
    for (const lane of this.#lanes.values()) waiting += lane.keys.length;
    return waiting;
  }

  subjects(): readonly string[] {
    return [...this.#lanes.keys()];
  }

  /** The first effect of a lane that wants something, if nobody works on the lane; that it is tried is written down. */
  claim(subject: string): OutboxJob | null {
    const { now } = this.#context.timeline;
    const lane = this.#lanes.get(subject);
    if (lane === undefined || (lane.leasedUntil !== null && lane.leasedUntil > now)) return null;
    if (lane.readyAt > now) {
      this.#wake(subject, lane.readyAt);
      return null;
    }
    const kept = this.#firstWanted(lane);
    if (kept === undefined) {
      this.#lanes.delete(subject);
      return null;
    }
    this.#token += 1;
    lane.token = this.#token;
    lane.leasedUntil = Number.POSITIVE_INFINITY;
    return this.#begin(kept, lane, subject);
  }

  /** Nothing is heard any more of those who work: others may begin when the leases lapse. */
  abandon(subject: string): void {
    const lane = this.#lanes.get(subject);
    if (lane === undefined || lane.leasedUntil === null || isBroken(this.#context, "recovery")) return;
    lane.leasedUntil = this.#context.timeline.now + LEASE_MS;
    this.#wake(subject, lane.leasedUntil);
  }

  /** Writes how a try ended, with its event and its audit row, unless somebody else has the lane by now. */
  end(job: OutboxJob, settlement: Settlement): void {
    const { timeline } = this.#context;
    const { subject, token, version } = leaseOf(job);
    const lane = this.#laneOf(subject, token);
    const kept = this.#tables.effects.get(job.effect.key);
    if (kept === undefined) return;
    const { outcome, remoteId, event, sentNothing } = settlement;
    if (outcome.kind === "later" && !isBroken(this.#context, "later")) {
      if (sentNothing) kept.firstTriedAt = job.firstTriedAt;
      return this.#putOff(lane, subject, outcome.at);
    }
    kept.appliedVersion = version;
    kept.firstTriedAt = null;
    kept.remoteId = remoteId ?? kept.remoteId;
    kept.updatedAt = timeline.now;
    lane.tries = 0;
    if (event !== null && !isBroken(this.#context, "outcomes")) this.#inbox.add(event, { key: null });
    const isNewest = kept.version === version || isBroken(this.#context, "renewal");
    if (isNewest) lane.keys.splice(lane.keys.indexOf(job.effect.key), 1);
    if (!isBroken(this.#context, "audit")) {
      const { kind, ...facts } = outcome;
      this.#tables.addAudit([this.#entryOf(`effect.${kind}`, kept, { version, ...facts })], timeline.now);
    }
    this.#putOff(lane, subject, timeline.now);
  }

  /** Nobody knows how a try ended: the next one looks first; not at once, where something was done and not written down. */
  fail(job: OutboxJob, isDone: boolean): void {
    const { subject, token } = leaseOf(job);
    const lane = this.#laneOf(subject, token);
    lane.tries += 1;
    const pause = Math.min(MAX_PAUSE_MS, SECOND_MS * 2 ** (lane.tries - 1));
    const shortest = isDone ? UNWRITTEN_PAUSE_MS : 0;
    this.#putOff(lane, subject, this.#context.timeline.now + Math.max(pause, shortest));
  }

  #laneOf(subject: string, token: number): Lane {
    const lane = this.#lanes.get(subject);
    if (lane === undefined || (lane.token !== token && !isBroken(this.#context, "leases")))
      throw new LeaseLost("the lease was lost");
    return lane;
  }

  /** Whether nobody else can have been given the lane. */
  #holds({ subject, token }: LaneLease): boolean {
    const lane = this.#lanes.get(subject);
    const until = lane?.token === token ? lane.leasedUntil : null;
    return (until !== null && until > this.#context.timeline.now) || isBroken(this.#context, "leases");
  }

  #putOff(lane: Lane, subject: string, at: number): void {
    lane.leasedUntil = null;
    lane.readyAt = at;
    if (lane.keys.length === 0) this.#lanes.delete(subject);
    else this.#wake(subject, at);
  }

  #firstWanted(lane: Lane): KeptEffect | undefined {
    for (let key = lane.keys[0]; key !== undefined; key = lane.keys[0]) {
      const kept = this.#tables.effects.get(key);
      if (kept !== undefined && kept.appliedVersion < kept.version) return kept;
      lane.keys.shift();
    }
    return undefined;
  }

  #begin(kept: KeptEffect, lane: Lane, subject: string): OutboxJob {
    const { now } = this.#context.timeline;
    const { effect, version, remoteId } = kept;
    const isStale = kept.updatedAt < now - STALE_MS;
    const firstTriedAt = kept.firstTriedAt ?? (isStale ? kept.updatedAt : null);
    if (!isBroken(this.#context, "tries")) kept.firstTriedAt ??= now;
    kept.tries += 1;
    kept.updatedAt = now;
    this.#context.recorder.add({ kind: "tried", at: now, key: effect.key });
    const lease: LaneLease = { subject, token: lane.token, version };
    return {
      effect: this.#context.bugs.effect?.(effect) ?? effect,
      mayHaveHappened: firstTriedAt !== null && !isBroken(this.#context, "tries"),
      firstTriedAt,
      tries: kept.tries,
      remoteId,
      lease,
      mayWrite: () => this.#holds(lease),
    };
  }

  #keep(effect: Effect): KeptEffect | undefined {
    const { now } = this.#context.timeline;
    const known = this.#tables.effects.get(effect.key);
    if (known === undefined) {
      const kept: KeptEffect = {
        effect,
        version: 1,
        appliedVersion: 0,
        firstTriedAt: null,
        tries: 0,
        remoteId: null,
        updatedAt: now,
      };
      this.#tables.effects.set(effect.key, kept);
      return kept;
    }
    if (!this.#isNews(known.effect, effect)) return undefined;
    known.effect = effect;
    known.version += 1;
    known.updatedAt = now;
    return known;
  }

  #isNews(before: Effect, now: Effect): boolean {
    if (before.sort === "action" || now.sort === "action") return isBroken(this.#context, "actions");
    if (isBroken(this.#context, "newest")) return false;
    return JSON.stringify(before.projection) !== JSON.stringify(now.projection);
  }

  #enqueue({ subject, key }: Effect): void {
    const lane = this.#lanes.get(subject) ?? {
      keys: [],
      token: 0,
      tries: 0,
      readyAt: 0,
      leasedUntil: null,
    };
    this.#lanes.set(subject, lane);
    if (!lane.keys.includes(key)) lane.keys.push(key);
    this.#wake(subject, this.#context.timeline.now);
  }

  #entryOf(kind: string, { effect }: KeptEffect, data: AuditEntry["data"]): AuditEntry {
    const what = effect.sort === "projection" ? effect.projection.kind : effect.action.kind;
    return {
      kind,
      actor: OWN.slug,
      taskId: effect.taskId,
      at: this.#context.timeline.now,
      data: { key: effect.key, effect: what, ...data },
    };
  }
}

function leaseOf({ lease }: OutboxJob): LaneLease {
  if (typeof lease === "object" && lease !== null && "subject" in lease) return lease as LaneLease;
  throw new Error("The job was not handed out by this outbox.");
}
