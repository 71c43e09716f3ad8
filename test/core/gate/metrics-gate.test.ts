import { describe, expect, it } from "vitest";
import type { MetricGate } from "../../../src/core/config/config.ts";
import type { PullReports, ReportSet } from "../../../src/core/facts.ts";
import { evaluatePull, isOverridable, ruleOf } from "../../../src/core/gate/evaluate-pull.ts";
import { metricsGate } from "../../../src/core/gate/rules/metrics.ts";
import type { Override } from "../../../src/core/pull/review.ts";
import { NOW } from "../../support/build-task.ts";
import { buildSubject, HEAD, OTHER_SHA } from "./build-subject.ts";

const URL = "https://github.test/acme/shop/actions/runs/1#artifacts";

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
const R2: MetricGate = { ...OPEN, min: 0.65, better: "higher", maxWorse: 0.02 };
const MAPE: MetricGate = { ...OPEN, metric: "mape", below: 10 };

function found(metrics: Readonly<Record<string, unknown>>): ReportSet {
  const samples = Object.entries(metrics).map(([name, value]) => ({ name, value }));
  const text = JSON.stringify({ metrics: samples });
  return {
    kind: "found",
    url: URL,
    files: [{ format: "metrics", path: "m.json", content: { kind: "found", text } }],
  };
}

const NONE: ReportSet = { kind: "missing", runs: 1 };

function subjectOf(reports: PullReports, overrides: readonly Override[] = []) {
  return buildSubject({
    overrides,
    gates: {
      metrics: [R2, MAPE],
      reports: { artifact: "reports", files: [{ format: "metrics", path: "m.json" }] },
    },
    pull: { reports },
  });
}

function override(overrides: Partial<Override>): Override {
  return {
    gate: "metrics",
    sha: HEAD,
    by: { id: 8, login: "kim", type: "User" },
    at: NOW,
    reason: "agreed",
    ...overrides,
  };
}

describe("metricsGate", () => {
  it("is asked only where a metric is configured, and says why otherwise", () => {
    expect(evaluatePull(buildSubject())).toMatchObject({
      notEvaluated: expect.arrayContaining([{ gate: "metrics", why: "no metric is configured" }]),
    });
  });

  it("has an answer for each metric, with its evidence and its place in the configuration", () => {
    const answers = metricsGate.evaluate(
      subjectOf({ head: found({ r2: 0.61, mape: 8 }), base: found({ r2: 0.71 }) }),
    );

    expect(answers).toMatchObject([
      {
        gate: "metrics.r2",
        verdict: "FAIL",
        seen: "0.61",
        base: "0.71",
        delta: "−0.1",
        evidenceUrl: URL,
        configPath: ["gates", "metrics", 0],
      },
      {
        gate: "metrics.mape",
        verdict: "PASS",
        seen: "8",
        wanted: "< 10",
        configPath: ["gates", "metrics", 1],
      },
    ]);
  });

  it("F135 is blocked once for all metrics where there is no report", () => {
    expect(metricsGate.evaluate(subjectOf({ head: NONE, base: NONE }))).toMatchObject([
      {
        gate: "metrics",
        verdict: "BLOCKED",
        message: "No run of this commit left the artifact `reports`, so nothing is proven.",
      },
    ]);
  });

  it("is blocked for the metric that cannot be compared, and for no other", () => {
    const answers = metricsGate.evaluate(subjectOf({ head: found({ r2: 0.9, mape: 8 }), base: NONE }));

    expect(answers).toMatchObject([
      { gate: "metrics.r2", verdict: "BLOCKED" },
      { gate: "metrics.mape", verdict: "PASS" },
    ]);
  });

  it.each(["NaN", "Infinity", null])("fails for a metric that is %j", (value) => {
    const answers = metricsGate.evaluate(
      subjectOf({ head: found({ r2: value, mape: 8 }), base: found({ r2: 0.7 }) }),
    );

    expect(answers).toMatchObject([{ verdict: "FAIL", seen: "not a number" }, { verdict: "PASS" }]);
  });

  it("judges several reports together", () => {
    const file = (path: string, value: number) => ({
      format: "metrics",
      path,
      content: {
        kind: "found",
        text: JSON.stringify({ metrics: [{ name: "r2", value, labels: { path } }] }),
      } as const,
    });
    const set: ReportSet = { kind: "found", url: URL, files: [file("a.json", 0.9), file("b.json", 0.1)] };
    const gates = {
      metrics: [{ ...OPEN, min: 0.65 }],
      reports: {
        artifact: "reports",
        files: [
          { format: "metrics", path: "a.json" },
          { format: "metrics", path: "b.json" },
        ],
      },
    };

    expect(
      metricsGate.evaluate(buildSubject({ gates, pull: { reports: { head: set, base: NONE } } })),
    ).toMatchObject([{ verdict: "FAIL", seen: "0.1 (`path=b.json`)" }]);
  });
});

describe("an override of metrics", () => {
  const bad = { head: found({ r2: 0.61, mape: 12 }), base: found({ r2: 0.6 }) };
  const wordsOf = (...overrides: readonly Override[]) => {
    const evaluation = evaluatePull(subjectOf(bad, overrides));
    const gates = evaluation.kind === "verdict" ? evaluation.verdict.gates : [];
    return gates.filter(({ gate }) => gate.startsWith("metrics.")).map(({ verdict }) => verdict);
  };

  it.each<[string, Partial<Override>, readonly string[]]>([
    ["covers all of them by the gate's name", { gate: "metrics" }, ["PASS", "PASS"]],
    ["covers the one that it names", { gate: "metrics.r2" }, ["PASS", "FAIL"]],
    ["covers none that only begins alike", { gate: "metrics.r" }, ["FAIL", "FAIL"]],
    ["covers nothing of another commit", { sha: OTHER_SHA }, ["FAIL", "FAIL"]],
    [
      "is nothing from whoever asked for the work",
      { by: { id: 7, login: "robin", type: "User" } },
      ["FAIL", "FAIL"],
    ],
    ["is nothing from a bot", { by: { id: 8, login: "b[bot]", type: "Bot" } }, ["FAIL", "FAIL"]],
  ])("%s", (_name, overrides, words) => {
    expect(wordsOf(override(overrides))).toEqual(words);
  });

  it("is shown as what it is, with what the metric was", () => {
    const evaluation = evaluatePull(subjectOf(bad, [override({ gate: "metrics.r2" })]));
    const gates = evaluation.kind === "verdict" ? evaluation.verdict.gates : [];

    expect(gates.find(({ gate }) => gate === "metrics.r2")).toMatchObject({
      verdict: "PASS",
      seen: "0.61",
      overridden: { verdict: "FAIL", by: "kim", reason: "agreed" },
    });
  });
});

describe("ruleOf", () => {
  it("finds the rule by its own name and by that of one of its answers", () => {
    expect(ruleOf("metrics")?.name).toBe("metrics");
    expect(ruleOf("metrics.a.b")?.name).toBe("metrics");
    expect(ruleOf("metricsx")).toBeUndefined();
    expect(isOverridable("metrics.r2")).toBe(true);
    expect(isOverridable("head")).toBe(false);
    expect(isOverridable("nothing")).toBe(false);
  });
});
