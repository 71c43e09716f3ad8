import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { SimulationScenario } from "../../src/ports/simulator.ts";
import { simulator } from "../../src/simulation/simulator.ts";

const CONFIG = readFileSync(
  new URL("../../fixtures/demo-repository/.github/orchestrator.yml", import.meta.url),
  "utf8",
);
const PLAIN: SimulationScenario = {
  config: CONFIG,
  roadmap: null,
  days: 2,
  seed: 1,
  tasks: 6,
  faults: "none",
};

const play = (change: Partial<SimulationScenario> = {}) =>
  simulator.run({ ...PLAIN, ...change }, () => undefined);

describe("simulating a configuration", () => {
  it("brings every task to an end or to a person when nothing goes wrong", async () => {
    const { tasks, happened } = await play();

    expect(tasks.handedOver).toBe(6);
    expect(tasks.finished).toBeGreaterThan(3);
    expect(tasks.finished + tasks.failed + tasks.waitingForPerson).toBe(6);
    expect(happened).toEqual([]);
  });

  it("gives the same report for the same seed, and another one for another", async () => {
    const [one, same, other] = [
      await play({ faults: "swarm" }),
      await play({ faults: "swarm" }),
      await play({ seed: 2 }),
    ];

    expect(one).toEqual(same);
    expect(other).not.toEqual(one);
  });

  it("shows that nothing is dispatched in shadow mode, and who lifts that", async () => {
    const { tasks, runs, waitingForPerson } = await play({
      config: CONFIG.replace("mode: active", "mode: shadow"),
    });

    expect(runs.started).toBe(0);
    expect(tasks.waitingForPerson).toBe(6);
    expect(waitingForPerson).toMatchObject([{ code: "mode.shadow", tasks: 6, liftedBy: "`mode: active`" }]);
  });

  it("shows how long tasks wait where few may run", async () => {
    const tight = CONFIG.replace("running: 4", "running: 1").replace("qa: 2, dev: 2", "qa: 1, dev: 1");
    const [narrow, wide] = [await play({ config: tight, tasks: 20 }), await play({ tasks: 20 })];

    expect(narrow.queue.longest).toBeGreaterThan(wide.queue.longest);
    expect(narrow.queue.longestWaitMs).toBeGreaterThan(wide.queue.longestWaitMs);
  });

  it("leaves the merge to people where the autonomy does, and counts that they were needed", async () => {
    const byHand = CONFIG.replace("autonomy: merge", "autonomy: draft-pr");
    const [helped, alone] = [await play({ config: byHand }), await play()];

    expect(helped.tasks.finishedAlone).toBeLessThan(alone.tasks.finishedAlone);
    expect(helped.pulls.merged).toBeGreaterThan(0);
  });

  it("adds up what roles use", async () => {
    const { roles, runs } = await play();

    expect(roles.map(({ role }) => role).toSorted()).toEqual(["bugfix", "data-engineer"]);
    expect(roles.reduce((sum, { tasks }) => sum + tasks, 0)).toBe(6);
    expect(roles.reduce((sum, { attempts }) => sum + attempts, 0)).toBeLessThanOrEqual(runs.started);
    for (const { minutes, usd } of roles) expect(usd).toBeLessThanOrEqual(minutes * 0.03 + 0.1);
  });

  it("tells how far it is, from the beginning to the end", async () => {
    const parts: number[] = [];
    await simulator.run({ ...PLAIN, days: 1, tasks: 1 }, (part) => parts.push(part));

    expect(parts.at(-1)).toBe(1);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
  });

  it("refuses a configuration that is not valid", async () => {
    await expect(play({ config: "version: 2\n" })).rejects.toThrow(
      "The configuration to simulate is not valid",
    );
  });
});
