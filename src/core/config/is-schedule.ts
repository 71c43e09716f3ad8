import { Cron } from "croner";

/** Any fixed moment serves: the question is only whether there is a next time at all. */
const REFERENCE = new Date("2026-01-01T00:00:00Z");

/** Whether a five-field cron expression is valid and ever comes round (31 February does not). */
export function isSchedule(cron: string): boolean {
  return nextRun(cron, "UTC") !== undefined;
}

export function isTimezone(timezone: string): boolean {
  return nextRun("0 0 * * *", timezone) !== undefined;
}

function nextRun(cron: string, timezone: string): Date | undefined {
  try {
    const schedule = new Cron(cron, { timezone, mode: "5-part", paused: true });
    return schedule.nextRun(REFERENCE) ?? undefined;
  } catch {
    return undefined;
  }
}
