import { Cron } from "croner";

/** Any fixed moment serves: the question is only whether there is a next time at all. */
const REFERENCE = new Date("2026-01-01T00:00:00Z");

/** Whether a five-field cron expression is valid and ever comes round (31 February does not). */
export function isSchedule(cron: string): boolean {
  return nextRuns(cron, "UTC", 1).length > 0;
}

export function isTimezone(timezone: string): boolean {
  return nextRuns("0 0 * * *", timezone, 1).length > 0;
}

/** So many times in a row tell a schedule that is denser than something lasts from one with a single short gap. */
const TIMES = 10;

/** Whether what begins by the schedule and lasts so long has not ended when it begins again, and again. */
export function isEndless(cron: string, timezone: string, lastsMs: number): boolean {
  const times = nextRuns(cron, timezone, TIMES).map((time) => time.getTime());
  return times.slice(1).every((time, index) => time - (times[index] ?? 0) <= lastsMs);
}

function nextRuns(cron: string, timezone: string, count: number): readonly Date[] {
  try {
    const schedule = new Cron(cron, { timezone, mode: "5-part", paused: true });
    return schedule.nextRuns(count, REFERENCE);
  } catch {
    return [];
  }
}
