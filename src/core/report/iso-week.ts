const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** The epoch was a Thursday; the Monday before it is where whole weeks are counted from. */
const FIRST_MONDAY_MS = -3 * DAY_MS;

/** The ISO 8601 week, in UTC, that a moment lies in: `2026-W47`. */
export function isoWeekOf(at: number): string {
  const year = new Date(mondayOf(at) + 3 * DAY_MS).getUTCFullYear();
  const week = Math.round((mondayOf(at) - firstMondayOf(year)) / WEEK_MS) + 1;
  return `${String(year).padStart(4, "0")}-W${String(week).padStart(2, "0")}`;
}

/** The Monday, 00:00 UTC, that an ISO week begins with, ms since epoch. */
export function weekStart(week: string): number {
  const [, year, number] = /^(\d{4})-W(\d{2})$/u.exec(week) ?? [];
  const start = firstMondayOf(Number(year)) + (Number(number) - 1) * WEEK_MS;
  if (Number.isNaN(start) || isoWeekOf(start) !== week) throw new RangeError(`There is no ISO week ${week}`);
  return start;
}

function mondayOf(at: number): number {
  return Math.floor((at - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS;
}

/** The 4th of January is in week 1 of every year. */
function firstMondayOf(year: number): number {
  return mondayOf(Date.UTC(year, 0, 4));
}
