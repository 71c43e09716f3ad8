import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isoWeekOf, weekStart } from "../../../src/core/report/iso-week.ts";

describe("ISO weeks", () => {
  it.each([
    ["2026-11-18T14:00:00Z", "2026-W47"],
    ["2026-11-16T00:00:00Z", "2026-W47"],
    ["2026-11-15T23:59:59.999Z", "2026-W46"],
    ["2026-01-01T00:00:00Z", "2026-W01"],
    ["2027-01-01T00:00:00Z", "2026-W53"],
    ["2024-12-30T00:00:00Z", "2025-W01"],
    ["2021-01-03T12:00:00Z", "2020-W53"],
    ["1970-01-01T00:00:00Z", "1970-W01"],
    ["1969-12-28T00:00:00Z", "1969-W52"],
  ])("puts %s into %s", (moment, week) => {
    expect(isoWeekOf(Date.parse(moment))).toBe(week);
  });

  it("begins on a Monday at midnight UTC", () => {
    expect(new Date(weekStart("2026-W47")).toISOString()).toBe("2026-11-16T00:00:00.000Z");
    expect(new Date(weekStart("2020-W53")).toISOString()).toBe("2020-12-28T00:00:00.000Z");
  });

  it.each(["2026-W54", "2025-W53", "2026-W00", "2026-47", "", "2026-W1"])("knows no week %j", (week) => {
    expect(() => weekStart(week)).toThrow(RangeError);
  });

  it("finds every moment in the week that begins at most seven days before it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 0) }), (at) => {
        const start = weekStart(isoWeekOf(at));
        expect(at - start).toBeGreaterThanOrEqual(0);
        expect(at - start).toBeLessThan(7 * 86_400_000);
      }),
    );
  });
});
