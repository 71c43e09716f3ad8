import { describe, expect, it } from "vitest";
import {
  findExhaustion,
  findLimitWait,
  parseReset,
  parseRetryAfter,
} from "../../../src/adapters/github/client/rate-limit.ts";

const now = Date.parse("2026-03-02T09:30:00Z");
const HOUR = 3_600_000;

describe("times that GitHub asks to wait", () => {
  it.each([
    ["60", 60_000],
    [60, 60_000],
    ["0", 0],
    ["1.5", 1_500],
    ["-5", 0],
    ["2147483648", HOUR],
    ["1000000000000", HOUR],
    [1e12, HOUR],
    ["Mon, 02 Mar 2026 09:31:00 GMT", 60_000],
    ["Mon, 02 Mar 2026 09:00:00 GMT", 0],
    ["Sat, 02 Mar 2099 09:31:00 GMT", HOUR],
    ["NaN", undefined],
    ["Infinity", undefined],
    ["soon", undefined],
    ["", undefined],
    ["12abc", undefined],
    [undefined, undefined],
  ])("F070 reads a retry-after of %j as %j ms", (value, wait) => {
    expect(parseRetryAfter(value, now)).toBe(wait);
  });

  it.each([
    [String(now / 1_000 + 90), 90_000],
    [String(now / 1_000 - 90), 0],
    ["4102444800", HOUR],
    ["NaN", undefined],
    ["Mon, 02 Mar 2026 09:31:00 GMT", undefined],
    [undefined, undefined],
  ])("F070 reads a reset of %j as %j ms", (value, wait) => {
    expect(parseReset(value, now)).toBe(wait);
  });

  it("takes an ordinary refusal for no limit", () => {
    const answer = {
      status: 403,
      headers: { "x-ratelimit-remaining": "4000" },
      message: "Resource not accessible",
    };

    expect(findLimitWait(answer, { now, streak: 0 })).toBeUndefined();
    expect(findLimitWait({ ...answer, status: 422 }, { now, streak: 0 })).toBeUndefined();
  });

  it("never waits less than a second after a limit", () => {
    const answer = { status: 429, headers: { "retry-after": "0" }, message: "" };

    expect(findLimitWait(answer, { now, streak: 0 })).toEqual({ waitMs: 1_000, isGuess: false });
  });

  it("F068 guesses longer and longer, up to an hour, when a limit says nothing usable", () => {
    const answer = { status: 429, headers: { "retry-after": "NaN" }, message: "" };
    const waits = [0, 1, 2, 99].map((streak) => findLimitWait(answer, { now, streak })?.waitMs);

    expect(waits).toEqual([60_000, 120_000, 240_000, HOUR]);
  });

  it("sees an allowance that is used up, but only the one it uses", () => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now / 1_000 + 10) };

    expect(findExhaustion(headers, now)).toBe(10_000);
    expect(findExhaustion({ ...headers, "x-ratelimit-resource": "search" }, now)).toBeUndefined();
    expect(findExhaustion({ ...headers, "x-ratelimit-remaining": "1" }, now)).toBeUndefined();
  });
});
