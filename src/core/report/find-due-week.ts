import { Cron } from "croner";
import type { RepositoryRecord } from "../plan/repository/repository.ts";
import { viewRepository } from "../plan/repository/repository-view.ts";
import { isoWeekOf, weekStart } from "./iso-week.ts";

const SECOND_MS = 1000;
const WEEK_MS = 7 * 24 * 3_600_000;

/**
 * The ISO week whose report is due: the schedule has had a moment in this week, so the week before is over. East of UTC a week
 * begins while the one before still goes on in UTC; a moment then counts for the new one, as soon as that has begun.
 */
export function findDueWeek(record: RepositoryRecord, now: number): string | undefined {
  const weekly = viewRepository(record).config?.reports.weekly;
  if (weekly === undefined || record.status !== "active") return undefined;
  const { timezone } = weekly;
  const start = weekStart(isoWeekOf(now));
  const opens = Math.min(start, beginOfDay(start, timezone));
  const moment = nextRun({ cron: weekly.cron, timezone }, new Date(opens - 1));
  return moment <= now && moment < beginOfDay(start + WEEK_MS, timezone) ? isoWeekOf(start - 1) : undefined;
}

/** When a day, given by its midnight in UTC, begins on the clocks of a time zone. A time without an offset is read by those. */
function beginOfDay(day: number, timezone: string): number {
  const lastSecondBefore = new Date(day - SECOND_MS).toISOString().replace(/\.\d+Z$/u, "");
  return nextRun({ cron: "* * * * *", timezone }, lastSecondBefore);
}

function nextRun(
  { cron, timezone }: { readonly cron: string; readonly timezone: string },
  after: Date | string,
): number {
  const schedule = new Cron(cron, { timezone, mode: "5-part", paused: true });
  return schedule.nextRun(after)?.getTime() ?? Number.POSITIVE_INFINITY;
}
