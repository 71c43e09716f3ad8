import { describe, expect, it } from "vitest";
import { findDueWeek } from "../../../src/core/report/find-due-week.ts";
import { isoWeekOf, weekStart } from "../../../src/core/report/iso-week.ts";
import { buildConfigText, buildRepository } from "../../support/build-snapshot.ts";
import { DAY, HOUR } from "./build-week.ts";

const MONDAYS = "0 9 * * 1";
const WEEK = 7 * DAY;
const ZONES = [
  "Asia/Tokyo",
  "Australia/Sydney",
  "Pacific/Auckland",
  "Pacific/Honolulu",
  "Europe/Berlin",
  "UTC",
] as const;

function recordWith(timezone: string, cron = MONDAYS) {
  const before = '{ issue: 1, cron: "0 9 * * 1", timezone: UTC }';
  const after = `{ issue: 1, cron: "${cron}", timezone: ${timezone} }`;
  return buildRepository({ configText: buildConfigText().replace(before, after) });
}

/** What is due just before a moment and from it on. */
function around(moment: string, record: ReturnType<typeof recordWith>) {
  const at = Date.parse(moment);
  return [findDueWeek(record, at - 1), findDueWeek(record, at)];
}

/** Every week that becomes due between two moments, and when, looked at once an hour. */
function listDue(record: ReturnType<typeof recordWith>, from: number, to: number) {
  const due = new Map<string, number>();
  for (let at = from; at < to; at += HOUR) {
    const week = findDueWeek(record, at);
    if (week !== undefined && !due.has(week)) due.set(week, at);
  }
  return due;
}

describe("findDueWeek", () => {
  it.each([
    ["UTC", "2026-11-23T09:00:00Z"],
    ["Europe/Berlin", "2026-11-23T08:00:00Z"],
    ["Asia/Tokyo", "2026-11-23T00:00:00Z"],
    ["Pacific/Honolulu", "2026-11-23T19:00:00Z"],
  ])("on Monday at 9 in %s, the week that has just ended is due", (timezone, moment) => {
    const [before, after] = around(moment, recordWith(timezone));

    expect(before).not.toBe("2026-W47");
    expect(after).toBe("2026-W47");
  });

  it.each(["Australia/Sydney", "Pacific/Auckland", "Pacific/Kiritimati"])(
    "where Monday at 9 in %s is still Sunday in UTC, it waits until that week is over there",
    (timezone) => {
      expect(around("2026-11-23T00:00:00Z", recordWith(timezone))).toEqual(["2026-W46", "2026-W47"]);
    },
  );

  it("keeps the hour in summer and winter time, which Sydney and Auckland change on Sundays", () => {
    const sydney = recordWith("Australia/Sydney", "0 12 * * 1");
    // 5 April 2026 ends summer time, 4 October begins it.
    expect(around("2026-04-06T02:00:00Z", sydney)).toEqual([undefined, "2026-W14"]);
    expect(around("2026-10-05T01:00:00Z", sydney)).toEqual([undefined, "2026-W40"]);
    const auckland = recordWith("Pacific/Auckland", "30 12 * * 1");
    expect(around("2026-04-06T00:30:00Z", auckland)).toEqual([undefined, "2026-W14"]);
    expect(around("2026-09-28T00:00:00Z", auckland)).toEqual(["2026-W38", "2026-W39"]);
  });

  it.each(ZONES)(
    "F191 makes each week due once in %s, within a day of its end, over the end of a year",
    (zone) => {
      const [from, to] = [weekStart("2026-W50"), weekStart("2027-W04")];
      const due = listDue(recordWith(zone), from, to);

      expect([...due.keys()].filter((week) => weekStart(week) >= from)).toEqual([
        "2026-W50",
        "2026-W51",
        "2026-W52",
        "2026-W53",
        "2027-W01",
        "2027-W02",
      ]);
      for (const [week, at] of due) {
        if (weekStart(week) < from) continue;
        expect(at - (weekStart(week) + WEEK)).toBeGreaterThanOrEqual(0);
        expect(at - (weekStart(week) + WEEK)).toBeLessThan(DAY);
      }
    },
  );

  it.each([
    ["Sundays in UTC", "UTC", "0 20 * * 0", "2026-11-22T20:00:00Z", "2026-W46"],
    [
      "Sundays in Honolulu, which are Mondays in UTC",
      "Pacific/Honolulu",
      "0 20 * * 0",
      "2026-11-23T06:00:00Z",
      "2026-W47",
    ],
    ["Wednesdays in Sydney", "Australia/Sydney", "0 9 * * 3", "2026-11-24T22:00:00Z", "2026-W47"],
    ["Sundays in Sydney", "Australia/Sydney", "0 9 * * 0", "2026-11-21T22:00:00Z", "2026-W46"],
    [
      "the first of the month in Sydney, a Monday",
      "Australia/Sydney",
      "0 9 1 * *",
      "2027-02-01T00:00:00Z",
      "2027-W04",
    ],
    ["every day in Auckland", "Pacific/Auckland", "0 9 * * *", "2026-11-23T00:00:00Z", "2026-W47"],
  ])("reports on %s the last week that is over", (_, timezone, cron, moment, week) => {
    const record = recordWith(timezone, cron);
    const [before, after] = around(moment, record);

    expect(before).not.toBe(week);
    expect(after).toBe(week);
  });

  it("has nothing due in weeks without a moment, nor for what is suspended", () => {
    const monthly = recordWith("Australia/Sydney", "0 9 1 * *");
    const due = listDue(monthly, Date.UTC(2027, 0, 20), Date.UTC(2027, 1, 28));

    expect([...due.keys()]).toEqual(["2027-W04"]);
    const suspended = buildRepository({ status: "suspended" });
    expect(findDueWeek(suspended, Date.UTC(2026, 10, 23, 12))).toBeUndefined();
    expect(isoWeekOf(Date.UTC(2027, 1, 1))).toBe("2027-W05");
  });
});
