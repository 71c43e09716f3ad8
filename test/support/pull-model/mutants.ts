import type { Effect } from "../../../src/core/effects.ts";
import type { Event } from "../../../src/core/events.ts";
import type { PullNow } from "../../../src/core/facts.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import type { BranchFacts } from "../../../src/core/plan/repository.ts";
import type { Driver } from "./driver.ts";

/** A bug planted into the product: what one of its parts does wrongly. */
export interface Mutant {
  readonly pull?: (pull: PullNow, driver: Driver) => PullNow;
  readonly plan?: (plan: Plan, driver: Driver) => Plan;
  readonly effect?: (effect: Effect, driver: Driver) => Effect;
  readonly event?: (event: Event) => Event;
  readonly facts?: (facts: BranchFacts) => BranchFacts;
  /** Events that are dropped after an effect has ended. */
  readonly isDeaf?: (event: Event) => boolean;
  readonly skipsWithdrawal?: boolean;
  readonly isWatchdogDead?: boolean;
  readonly isNewestFirst?: boolean;
}
