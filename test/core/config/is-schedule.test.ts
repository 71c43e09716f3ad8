import { describe, expect, it } from "vitest";
import { isSchedule, isTimezone } from "../../../src/core/config/is-schedule.ts";

describe("isSchedule", () => {
  it.each(["0 9 * * 1", "*/15 * * * *", "0 0 1 JAN *", "0 9 29 2 *"])("accepts %s", (cron) => {
    expect(isSchedule(cron)).toBe(true);
  });

  it.each(["", "* * * *", "0 0 9 * * 1", "61 * * * *", "0 9 31 2 *", "every monday"])(
    "refuses %j",
    (cron) => {
      expect(isSchedule(cron)).toBe(false);
    },
  );
});

describe("isTimezone", () => {
  it.each(["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"])("accepts %s", (timezone) => {
    expect(isTimezone(timezone)).toBe(true);
  });

  it.each(["Mars/Olympus", "Berlin", "../etc/passwd"])("refuses %j", (timezone) => {
    expect(isTimezone(timezone)).toBe(false);
  });
});
