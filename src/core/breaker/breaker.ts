import { z } from "zod";
import type { BreakerConfig } from "../config/config.ts";
import { cutSafe } from "../messages/text.ts";

/** However often a probe fails, the next one comes within this time, unless the configured pause is longer. */
const MAX_PAUSE_MS = 2 * 3_600_000;
const TROUBLE_MAX_CHARS = 200;

/**
 * What is known of something that may be in trouble: a workflow, or a role by the changes of its that the critics refused.
 * There is none for what has no trouble behind it.
 */
export const Breaker = z.object({
  /** Troubles in a row. */
  failures: z.number(),
  /** The last of them, in one sentence. */
  last: z.string(),
  /** Nothing is let through before this moment, ms since epoch; null while it is closed. */
  openUntil: z.number().nullable(),
  /** Probes in a row that ended in trouble as well. */
  failedProbes: z.number(),
  /** The task that was let through to see whether the trouble is over. */
  probe: z.string().nullable(),
});
export type Breaker = z.infer<typeof Breaker>;

const QUIET: Breaker = { failures: 0, last: "", openUntil: null, failedProbes: 0, probe: null };

interface Trouble {
  readonly taskId: string;
  /** One sentence. */
  readonly what: string;
  readonly now: number;
  readonly config: BreakerConfig;
}

/** Counts a trouble: enough of them in a row open the breaker, and a probe's opens it for longer. */
export function noteTrouble(known: Breaker | undefined, { taskId, what, now, config }: Trouble): Breaker {
  const before = known ?? QUIET;
  const counted = { ...before, failures: before.failures + 1, last: cutSafe(what, TROUBLE_MAX_CHARS) };
  if (before.openUntil === null) {
    const isEnough = counted.failures >= config.failures;
    return isEnough ? { ...counted, openUntil: now + config.pauseMs } : counted;
  }
  // Whatever was under way when it opened says nothing about whether the trouble is over.
  if (before.probe !== taskId) return counted;
  const failedProbes = before.failedProbes + 1;
  return { ...counted, failedProbes, probe: null, openUntil: now + pauseAfter(failedProbes, config) };
}

function pauseAfter(failedProbes: number, { pauseMs }: BreakerConfig): number {
  return Math.max(pauseMs, Math.min(pauseMs * 2 ** failedProbes, MAX_PAUSE_MS));
}

/** What a breaker says to a task that would use what it guards. */
export type Rest =
  | { readonly kind: "resting"; readonly until: number }
  | { readonly kind: "probing"; readonly probe: string };

/** Why a task is held back; undefined when it may go. Once the rest is over that is one task at a time. */
export function findRest(
  breaker: Breaker | undefined,
  task: { readonly id: string; readonly now: number; readonly isUnderWay: (taskId: string) => boolean },
): Rest | undefined {
  if (breaker === undefined || breaker.openUntil === null) return undefined;
  if (task.now < breaker.openUntil) return { kind: "resting", until: breaker.openUntil };
  const { probe } = breaker;
  const isProbing = probe !== null && probe !== task.id && task.isUnderWay(probe);
  return isProbing ? { kind: "probing", probe } : undefined;
}

/** The breaker after a task was let through: while it is open, that task is the probe. */
export function letThrough(breaker: Breaker, taskId: string): Breaker {
  return breaker.openUntil === null ? breaker : { ...breaker, probe: taskId };
}
