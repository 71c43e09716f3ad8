import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MetricGate } from "../../../src/core/config/config.ts";
import type { MetricSample } from "../../../src/core/evidence/reports/report.ts";
import { judgeMetric } from "../../../src/core/findings/judge-metric.ts";

const OPEN: MetricGate = {
  metric: "r2",
  where: {},
  min: undefined,
  max: undefined,
  above: undefined,
  below: undefined,
  minSamples: undefined,
  better: undefined,
  maxWorse: undefined,
  maxWorsePercent: undefined,
};
const HIGHER: MetricGate = { ...OPEN, better: "higher" };
const LOWER: MetricGate = { ...OPEN, better: "lower" };

/** Samples by tenant. */
function by(values: Readonly<Record<string, number | null>>): readonly MetricSample[] {
  return Object.entries(values).map(([tenant, value]) => ({ name: "r2", value, labels: { tenant } }));
}

function judge(gate: MetricGate, head: readonly MetricSample[], base: readonly MetricSample[] | null = null) {
  return judgeMetric({ gate, head, base, key: "gates.metrics" });
}

const verdictOf = (...input: Parameters<typeof judge>) => judge(...input).verdict;

describe("judgeMetric, within bounds", () => {
  it.each<[string, Partial<MetricGate>, number, string]>([
    ["passes below a bound that must not be reached", { below: 10 }, 9.999_999, "PASS"],
    ["fails on it", { below: 10 }, 10, "FAIL"],
    ["passes above a bound that must not be reached", { above: 0 }, Number.MIN_VALUE, "PASS"],
    ["fails on that one too", { above: 0 }, 0, "FAIL"],
    ["takes minus zero for zero", { above: 0 }, -0, "FAIL"],
    ["passes on bounds that may be reached", { min: 1, max: 1 }, 1, "PASS"],
    ["lets the stricter of two bounds decide", { min: 0.5, above: 0.5 }, 0.5, "FAIL"],
    ["lets either bound fail", { above: 0, below: 1 }, 1, "FAIL"],
  ])("%s", (_name, bounds, value, verdict) => {
    expect(verdictOf({ ...OPEN, ...bounds }, by({ a: value }))).toBe(verdict);
  });

  it("ranks what lies on an exclusive bound before what lies within", () => {
    const result = judge({ ...OPEN, min: 0.1, below: 10 }, by({ a: 0.1, b: 10 }));

    expect(result.seen).toBe("10 (`tenant=b`)");
    expect(result.inShort).toBe("10 ≥ 10");
    expect(result.wanted).toBe("≥ 0.1 and < 10");
  });

  it("shows the base also where nothing is compared", () => {
    const result = judge({ ...OPEN, min: 0.65 }, by({ a: 0.7, b: 0.69 }), by({ a: 0.7, b: 0.71 }));

    expect(result).toMatchObject({ verdict: "PASS", base: "0.71", delta: "−0.02" });
  });

  it("shows no base where there is none for the slice", () => {
    expect(judge({ ...OPEN, min: 0.65 }, by({ a: 0.7 }), by({ b: 0.7 }))).not.toHaveProperty("base");
  });

  it("is blocked where a slice of the base is left out, though nothing is compared", () => {
    const result = judge({ ...OPEN, min: 0.65 }, by({ easy: 0.9 }), by({ easy: 0.9, hard: 0.7 }));

    expect(result).toMatchObject({
      verdict: "BLOCKED",
      message: "1 sample of r2 is gone since the base: (`tenant=hard`).",
    });
  });

  it.each<[string, readonly MetricSample[] | null]>([
    ["the base measured less", by({ easy: 0.9 })],
    ["the base did not measure it", []],
    ["nothing is known of the base", null],
  ])("passes a slice that is new, where %s", (_name, base) => {
    expect(verdictOf({ ...OPEN, min: 0.65 }, by({ easy: 0.9, hard: 0.7 }), base)).toBe("PASS");
  });
});

describe("judgeMetric, beside the base", () => {
  it.each<[string, Partial<MetricGate>, number, number, string]>([
    ["passes what is as before", { maxWorse: 0 }, 0.71, 0.71, "PASS"],
    ["passes what is better", { maxWorse: 0 }, 0.72, 0.71, "PASS"],
    ["fails what is worse by the least", { maxWorse: 0 }, 0.71 - Number.EPSILON, 0.71, "FAIL"],
    ["passes exactly the loss that is allowed", { maxWorse: 0.01 }, 0.7, 0.71, "PASS"],
    ["fails a little more than that", { maxWorse: 0.01 }, 0.699_999_99, 0.71, "FAIL"],
    ["passes exactly the part that is allowed", { maxWorsePercent: 10 }, 0.9, 1, "PASS"],
    ["fails a little more than that part", { maxWorsePercent: 10 }, 0.899_999_9, 1, "FAIL"],
    ["takes the part of a negative base from its size", { maxWorsePercent: 10 }, -1.1, -1, "PASS"],
    ["fails more than the part of a negative base", { maxWorsePercent: 10 }, -1.11, -1, "FAIL"],
    ["allows no part of nothing", { maxWorsePercent: 50 }, -0.001, 0, "FAIL"],
    ["holds both limits, the unit", { maxWorse: 0.01, maxWorsePercent: 50 }, 0.6, 0.71, "FAIL"],
    ["holds both limits, the part", { maxWorse: 1, maxWorsePercent: 1 }, 0.6, 0.71, "FAIL"],
    ["survives numbers whose difference is none", { maxWorse: 1 }, -1.7e308, 1.7e308, "FAIL"],
    ["survives a part of the greatest number", { maxWorsePercent: 100 }, -1e307, 1.7e308, "FAIL"],
    ["takes tiny numbers seriously", { maxWorse: 1e-12 }, 1e-12, 3e-12, "FAIL"],
  ])("%s", (_name, limits, head, base, verdict) => {
    expect(verdictOf({ ...HIGHER, ...limits }, by({ a: head }), by({ a: base }))).toBe(verdict);
    expect(verdictOf({ ...LOWER, ...limits }, by({ a: -head }), by({ a: -base }))).toBe(verdict);
  });

  it("names the slice that lost most, with its base and how far it is from it", () => {
    const gate = { ...HIGHER, min: 0.65, maxWorse: 0.01 };
    const base = by({ t01: 0.8, t02: 0.71, t03: 0.9 });

    expect(judge(gate, by({ t01: 0.8, t02: 0.66, t03: 0.87 }), base)).toMatchInlineSnapshot(`
      {
        "base": "0.71",
        "delta": "−0.05",
        "details": [
          "✗ 0.66 (\`tenant=t02\`), 0.71 at the base",
          "✗ 0.87 (\`tenant=t03\`), 0.9 at the base",
          "✓ 0.8 (\`tenant=t01\`), 0.8 at the base",
        ],
        "gate": "metrics.r2",
        "inShort": "0.66 (−0.05)",
        "message": "2 of 3 samples of r2 lost more since the base than allowed; the worst is 0.66 (\`tenant=t02\`), 0.05 lower than 0.71.",
        "seen": "0.66 (\`tenant=t02\`)",
        "verdict": "FAIL",
        "wanted": "≥ 0.65 and at most 0.01 lower than at the base",
      }
    `);
  });

  it("says what passes, and what is new", () => {
    const gate = { ...LOWER, metric: "r2", below: 10, maxWorse: 0.5, maxWorsePercent: 5 };

    const result = judge(gate, by({ a: 9.4, b: 3 }), by({ a: 9.2 }));

    expect(result).toMatchInlineSnapshot(`
      {
        "base": "9.2",
        "delta": "+0.2",
        "details": [
          "✓ 9.4 (\`tenant=a\`), 9.2 at the base",
          "✓ 3 (\`tenant=b\`)",
        ],
        "gate": "metrics.r2",
        "message": "All 2 samples of r2 are < 10 and at most 0.5 and at most 5 % higher than at the base; the worst is 9.4 (\`tenant=a\`); 1 is new since the base.",
        "seen": "9.4 (\`tenant=a\`)",
        "verdict": "PASS",
        "wanted": "< 10 and at most 0.5 and at most 5 % higher than at the base",
      }
    `);
  });

  it("lets what is out of bounds outweigh what is only worse than before", () => {
    const result = judge(
      { ...HIGHER, min: 0.65, maxWorse: 0 },
      by({ a: 0.7, b: 0.61 }),
      by({ a: 0.9, b: 0.61 }),
    );

    expect(result).toMatchObject({ verdict: "FAIL", inShort: "0.61 < 0.65", base: "0.61", delta: "0" });
  });

  it("does not show two values as the same that are not", () => {
    const result = judge({ ...HIGHER, maxWorse: 0 }, by({ a: 0.710_01 }), by({ a: 0.710_02 }));

    expect(result).toMatchObject({
      verdict: "FAIL",
      seen: "0.71 (`tenant=a`)",
      base: "0.71002",
      delta: "−0.00001",
    });
  });

  it.each([
    [1, 0.75, "+0.25"],
    [0.750_000_1, 0.75, "+1e-7"],
    [0.75, 0.750_000_1, "−1e-7"],
    [0.1, 0.3, "−0.2"],
    [0.3, 0.3, "0"],
    [-0, 0, "0"],
    [1.7e308, -1.7e308, "+1.79769313486e+308"],
  ])("shows %d after %d as %s", (value, base, delta) => {
    expect(judge({ ...OPEN, min: -1.79e308 }, by({ a: value }), by({ a: base })).delta).toBe(delta);
  });

  it("fails what is no number, whatever it was", () => {
    const result = judge({ ...HIGHER, maxWorse: 1 }, by({ a: null }), by({ a: null }));

    expect(result).toMatchObject({
      verdict: "FAIL",
      inShort: "not a number",
      message: "The only sample of r2 is not a number; the worst is not a number (`tenant=a`).",
    });
  });

  const gate = { ...HIGHER, maxWorse: 0.01 };
  it.each<[string, readonly MetricSample[], readonly MetricSample[] | null, string]>([
    [
      "is blocked without a report of the base",
      by({ a: 1 }),
      null,
      "r2 cannot be held against the base: it has no report.",
    ],
    [
      "is blocked by a base that did not measure it",
      by({ a: 1 }),
      [{ name: "mape", value: 1, labels: { tenant: "a" } }],
      "r2 cannot be held against the base: its report has no sample of it.",
    ],
    [
      "is blocked by a base that was no number",
      by({ a: 1, b: 1 }),
      by({ a: null, b: 1 }),
      "r2 cannot be held against the base: there it is not a number (`tenant=a`).",
    ],
    [
      "is blocked by slices that are gone",
      by({ a: 1 }),
      by({ a: 1, b: 1, c: 0.1 }),
      "2 samples of r2 are gone since the base: (`tenant=b`), (`tenant=c`).",
    ],
    [
      "is blocked by slices under another name",
      by({ A: 1 }),
      by({ a: 1 }),
      "1 sample of r2 is gone since the base: (`tenant=a`).",
    ],
    [
      "is blocked by no sample at all",
      [],
      by({ a: 1 }),
      "No sample of r2 was reported, so nothing was measured.",
    ],
  ])("%s", (_name, head, base, message) => {
    expect(judge(gate, head, base)).toMatchObject({ verdict: "BLOCKED", message });
    expect(judge(gate, head, base).howToFix).toMatch(/\.$/u);
  });

  it("says what is worse before what cannot be compared", () => {
    expect(verdictOf(gate, by({ a: 0.5 }), by({ a: 1, b: 1 }))).toBe("FAIL");
  });

  it("takes the same labels in another order for the same slice", () => {
    const head = [{ name: "r2", value: 0.5, labels: { b: "2", a: "1" } }];
    const base = [{ name: "r2", value: 0.9, labels: { a: "1", b: "2" } }];

    expect(verdictOf(gate, head, base)).toBe("FAIL");
  });

  it("holds a value against the best of what the base says of the slice, and each value of the head", () => {
    expect(verdictOf(gate, by({ a: 0.8 }), [...by({ a: 0.8 }), ...by({ a: 0.9 })])).toBe("FAIL");
    expect(verdictOf(gate, [...by({ a: 0.9 }), ...by({ a: 0.8 })], by({ a: 0.9 }))).toBe("FAIL");
    expect(
      verdictOf({ ...gate, better: "lower" }, by({ a: 0.9 }), [...by({ a: 0.9 }), ...by({ a: 0.8 })]),
    ).toBe("FAIL");
  });

  it("compares only the slices that it judges", () => {
    const labelled = (value: number, sensitivity: string) => ({ name: "r2", value, labels: { sensitivity } });
    const head = [labelled(0.9, "high"), labelled(0.1, "low")];
    const base = [labelled(0.9, "high"), labelled(0.9, "low"), labelled(0.9, "none")];

    expect(verdictOf({ ...gate, where: { sensitivity: "high" } }, head, base)).toBe("PASS");
  });

  it("passes exactly when every slice of the base is there and none lost more than allowed", () => {
    const values = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.integer({ min: -20, max: 20 }));
    const limits = fc.record({
      better: fc.constantFrom("higher" as const, "lower" as const),
      maxWorse: fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined }),
      maxWorsePercent: fc.option(fc.constantFrom(0, 25, 50, 100), { nil: undefined }),
    });
    fc.assert(
      fc.property(values, values, limits, (head, base, { better, maxWorse, maxWorsePercent }) => {
        fc.pre(maxWorse !== undefined || maxWorsePercent !== undefined);
        const sign = better === "higher" ? 1 : -1;
        const isKept = Object.keys(base).every((tenant) => tenant in head) && Object.keys(base).length > 0;
        const isGood = Object.entries(base).every(([tenant, before]) => {
          const lost = sign * (before - (head[tenant] ?? 0));
          const byUnit = maxWorse === undefined || lost <= maxWorse;
          return (
            byUnit && (maxWorsePercent === undefined || lost * 100 <= Math.abs(before) * maxWorsePercent)
          );
        });
        const verdict = verdictOf({ ...OPEN, better, maxWorse, maxWorsePercent }, by(head), by(base));
        expect(verdict === "PASS").toBe(isKept && isGood);
      }),
    );
  });

  it("judges twenty thousand samples beside as many", () => {
    const many = Array.from({ length: 20_000 }, (_, index) => ({
      name: "r2",
      value: 0.9 + (index % 7) / 100,
      labels: { tenant: `t${index}`, sensitivity: index % 2 === 0 ? "high" : "low" },
    }));

    expect(verdictOf({ ...gate, min: 0.65 }, many, many)).toBe("PASS");
    expect(judge({ ...gate, min: 0.65 }, many.slice(1), many).message).toBe(
      "1 sample of r2 is gone since the base: (`tenant=t0, sensitivity=high`).",
    );
  });
});
