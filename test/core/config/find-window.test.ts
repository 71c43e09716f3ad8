import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Window } from "../../../src/core/config/config.ts";
import { findOpenWindow, nextWindow } from "../../../src/core/config/find-window.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function buildWindow(overrides: Partial<Window> = {}): Window {
  return {
    name: "night",
    starts: "0 22 * * *",
    timezone: "UTC",
    lastsMs: 8 * HOUR_MS,
    stops: ["merge"],
    ...overrides,
  };
}

const at = (text: string) => Date.parse(text);

/** The open window and its end, as text. */
function tell(now: string, ...windows: readonly Window[]): string {
  const open = findOpenWindow(windows, "merge", at(now));
  return open === null ? "none" : `${open.window.name} until ${new Date(open.until).toISOString()}`;
}

describe("findOpenWindow", () => {
  it.each([
    ["2026-11-18T21:59:59.999Z", "none"],
    ["2026-11-18T22:00:00.000Z", "night until 2026-11-19T06:00:00.000Z"],
    ["2026-11-18T22:00:00.001Z", "night until 2026-11-19T06:00:00.000Z"],
    ["2026-11-19T05:59:59.999Z", "night until 2026-11-19T06:00:00.000Z"],
    ["2026-11-19T06:00:00.000Z", "none"],
  ])("at %s is %s, to the millisecond", (now, said) => {
    expect(tell(now, buildWindow())).toBe(said);
  });

  it("looks at windows only that stop what is asked about", () => {
    const now = at("2026-11-18T23:00:00Z");
    expect(findOpenWindow([buildWindow()], "dispatch", now)).toBeNull();
    expect(findOpenWindow([buildWindow({ stops: ["dispatch", "merge"] })], "dispatch", now)).not.toBeNull();
    expect(findOpenWindow([], "merge", now)).toBeNull();
  });

  it("lasts as long as it says when clocks are put forward", () => {
    const night = buildWindow({ timezone: "Europe/Berlin" });
    expect(tell("2026-03-28T21:00:00Z", night)).toBe("night until 2026-03-29T05:00:00.000Z");
    expect(tell("2026-03-29T20:00:00Z", night)).toBe("night until 2026-03-30T04:00:00.000Z");
  });

  it("lasts as long as it says when clocks are put back", () => {
    const night = buildWindow({ timezone: "Europe/Berlin" });
    expect(tell("2026-10-24T20:00:00Z", night)).toBe("night until 2026-10-25T04:00:00.000Z");
    expect(tell("2026-10-25T04:00:00Z", night)).toBe("none");
  });

  it("begins when an hour that is left out would have been, and once in one that comes twice", () => {
    const early = buildWindow({ starts: "30 2 * * *", timezone: "Europe/Berlin", lastsMs: HOUR_MS / 2 });
    expect(tell("2026-03-29T01:00:00Z", early)).toBe("night until 2026-03-29T01:30:00.000Z");
    expect(tell("2026-10-25T00:30:00Z", early)).toBe("night until 2026-10-25T01:00:00.000Z");
    expect(tell("2026-10-25T01:30:00Z", early)).toBe("none");
  });

  it("takes windows that overlap or touch for one, and names the one that lasts longest", () => {
    const freeze = buildWindow({ name: "freeze", starts: "0 18 * * 5", lastsMs: 2 * DAY_MS });
    const after = buildWindow({ name: "after", starts: "0 18 * * 0", lastsMs: HOUR_MS });
    expect(tell("2026-11-20T23:00:00Z", buildWindow(), freeze)).toBe("freeze until 2026-11-22T18:00:00.000Z");
    expect(tell("2026-11-20T23:00:00Z", after, freeze)).toBe("freeze until 2026-11-22T19:00:00.000Z");
    expect(tell("2026-11-20T17:00:00Z", buildWindow({ starts: "0 16 * * *" }), freeze)).toBe(
      "night until 2026-11-23T00:00:00.000Z",
    );
  });

  it("takes one that is longer than its period for one without end, and names a moment within it", () => {
    const always = buildWindow({ lastsMs: 3 * DAY_MS });
    const now = at("2026-11-18T12:00:00Z");
    const { until = 0 } = findOpenWindow([always], "merge", now) ?? {};
    expect(until).toBeGreaterThan(now + DAY_MS);
    expect(findOpenWindow([always], "merge", until)).not.toBeNull();
  });

  it("is found of twenty windows that never end in a moment", () => {
    const windows = Array.from({ length: 20 }, (_, index) =>
      buildWindow({ name: `w${index}`, starts: "* * * * *", lastsMs: 60_000, timezone: "America/New_York" }),
    );
    const before = process.cpuUsage();
    expect(findOpenWindow(windows, "merge", at("2026-11-18T12:00:00Z"))).not.toBeNull();
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
  });

  it("is open exactly from a start for as long as it lasts, in any time zone", () => {
    const timezone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe");
    const starts = fc.constantFrom("0 2 * * *", "30 1 * * 0", "*/20 1-3 * * *", "0 18 * * 5", "15 0 1 * *");
    const lastsMs = fc.constantFrom(60_000, HOUR_MS, 5 * HOUR_MS);
    const now = fc.integer({ min: at("2026-03-01T00:00:00Z"), max: at("2026-11-30T00:00:00Z") });
    fc.assert(
      fc.property(timezone, starts, lastsMs, now, (zone, cron, length, moment) => {
        const window = buildWindow({ timezone: zone, starts: cron, lastsMs: length });
        const open = findOpenWindow([window], "merge", moment);
        const first = nextWindow([window], "merge", moment - length);
        expect(open !== null).toBe(first !== null && first.starts <= moment);
        if (open === null) return;
        expect(open.until).toBeGreaterThan(moment);
        expect(findOpenWindow([window], "merge", open.until - 1)?.until).toBe(open.until);
        expect(findOpenWindow([window], "merge", open.until)).toBeNull();
      }),
    );
  });
});

describe("nextWindow", () => {
  it("is the one that begins first after now", () => {
    const early = buildWindow({ name: "early", starts: "0 20 * * *" });
    const windows = [
      buildWindow(),
      early,
      buildWindow({ name: "other", starts: "0 16 * * *", stops: ["dispatch"] }),
    ];
    const next = (now: string) => nextWindow(windows, "merge", at(now));
    expect(next("2026-11-18T15:00:00Z")).toEqual({ window: early, starts: at("2026-11-18T20:00:00Z") });
    expect(next("2026-11-18T20:00:00Z")).toMatchObject({ window: { name: "night" } });
    expect(nextWindow([], "merge", 0)).toBeNull();
  });
});
