import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Acceptance } from "../../../src/core/config/config.ts";
import { acceptMetric, type MetricSample } from "../../../src/core/gate/accept-metrics.ts";

const FLOOR: Acceptance = {
  metric: "r2",
  where: {},
  min: 0.65,
  max: undefined,
  above: undefined,
  below: undefined,
  minSamples: undefined,
};

function samples(...values: readonly (number | null)[]): readonly MetricSample[] {
  return values.map((value, index) => ({ name: "r2", value, labels: { tenant: `t${index}` } }));
}

const judge = (acceptance: Partial<Acceptance>, metrics: readonly MetricSample[]) =>
  acceptMetric({ ...FLOOR, ...acceptance }, metrics).verdict;

describe("acceptMetric", () => {
  it.each<[string, Partial<Acceptance>, readonly MetricSample[], string]>([
    ["passes on the bound", {}, samples(0.65), "PASS"],
    ["passes above it", {}, samples(0.7, 0.9), "PASS"],
    ["fails when one of many is below", {}, samples(0.9, 0.9, 0.64, 0.9), "FAIL"],
    ["fails by the smallest difference there is", {}, samples(0.65 - Number.EPSILON), "FAIL"],
    ["is blocked without a sample", {}, [], "BLOCKED"],
    ["is blocked by other metrics alone", {}, [{ name: "R2", value: 1, labels: {} }], "BLOCKED"],
    ["fails for what is no number", {}, samples(0.9, null), "FAIL"],
    ["fails for NaN", {}, samples(Number.NaN), "FAIL"],
    ["fails for infinity, also above a floor", {}, samples(Number.POSITIVE_INFINITY), "FAIL"],
    [
      "fails for minus infinity below a ceiling",
      { min: undefined, max: 1 },
      samples(Number.NEGATIVE_INFINITY),
      "FAIL",
    ],
    ["takes minus zero for zero", { min: 0 }, samples(-0), "PASS"],
    ["takes the greatest number there is", {}, samples(Number.MAX_VALUE), "PASS"],
    ["passes on a ceiling", { min: undefined, max: 3 }, samples(3), "PASS"],
    ["fails above a ceiling", { min: undefined, max: 3 }, samples(3.0001), "FAIL"],
    ["passes between bounds", { max: 1 }, samples(0.8), "PASS"],
    ["fails on either side of them", { max: 1 }, samples(0.8, 1.1), "FAIL"],
    ["is blocked when nothing bounds it", { min: undefined }, samples(1), "BLOCKED"],
    ["fails for a bound that is no number", { min: Number.NaN }, samples(1), "FAIL"],
    ["is blocked by too few samples", { minSamples: 3 }, samples(0.9, 0.9), "BLOCKED"],
    ["passes with as many as asked for", { minSamples: 3 }, samples(0.9, 0.9, 0.9), "PASS"],
    ["takes no number of samples for one", { minSamples: 0 }, [], "BLOCKED"],
    ["fails at once when one of too few is bad", { minSamples: 3 }, samples(0.1), "FAIL"],
  ])("%s", (_name, acceptance, metrics, verdict) => {
    expect(judge(acceptance, metrics)).toBe(verdict);
  });

  it("counts a sample that is reported again once", () => {
    const [sample] = samples(0.9);
    if (sample === undefined) throw new Error("no sample");
    expect(judge({ minSamples: 2 }, [sample, sample])).toBe("BLOCKED");
    expect(judge({ minSamples: 2 }, [sample, { ...sample, value: 0.8 }])).toBe("BLOCKED");
    expect(judge({ minSamples: 2 }, [sample, { ...sample, labels: { tenant: "t1" } }])).toBe("PASS");
    expect(judge({}, [sample, { ...sample, value: 0.1 }])).toBe("FAIL");
  });

  it("judges only samples with every label asked for", () => {
    const metrics = [
      { name: "r2", value: 0.9, labels: { sensitivity: "high", tenant: "t1" } },
      { name: "r2", value: 0.1, labels: { sensitivity: "low" } },
      { name: "r2", value: 0.1, labels: {} },
    ];
    expect(judge({ where: { sensitivity: "high" } }, metrics)).toBe("PASS");
    expect(judge({ where: { sensitivity: "High" } }, metrics)).toBe("BLOCKED");
    expect(judge({ where: { sensitivity: "high", tenant: "t2" } }, metrics)).toBe("BLOCKED");
    expect(judge({}, metrics)).toBe("FAIL");
  });

  it("is not fooled by labels that objects have", () => {
    expect(judge({ where: { constructor: "x" } }, samples(0.9))).toBe("BLOCKED");
    const inherited = Object.create({ sensitivity: "high" });
    const where = { sensitivity: "high" };
    expect(judge({ where }, [{ name: "r2", value: 0.9, labels: inherited }])).toBe("BLOCKED");
    expect(judge({ where: JSON.parse('{"__proto__": "x"}') }, samples(0.9))).toBe("BLOCKED");
  });

  it("passes exactly when there are samples and each of them is within its bounds", () => {
    const value = fc.oneof(fc.double(), fc.constant(null), fc.constantFrom(0.64, 0.65, 0.66));
    const metric = fc.record({
      name: fc.constantFrom("r2", "r2", "r2", "mae"),
      value,
      labels: fc.dictionary(fc.constantFrom("a", "b"), fc.constantFrom("x", "y")),
    });
    fc.assert(
      fc.property(
        fc.array(metric, { maxLength: 6 }),
        fc.option(fc.integer({ min: 1, max: 3 })),
        (metrics, least) => {
          const own = metrics.filter(({ name }) => name === "r2");
          const isGood = own.every(
            (sample) => sample.value !== null && sample.value >= 0.65 && sample.value < Infinity,
          );
          const distinct = new Set(own.map(({ labels }) => ["a", "b"].map((label) => labels[label]).join()))
            .size;
          const expected = isGood && distinct >= (least ?? 1);
          expect(judge({ minSamples: least ?? undefined }, metrics) === "PASS").toBe(expected);
        },
      ),
    );
  });
});

describe("acceptMetric says", () => {
  const high: Acceptance = { ...FLOOR, where: { sensitivity: "high" } };
  const tenants = (...values: readonly number[]) =>
    values.map((value, index) => ({
      name: "r2",
      value,
      labels: { tenant: `t0${index + 1}`, sensitivity: "high" },
    }));

  it("how a passed metric stands", () => {
    expect(acceptMetric(high, tenants(0.71, 0.684, 0.9))).toMatchInlineSnapshot(`
      {
        "details": [
          "✓ 0.684 (\`tenant=t02, sensitivity=high\`)",
          "✓ 0.71 (\`tenant=t01, sensitivity=high\`)",
          "✓ 0.9 (\`tenant=t03, sensitivity=high\`)",
        ],
        "gate": "metrics.r2",
        "message": "All 3 samples of r2 (\`sensitivity=high\`) are ≥ 0.65; the worst is 0.684 (\`tenant=t02, sensitivity=high\`).",
        "seen": "0.684 (\`tenant=t02, sensitivity=high\`)",
        "verdict": "PASS",
        "wanted": "≥ 0.65",
      }
    `);
  });

  it("what fails, the worst first", () => {
    expect(acceptMetric(high, tenants(0.71, 0.6, 0.12))).toMatchInlineSnapshot(`
      {
        "details": [
          "✗ 0.12 (\`tenant=t03, sensitivity=high\`)",
          "✗ 0.6 (\`tenant=t02, sensitivity=high\`)",
          "✓ 0.71 (\`tenant=t01, sensitivity=high\`)",
        ],
        "gate": "metrics.r2",
        "inShort": "0.12 < 0.65",
        "message": "2 of 3 samples of r2 (\`sensitivity=high\`) are not ≥ 0.65; the worst is 0.12 (\`tenant=t03, sensitivity=high\`).",
        "seen": "0.12 (\`tenant=t03, sensitivity=high\`)",
        "verdict": "FAIL",
        "wanted": "≥ 0.65",
      }
    `);
  });

  it("that nothing was measured", () => {
    expect(acceptMetric(high, [])).toMatchInlineSnapshot(`
      {
        "gate": "metrics.r2",
        "howToFix": "Let the workflow report the metric, or correct \`accept\` on the default branch.",
        "message": "No sample of r2 (\`sensitivity=high\`) was reported, so nothing was measured.",
        "seen": "0 samples",
        "verdict": "BLOCKED",
        "wanted": "≥ 0.65",
      }
    `);
    expect(acceptMetric({ ...high, minSamples: 20 }, tenants(0.9))).toMatchObject({
      message:
        "1 of at least 20 samples of r2 (`sensitivity=high`) was reported; those with the same labels count once.",
      seen: "1 sample",
    });
  });

  it("one sample in the singular, and both bounds", () => {
    const acceptance = { ...FLOOR, max: 1 };
    expect(acceptMetric(acceptance, [{ name: "r2", value: 0.7, labels: {} }]).message).toBe(
      "The only sample of r2 is ≥ 0.65 and ≤ 1; the worst is 0.7.",
    );
    expect(acceptMetric(acceptance, [{ name: "r2", value: null, labels: {} }]).message).toBe(
      "The only sample of r2 is not ≥ 0.65 and ≤ 1; the worst is not a number.",
    );
  });

  it.each([
    [0.6499999, "0.6499999"],
    [0.64, "0.64"],
    [0.12345, "0.123"],
    [0.0000001, "1e-7"],
    [0, "0"],
    [-0, "0"],
    [-1234.5678, "-1234.568"],
    [-1e300, "-1e+300"],
  ])("%d as %s, never as if it were within its bound", (value, shown) => {
    expect(acceptMetric(FLOOR, [{ name: "r2", value, labels: {} }]).seen).toBe(shown);
  });

  it("at most twenty samples, and hostile labels as what they are", () => {
    expect(acceptMetric(FLOOR, samples(...Array.from({ length: 50 }, () => 0.1))).details).toHaveLength(20);
    const labels = { tenant: "@octocat `#1` <b>\n|" };
    expect(acceptMetric(FLOOR, [{ name: "r2", value: 0.1, labels }]).seen).toBe(
      "0.1 (`tenant=@octocat '#1' <b> |`)",
    );
  });
});
