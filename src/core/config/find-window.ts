import { Cron } from "croner";
import type { Window } from "./config.ts";

type Stopped = Window["stops"][number];

/** Windows that follow each other without a gap are one; of a row that goes on for ever, a moment within it is enough. */
const MAX_STEPS = 100;

/**
 * The window in which something must not happen now, and when it may again: windows that overlap or touch count as one. Of
 * several that are open, the one that lasts longest is named.
 */
export function findOpenWindow(
  windows: readonly Window[],
  what: Stopped,
  now: number,
): { readonly window: Window; readonly until: number } | null {
  const schedules = schedulesOf(windows, what);
  const open = findLongest(schedules, now);
  if (open === null) return null;
  let { until } = open;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const next = findLongest(schedules, until);
    if (next === null) break;
    until = next.until;
  }
  return { window: open.window, until };
}

/** The window that begins next, and when; null when none is to come. */
export function nextWindow(
  windows: readonly Window[],
  what: Stopped,
  now: number,
): { readonly window: Window; readonly starts: number } | null {
  return schedulesOf(windows, what).reduce<ReturnType<typeof nextWindow>>((first, { window, cron }) => {
    const starts = cron.nextRun(new Date(now))?.getTime();
    return starts === undefined || (first !== null && first.starts <= starts) ? first : { window, starts };
  }, null);
}

interface Schedule {
  readonly window: Window;
  readonly cron: Cron;
}

function schedulesOf(windows: readonly Window[], what: Stopped): readonly Schedule[] {
  return windows
    .filter(({ stops }) => stops.includes(what))
    .map((window) => ({
      window,
      cron: new Cron(window.starts, { timezone: window.timezone, mode: "5-part", paused: true }),
    }));
}

/** Of the windows that are open at a moment, the one that ends last. */
function findLongest(schedules: readonly Schedule[], at: number): ReturnType<typeof findOpenWindow> {
  return schedules.reduce<ReturnType<typeof findOpenWindow>>((longest, { window, cron }) => {
    const until = lastStart(cron, at) + window.lastsMs;
    return until > Math.max(at, longest?.until ?? at) ? { window, until } : longest;
  }, null);
}

/** The latest start up to and including a moment. The library looks strictly before a whole second, so it is asked for the next. */
function lastStart(cron: Cron, at: number): number {
  const second = Math.floor(at / 1000) * 1000;
  return cron.previousRuns(1, new Date(second + 1000))[0]?.getTime() ?? Number.NEGATIVE_INFINITY;
}
