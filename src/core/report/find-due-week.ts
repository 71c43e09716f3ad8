import { Cron } from "croner";
import type { RepositoryRecord } from "../plan/repository/repository.ts";
import { viewRepository } from "../plan/repository/repository-view.ts";
import { isoWeekOf, weekStart } from "./iso-week.ts";

/** The ISO week whose report is due: the schedule's last moment in this week has passed, so the week before is over. */
export function findDueWeek(record: RepositoryRecord, now: number): string | undefined {
  const weekly = viewRepository(record).config?.reports.weekly;
  if (weekly === undefined || record.status !== "active") return undefined;
  const start = weekStart(isoWeekOf(now));
  const moment = new Cron(weekly.cron, { timezone: weekly.timezone }).nextRun(new Date(start - 1));
  return moment !== null && moment.getTime() <= now ? isoWeekOf(start - 1) : undefined;
}
