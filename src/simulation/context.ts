import type { Effect } from "../core/effects.ts";
import type { Event } from "../core/events.ts";
import type { PullNow, ResultFile, RunNow } from "../core/facts.ts";
import type { OwnIdentity } from "../core/plan/draft.ts";
import type { Plan } from "../core/plan/plan.ts";
import type { BranchFacts } from "../core/plan/repository/repository.ts";
import type { RepoRef } from "../core/repo.ts";
import type { Faults } from "./faults.ts";
import type { Random } from "./random.ts";
import type { Recorder } from "./record.ts";
import type { Timeline } from "./timeline.ts";

/** What all parts of one simulation share. */
export interface SimulationContext {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly faults: Faults;
  readonly recorder: Recorder;
  readonly bugs: Bugs;
}

/** What the store and the process promise, each by a word for what would be missing without it. */
export type Promised =
  /** A guid is taken once. */
  | "guids"
  /** Only the newest lease writes. */
  | "leases"
  /** A try is noted before it is made. */
  | "tries"
  /** Of a projection the newest is written. */
  | "newest"
  /** An action under a known key is not queued again. */
  | "actions"
  /** A plan is written whole or not at all. */
  | "whole"
  /** What GitHub wants later is done later. */
  | "later"
  /** Nothing is read before GitHub wants to be asked again. */
  | "reads-later"
  /** An action is asked about once more before it is done. */
  | "withdrawal"
  /** Deadlines that have passed become events. */
  | "deadlines"
  | "reconciliation"
  | "redelivery"
  /** The end of an effect is told to its repository. */
  | "outcomes"
  /** Work that was under way when the process died is taken up again. */
  | "recovery"
  /** A projection that changed while it was being written is written once more. */
  | "renewal"
  /** Events of a repository are handled in their order. */
  | "order"
  /** Follow-up events of a plan are queued. */
  | "follow-ups"
  /** Intents and outcomes of effects are in the audit. */
  | "audit";

/** What is wrong on purpose, to see whether it is noticed; nothing is in what users run. */
export interface Bugs {
  readonly breaks?: ReadonlySet<Promised>;
  readonly plan?: (plan: Plan, event: Event) => Plan;
  readonly event?: (event: Event) => Event;
  readonly effect?: (effect: Effect) => Effect;
  readonly pull?: (pull: PullNow) => PullNow;
  readonly facts?: (facts: BranchFacts) => BranchFacts;
  readonly run?: (run: RunNow) => RunNow;
  readonly result?: (file: ResultFile) => ResultFile;
  /** Parts of the effects on GitHub that are left out. */
  readonly skips?: ReadonlySet<"looking first" | "naming the commit" | "asking for the base">;
  /** Whoever asks has this permission. */
  readonly permission?: "admin";
}

export function isBroken({ bugs }: Pick<SimulationContext, "bugs">, promise: Promised): boolean {
  return bugs.breaks?.has(promise) ?? false;
}

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Monday, 2026-01-05, 08:00 UTC: a simulated week is a calendar week. */
export const START = Date.UTC(2026, 0, 5, 8);

export const REPO: RepoRef = { id: 501, installationId: 9, owner: "acme", name: "shop" };
export const OWN: Required<OwnIdentity> = { appId: 77, slug: "orchestrator", botId: 770 };
