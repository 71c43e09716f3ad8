import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Breaker, findRest, letThrough, noteTrouble } from "../../../src/core/breaker/breaker.ts";
import { explainRest } from "../../../src/core/breaker/explain-rest.ts";
import { NOW } from "../../support/build-task.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CONFIG = { failures: 3, pauseMs: 10 * MINUTE_MS };

const trouble = (known: Breaker | undefined, taskId: string, now = NOW, config = CONFIG) =>
  noteTrouble(known, { taskId, what: "The run was cancelled.", now, config });

function openAt(now = NOW): Breaker {
  return trouble(trouble(trouble(undefined, "a", now), "b", now), "c", now);
}

const restOf = (breaker: Breaker | undefined, id: string, now: number, underWay: readonly string[] = []) =>
  findRest(breaker, { id, now, isUnderWay: (task) => underWay.includes(task) });

describe("a breaker", () => {
  it("holds nothing back before as many troubles in a row as are configured", () => {
    const twice = trouble(trouble(undefined, "a"), "b");

    expect(twice).toMatchObject({ failures: 2, openUntil: null });
    expect(restOf(undefined, "x", NOW)).toBeUndefined();
    expect(restOf(twice, "x", NOW)).toBeUndefined();
  });

  it("opens for the configured pause with the trouble that makes it enough", () => {
    expect(openAt()).toMatchObject({ failures: 3, openUntil: NOW + CONFIG.pauseMs });
    expect(restOf(openAt(), "x", NOW + CONFIG.pauseMs - 1)).toEqual({
      kind: "resting",
      until: NOW + CONFIG.pauseMs,
    });
  });

  it("opens with the first trouble where one is enough", () => {
    expect(trouble(undefined, "a", NOW, { ...CONFIG, failures: 1 }).openUntil).toBe(NOW + CONFIG.pauseMs);
  });

  it("is not held open longer by what was under way when it opened", () => {
    expect(trouble(openAt(), "late", NOW + MINUTE_MS)).toMatchObject({
      failures: 4,
      openUntil: NOW + CONFIG.pauseMs,
      failedProbes: 0,
    });
  });

  it("lets one task through after the pause, and the others when that one is not under way any more", () => {
    const later = NOW + CONFIG.pauseMs;
    const probed = letThrough(openAt(), "probe");

    expect(restOf(openAt(), "probe", later)).toBeUndefined();
    expect(restOf(probed, "other", later, ["probe"])).toEqual({ kind: "probing", probe: "probe" });
    expect(restOf(probed, "probe", later, ["probe"])).toBeUndefined();
    expect(restOf(probed, "other", later, [])).toBeUndefined();
  });

  it("S17 keeps its last trouble without half a code span, which would set free what a worker called a file", () => {
    const what = `${"x".repeat(180)} \`@octocat #1 <b>/${"y".repeat(50)}\``;
    const { last } = noteTrouble(undefined, { taskId: "a", what, now: NOW, config: CONFIG });

    expect(last).toBe(`${"x".repeat(180)} …`);
  });

  it("rests twice as long after each probe that ended in trouble, and never longer than two hours", () => {
    let breaker = openAt();
    const pauses: number[] = [];
    let now = NOW;
    for (let probe = 0; probe < 6; probe += 1) {
      now = (breaker.openUntil ?? 0) + 1;
      breaker = trouble(letThrough(breaker, "probe"), "probe", now);
      pauses.push(((breaker.openUntil ?? 0) - now) / MINUTE_MS);
    }

    expect(pauses).toEqual([20, 40, 80, 120, 120, 120]);
    expect(breaker.probe).toBeNull();
  });

  it("rests as long as configured where that is longer than two hours", () => {
    const config = { failures: 1, pauseMs: 5 * HOUR_MS };
    const open = trouble(undefined, "a", NOW, config);
    const again = trouble(letThrough(open, "a"), "a", NOW + 5 * HOUR_MS, config);

    expect(again.openUntil).toBe(NOW + 10 * HOUR_MS);
  });

  it("lets whoever passes a closed one be no probe", () => {
    const twice = trouble(trouble(undefined, "a"), "b");
    expect(letThrough(twice, "x")).toEqual(twice);
  });

  it("never lets two tasks through at once while it is open, whoever comes when", () => {
    const step = fc.record({
      task: fc.constantFrom("a", "b", "c"),
      after: fc.integer({ min: 0, max: 30 * MINUTE_MS }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        expect(mostUnderWay(steps)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

interface Step {
  readonly task: string;
  readonly after: number;
}

/** How many tasks are under way at once at most while every one of them ends in trouble. */
function mostUnderWay(steps: readonly Step[]): number {
  let breaker = openAt();
  let now = NOW;
  let most = 0;
  const underWay = new Set<string>();
  for (const { task, after } of steps) {
    now += after;
    if (underWay.delete(task)) breaker = trouble(breaker, task, now);
    else if (restOf(breaker, task, now, [...underWay]) === undefined) {
      underWay.add(task);
      breaker = letThrough(breaker, task);
    }
    most = Math.max(most, underWay.size);
  }
  return most;
}

describe("what a breaker says", () => {
  it("is how often a workflow was in trouble, the last of it, and when a probe goes", () => {
    const breaker = openAt();
    const said = explainRest("train.yml", {
      breaker,
      rest: { kind: "resting", until: NOW + CONFIG.pauseMs },
      now: NOW,
    });

    expect(said).toMatchObject({
      code: "breaker.open",
      message:
        "Workflow `train.yml`: 3 troubles in a row that were not the work's own. The last: The run was cancelled. Nothing is started until 14:10 UTC, then one task as a probe.",
      deadline: NOW + CONFIG.pauseMs,
    });
    expect(said.liftedBy).toContain("/orchestrate resume");
  });

  it("names the task that is under way as a probe", () => {
    const breaker = letThrough(openAt(), "1001.42.1");
    const said = explainRest("role:bugfix", {
      breaker,
      rest: { kind: "probing", probe: "1001.42.1" },
      now: NOW,
    });

    expect(said.message).toContain("Role `bugfix`: the critics refused what it had merged 3 times in a row");
    expect(said.message).toContain("Task `1001.42.1` is under way as a probe.");
  });

  it("keeps a long trouble short", () => {
    const long = noteTrouble(undefined, { taskId: "a", what: "x".repeat(5000), now: NOW, config: CONFIG });
    expect(long.last.length).toBe(200);
  });
});
