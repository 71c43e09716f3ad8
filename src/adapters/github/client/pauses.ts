import type { Quota } from "../../../ports/quota.ts";
import { findExhaustion, findLimitWait, type Headers, type LimitedAnswer } from "./rate-limit.ts";

/** Obeys GitHub's limits, per installation, in all replicas and across restarts. */
export interface Pauses {
  /** When requests are allowed again; 0 when they are allowed now. */
  until(installationId: number): Promise<number>;
  /** Begins a pause when a refusal is a limit, and says until when. */
  noteRefusal(installationId: number, answer: LimitedAnswer): Promise<number | undefined>;
  /** Begins a pause when an answer used up the allowance. */
  noteAnswer(installationId: number, headers: Headers): Promise<void>;
}

interface Streak {
  readonly length: number;
  readonly until: number;
}

export function createPauses({ quota, now }: { quota: Quota; now: () => number }): Pauses {
  const streaks = new Map<number, Streak>();

  return {
    async until(installationId) {
      const until = await quota.pausedUntil(installationId);
      return until > now() ? until : 0;
    },
    async noteRefusal(installationId, answer) {
      const streak = streaks.get(installationId);
      const limit = findLimitWait(answer, { now: now(), streak: streak?.length ?? 0 });
      if (!limit) return undefined;
      // Requests that were under way together hit the same limit; that is one limit, not a longer one.
      if (limit.isGuess && streak && streak.until > now()) return streak.until;
      const until = now() + limit.waitMs;
      if (limit.isGuess) streaks.set(installationId, { length: (streak?.length ?? 0) + 1, until });
      await quota.pauseUntil(installationId, until);
      return until;
    },
    async noteAnswer(installationId, headers) {
      streaks.delete(installationId);
      const waitMs = findExhaustion(headers, now());
      if (waitMs !== undefined && waitMs > 0) await quota.pauseUntil(installationId, now() + waitMs);
    },
  };
}
