import { describe, expect, it } from "vitest";
import type { Window } from "../../../src/core/config/config.ts";
import { windowGate } from "../../../src/core/gate/rules/window.ts";
import { HOUR_MS, NOW } from "../../support/build-task.ts";
import { buildSubject, say } from "./build-subject.ts";

/** From Friday 18:00 to Monday 06:00. */
const FREEZE: Window = {
  name: "weekend freeze",
  starts: "0 18 * * 5",
  timezone: "UTC",
  lastsMs: 60 * HOUR_MS,
  stops: ["merge"],
};

/** Friday of the week of `NOW`, at an hour. */
const friday = (hour: number) => NOW + 2 * 24 * HOUR_MS + (hour - 14) * HOUR_MS;
const tell = (now: number, windows: readonly Window[] = [FREEZE]) =>
  say(windowGate, { now, config: { windows } });

describe("windowGate", () => {
  it.each([
    [friday(18) - 1, "PASS: No window stops merges now; next: `weekend freeze` at 18:00 UTC."],
    [friday(18), "BLOCKED: Merges are stopped by `weekend freeze` until Mon 06:00 UTC."],
    [friday(78) - 1, "BLOCKED: Merges are stopped by `weekend freeze` until 06:00 UTC."],
    [friday(78), "PASS: No window stops merges now; next: `weekend freeze` at Fri 18:00 UTC."],
  ])("at %d says: %s", (now, said) => {
    expect(tell(now)).toBe(said);
  });

  it("is blocked until the window's end", () => {
    const answer = windowGate.evaluate(buildSubject({ now: friday(20), config: { windows: [FREEZE] } }));
    expect(answer).toEqual({
      gate: "window",
      verdict: "BLOCKED",
      message: "Merges are stopped by `weekend freeze` until Mon 06:00 UTC.",
      seen: "`weekend freeze` until Mon 06:00 UTC",
      wanted: "no window that stops merges",
      howToFix: "Wait for its end, or change `windows` on the default branch.",
      until: friday(78),
    });
  });

  it("says the date of what is a week away, and the name as what it is", () => {
    const holidays: Window = {
      ...FREEZE,
      name: "@all `x` <b>",
      starts: "0 0 24 12 *",
      lastsMs: 240 * HOUR_MS,
    };
    expect(tell(NOW, [holidays])).toBe(
      "PASS: No window stops merges now; next: `@all 'x' <b>` at 2026-12-24 00:00 UTC.",
    );
    expect(tell(Date.UTC(2026, 11, 24), [holidays])).toMatch(/until 2027-01-03 00:00 UTC\.$/u);
  });

  it("is asked where a window stops merges, also about a merge queue's commit", () => {
    const asked = (...windows: readonly Window[]) =>
      windowGate.appliesTo?.(buildSubject({ config: { windows } }));
    expect(asked(FREEZE)).toBe(true);
    expect(asked()).toBe(false);
    expect(asked({ ...FREEZE, stops: ["dispatch"] })).toBe(false);
    expect(windowGate.inQueue).toBe(true);
  });
});
