import type { Effect } from "../effects.ts";
import { describeStop } from "./explain-stop.ts";
import type { Stop } from "./stop.ts";

/**
 * Why an effect waits while something is stopped; undefined when it may be done. Two things still are: the end of runs, and
 * the answer to the command that stopped everything.
 */
export function findHold(effect: Effect, stops: readonly Stop[]): string | undefined {
  const [first] = stops;
  if (first === undefined || isCancel(effect)) return undefined;
  return stops.some((stop) => isAnswerTo(stop, effect)) ? undefined : describeStop(first);
}

function isCancel(effect: Effect): boolean {
  return effect.sort === "action" && effect.action.kind === "cancel-run";
}

function isAnswerTo({ commentId }: Stop, { key, repo }: Effect): boolean {
  if (commentId === null) return false;
  return key === `${repo.id}:reply:${commentId}` || key === `${repo.id}:react:${commentId}`;
}
