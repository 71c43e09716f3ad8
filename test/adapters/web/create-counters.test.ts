import { describe, expect, it } from "vitest";
import { createCounters } from "../../../src/adapters/web/create-counters.ts";

async function seriesOf({ registry }: ReturnType<typeof createCounters>, metric: string) {
  const lines = (await registry.metrics()).split("\n");
  return lines.filter((line) => line.startsWith(`${metric}{`));
}

describe("counters", () => {
  it("adds up by name and labels", async () => {
    const metrics = createCounters();

    metrics.counters.count("effects", { kind: "dispatch", outcome: "done" });
    metrics.counters.count("effects", { kind: "dispatch", outcome: "done" });
    metrics.counters.count("effects", { kind: "merge", outcome: "refused" });

    expect(await seriesOf(metrics, "orchestrator_effects_total")).toEqual([
      'orchestrator_effects_total{kind="dispatch",outcome="done"} 2',
      'orchestrator_effects_total{kind="merge",outcome="refused"} 1',
    ]);
  });

  it("measures seconds into buckets and ignores what is no duration", async () => {
    const metrics = createCounters();

    for (const seconds of [0.2, Number.NaN, -1, Number.POSITIVE_INFINITY]) {
      metrics.counters.observe("event", seconds, { kind: "issue.labeled" });
    }

    const count = await seriesOf(metrics, "orchestrator_event_seconds_count");
    expect(count).toEqual(['orchestrator_event_seconds_count{kind="issue.labeled"} 1']);
  });

  it("keeps the number of series fixed, whoever chooses the labels", async () => {
    const metrics = createCounters();

    for (let at = 0; at < 500; at += 1) metrics.counters.count("errors", { where: `place-${at}` });
    metrics.counters.count("errors", { where: "place-0" });

    const series = await seriesOf(metrics, "orchestrator_errors_total");
    expect(series).toHaveLength(101);
    expect(series).toContain('orchestrator_errors_total{where="other"} 400');
    expect(series).toContain('orchestrator_errors_total{where="place-0"} 2');
  });

  it("keeps the template of a route", async () => {
    const metrics = createCounters();
    const route = "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches";

    metrics.counters.count("requests", { method: "POST", route, status: 200 });

    expect(await seriesOf(metrics, "orchestrator_requests_total")).toEqual([
      `orchestrator_requests_total{method="POST",route="${route}",status="200"} 1`,
    ]);
  });

  it("takes no text with line breaks, quotes or excessive length as a label", async () => {
    const metrics = createCounters();

    for (const event of ["a;b", "a\nb", "x".repeat(200), "", 'a"b']) {
      metrics.counters.count("deliveries", { event, outcome: "refused" });
    }

    expect(await seriesOf(metrics, "orchestrator_deliveries_total")).toEqual([
      'orchestrator_deliveries_total{event="other",outcome="refused"} 5',
    ]);
  });

  it("belongs to one process part, so that two do not collide", () => {
    expect(() => [createCounters(), createCounters()]).not.toThrow();
  });
});
