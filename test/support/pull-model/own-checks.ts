import type { Effect } from "../../../src/core/effects.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { OWN_APP } from "./people.ts";
import type { ModelCheck } from "./world.ts";

export const VERIFY_CHECK = "orchestrator / verify";

/** What the product wants its verdict's check to be. */
export type Writing = Extract<Extract<Effect, { sort: "projection" }>["projection"], { kind: "check" }>;

export function verifyCheckOf(effect: Effect): Writing | undefined {
  if (effect.sort !== "projection" || effect.projection.kind !== "check") return undefined;
  return effect.projection.name === VERIFY_CHECK ? effect.projection : undefined;
}

export function sayingOf({ status, conclusion }: Writing): string {
  return status === "completed" ? String(conclusion) : status;
}

/** Whether a check is our verdict. */
export function isOurs({ appId, name }: ModelCheck): boolean {
  return appId === OWN_APP && name === VERIFY_CHECK;
}

/** While the next commit is made, nothing is said about this one. */
export function isVerified({ state, reasons }: Task): boolean {
  const isWatched = state === "verifying" || state === "blocked";
  return isWatched && !reasons.some(({ code }) => code === "publish.pending");
}

export function short(sha: string): string {
  return sha.slice(0, 8);
}
