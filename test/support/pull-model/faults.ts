import type { OutsideTrouble } from "../../../src/ports/outside-trouble.ts";

/** What can go wrong between the parts; each has its own row of opportunities, counted from 1. */
export const FAULT_KINDS = [
  /** A webhook never comes; a comment's comes late, since failed deliveries are asked for again. */
  "lose",
  "double",
  "late",
  "read-fails",
  /** A pull request is shown as it was before its head moved. */
  "stale-read",
  /** A write fails before GitHub has it. */
  "write-fails",
  /** A write fails after GitHub has done it, or the process dies before it learns that. */
  "write-unknown",
  /** GitHub takes its time with a write, and other things happen meanwhile. */
  "slow-write",
  /** An effect waits for its turn. */
  "late-effect",
  /** The process dies before a plan is written. */
  "crash",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  readonly nth: number;
  readonly ms: number;
}

/** The faults of one history, handed out at the opportunities that they name. */
export class Faults {
  injected = 0;
  #planned: readonly Fault[];
  readonly #seen = new Map<FaultKind, number>();

  constructor(planned: readonly Fault[]) {
    this.#planned = planned;
  }

  /** The fault for this opportunity, if there is one. */
  take(kind: FaultKind): Fault | undefined {
    const nth = (this.#seen.get(kind) ?? 0) + 1;
    this.#seen.set(kind, nth);
    const fault = this.#planned.find((planned) => planned.kind === kind && planned.nth === nth);
    if (fault !== undefined) this.injected += 1;
    return fault;
  }

  /** Lets one of the next opportunities of a kind go wrong: the first, or as many later as are let pass. */
  arm(kind: FaultKind, how: { readonly ms: number; readonly letPass: number }): void {
    const nth = (this.#seen.get(kind) ?? 0) + how.letPass + 1;
    this.#planned = [...this.#planned, { kind, nth, ms: how.ms }];
  }

  stop(): void {
    this.#planned = [];
  }
}

/** Trouble of the world outside: the work comes back for it. */
export class ModelTrouble extends Error implements OutsideTrouble {
  readonly isOutsideTrouble = true;
  readonly retryAt = null;
}
