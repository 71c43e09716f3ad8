import type { FindObstacle } from "../../../ports/github.ts";
import type { Failure } from "./github-problem.ts";

/** What keeps a request that writes from being sent; asked of every attempt at it, a repeated one too. */
export interface WriteGuard {
  /** What is in the way of any write at this moment. */
  readonly findObstacle?: FindObstacle | undefined;
  /** Whether the work is still this process' own. */
  readonly mayWrite?: (() => boolean) | undefined;
}

/** A stop is in force within five seconds, so that nothing was in the way is believed no longer than this. */
const BELIEVED_MS = 4_000;

/** Asks for an obstacle, and answers with what is to be asked last: right before the request, with nothing awaited between. */
export async function askGuard(
  { findObstacle, mayWrite }: WriteGuard,
  now: () => number,
): Promise<() => Failure | undefined> {
  // By the clock that also counts while the process stands still.
  const askedAt = performance.now();
  const obstacle = await findObstacle?.();
  const later = (why: string): Failure => ({ kind: "later", at: now(), why });
  return () => {
    if (obstacle !== undefined) return obstacle;
    if (performance.now() - askedAt > BELIEVED_MS) return later("what is stopped was heard too late");
    return mayWrite?.() === false ? later("others may do this by now") : undefined;
  };
}
