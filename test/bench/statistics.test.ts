import { describe, expect, it } from "vitest";
import { isMet } from "../../bench/figure.ts";
import { formatNumber, printSection } from "../../bench/print-table.ts";
import { readPeakMemory } from "../../bench/read-peak-memory.ts";
import { createRandom, median, percentile } from "../../bench/statistics.ts";

describe("percentile", () => {
  const values = [50, 10, 40, 20, 30];

  it.each([
    [0, 10],
    [0.2, 10],
    [0.21, 20],
    [0.5, 30],
    [0.99, 50],
    [1, 50],
  ])("takes for the share %d the smallest value that so many do not exceed", (share, value) => {
    expect(percentile(values, share)).toBe(value);
  });

  it("leaves the values in their order", () => {
    percentile(values, 0.5);
    expect(values).toEqual([50, 10, 40, 20, 30]);
  });

  it("says that there is none of nothing", () => {
    expect(() => percentile([], 0.5)).toThrow("no percentile");
  });

  it("takes the lower of two middle values for the median", () => {
    expect(median([4, 1, 3, 2])).toBe(2);
  });
});

describe("createRandom", () => {
  it("gives the same numbers for the same seed, all of them from 0 to below 1", () => {
    const draw = (seed: number) => Array.from({ length: 1_000 }, createRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7).every((number) => number >= 0 && number < 1)).toBe(true);
  });
});

describe("isMet", () => {
  it.each([
    [{ atMost: 10 }, 10, true],
    [{ atMost: 10 }, 10.01, false],
    [{ atLeast: 10 }, 10, true],
    [{ atLeast: 10 }, 9.99, false],
  ])("holds the bound %o for met at %d: %s", (goal, value, met) => {
    expect(isMet({ what: "x", unit: "ms", value, goal })).toBe(met);
  });

  it("says nothing of a figure without a goal", () => {
    expect(isMet({ what: "x", unit: "ms", value: 1 })).toBeNull();
  });
});

describe("printSection", () => {
  it.each([
    [1_234.5, "1,235"],
    [12.34, "12.3"],
    [1.234, "1.23"],
    [12, "12"],
  ])("writes %d with three digits that count", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it("writes each figure with its goal, and that it is missed", () => {
    const text = printSection("Title", {
      figures: [{ what: "a verdict", value: 1_600, unit: "ms", goal: { atMost: 1_500 } }],
    });
    expect(text).toContain("a verdict  1,600 ms                   ≤ 1,500 ms  MISSED");
  });
});

describe("readPeakMemory", () => {
  it("grows by what is held beyond it, and does not shrink", () => {
    const before = readPeakMemory();
    const held = Buffer.alloc(before - process.memoryUsage.rss() + 64 * 1024 * 1024, 1);
    const after = readPeakMemory();
    expect(after - before).toBeGreaterThan(32 * 1024 * 1024);
    expect(after - before).toBeLessThan(held.length + 32 * 1024 * 1024);
    expect(readPeakMemory()).toBeGreaterThanOrEqual(after);
  });
});
