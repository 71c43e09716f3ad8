import { describe, expect, it } from "vitest";
import { DAY_MS } from "../../src/simulation/context.ts";
import { Simulation } from "../../src/simulation/simulation.ts";
import { linesOf, writesOf } from "./read-history.ts";

const CONFIG = [
  "version: 1",
  "autonomy: merge",
  "mode: active",
  "limits: { minutesPerWeek: 1 }",
  "kinds: { bugfix: { match: { labels: [bug] } } }",
  "",
].join("\n");

describe("the comment of a task that waits behind a limit", () => {
  it("is edited once a day at most while nothing happens, however often the task is looked at", async () => {
    const scenario = { config: CONFIG, roadmap: null, days: 1, seed: 3, tasks: 3, faults: "none" } as const;
    const simulation = new Simulation(scenario);
    await simulation.pass(DAY_MS);
    const before = simulation.context.recorder.lines.length;
    await simulation.pass(DAY_MS);

    const since = simulation.context.recorder.lines.slice(before);
    const looks = linesOf(since, "handled").filter(({ reason }) => reason === "looked at again");
    const edits = writesOf(since, "comment.edit").map(({ write }) => write.issue);
    expect(simulation.tables.queue().map(({ reasons }) => reasons.map(({ code }) => code))).toEqual([
      ["limit.minutes"],
      ["limit.minutes"],
      ["limit.minutes"],
    ]);
    expect(looks.length).toBeGreaterThan(140);
    expect(edits.length).toBe(new Set(edits).size);
  });
});
