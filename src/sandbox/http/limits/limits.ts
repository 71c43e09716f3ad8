import type { Actor, Answer } from "../route.ts";

export interface Limits {
  readonly perHour: number;
  readonly contentPerMinute: number;
  readonly contentPerHour: number;
}

export const DEFAULT_LIMITS: Limits = { perHour: 5000, contentPerMinute: 80, contentPerHour: 500 };

/** Where a caller stands in its hour. */
export interface Usage {
  readonly limit: number;
  readonly used: number;
  /** Seconds since the epoch. */
  readonly reset: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const JOB_PER_HOUR = 1000;
const ANONYMOUS_PER_HOUR = 60;

interface Window {
  used: number;
  readonly endsAt: number;
}

export type LimitKeeper = ReturnType<typeof createLimitKeeper>;

/** Counts requests and content writes of each caller. */
export function createLimitKeeper(now: () => Date, limits: Limits) {
  const windows = new Map<string, Window>();
  const contentWrites = new Map<string, number[]>();
  const blockedUntil = new Map<string, number>();

  function openWindow(key: string): Window {
    const at = now().getTime();
    const known = windows.get(key);
    if (known && known.endsAt > at) return known;
    const opened = { used: 0, endsAt: at + HOUR_MS };
    windows.set(key, opened);
    return opened;
  }

  function usage(actor: Actor): Usage {
    const { used, endsAt } = openWindow(callerKey(actor));
    return { limit: hourlyLimit(actor, limits), used, reset: Math.ceil(endsAt / 1000) };
  }

  return {
    usage,
    /** Remembers until when an answer told its caller to wait. */
    noteAnswer: (actor: Actor, { headers }: Pick<Answer, "headers">): void => {
      const seconds = Number(headers?.["retry-after"]);
      if (seconds > 0) blockedUntil.set(callerKey(actor), now().getTime() + seconds * 1000);
    },
    /** True while the caller was told to wait. */
    isTooEarly: (actor: Actor): boolean => now().getTime() < (blockedUntil.get(callerKey(actor)) ?? 0),
    /** Counts one request; false when the hour is used up. */
    take: (actor: Actor): boolean => {
      const window = openWindow(callerKey(actor));
      if (window.used >= hourlyLimit(actor, limits)) return false;
      window.used += 1;
      return true;
    },
    /** Gives back the request of a 304, which is free. */
    giveBack: (actor: Actor): void => {
      const window = openWindow(callerKey(actor));
      window.used = Math.max(0, window.used - 1);
    },
    /** Counts one content write; when there were too many, the seconds to wait instead. */
    takeContent: (actor: Actor): number | null => {
      const at = now().getTime();
      const key = callerKey(actor);
      const recent = (contentWrites.get(key) ?? []).filter((time) => time > at - HOUR_MS);
      const waitMs = Math.max(
        waitForRoom(recent, { at, spanMs: MINUTE_MS, room: limits.contentPerMinute }),
        waitForRoom(recent, { at, spanMs: HOUR_MS, room: limits.contentPerHour }),
      );
      contentWrites.set(key, waitMs > 0 ? recent : [...recent, at]);
      return waitMs > 0 ? Math.ceil(waitMs / 1000) : null;
    },
  };
}

function waitForRoom(
  times: readonly number[],
  { at, spanMs, room }: { at: number; spanMs: number; room: number },
): number {
  const within = times.filter((time) => time > at - spanMs);
  const leaving = within.at(-room);
  return within.length < room || leaving === undefined ? 0 : leaving + spanMs - at;
}

function callerKey(actor: Actor): string {
  if (actor.kind === "installation") return `installation ${actor.installation.id}`;
  if (actor.kind === "user") return `user ${actor.user.id}`;
  return actor.kind === "job" ? `job ${actor.repoId}` : actor.kind;
}

function hourlyLimit(actor: Actor, limits: Limits): number {
  if (actor.kind === "job") return Math.min(JOB_PER_HOUR, limits.perHour);
  return actor.kind === "anonymous" ? Math.min(ANONYMOUS_PER_HOUR, limits.perHour) : limits.perHour;
}
