import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  FRONT_SIZE,
  frontOf,
  MAX_SORTS,
  QUEUE_WINDOW,
  sortOf,
  windowOf,
} from "../../../src/core/queue/front.ts";
import { REASONS, type ReasonCode, reason } from "../../../src/core/reasons.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildTask, NOW } from "../../support/build-task.ts";

const CODES = Object.keys(REASONS) as ReasonCode[];

function queuedFor(codes: readonly ReasonCode[], change: Partial<Task> = {}): Task {
  return buildTask({ state: "queued", reasons: codes.map((code) => reason(code, "m")), ...change });
}

describe("a queued task", () => {
  it.each<[string, readonly ReasonCode[]]>([
    ["free qa", []],
    ["free qa", ["limit.running"]],
    ["free qa", ["mode.shadow", "limit.usd"]],
    ["full qa", ["limit.team"]],
    ["full qa", ["limit.running", "repository.paused", "session.over"]],
    ["own qa", ["task.held"]],
    ["own qa", ["limit.team", "dependency.open"]],
    ["own qa", ["breaker.open"]],
  ])("is of the sort %j by %j", (sort, codes) => {
    expect(sortOf(queuedFor(codes))).toBe(sort);
  });

  it("is its own team's, whoever does its work", () => {
    const standsIn = { for: "bugfix", team: "qa", attempt: 1, because: "its week is spent" };

    expect(sortOf(queuedFor([], { team: "dev", standsIn }))).toBe("free qa");
  });

  it("that was started is of no sort", () => {
    expect(sortOf(buildTask({ state: "running", reasons: [reason("run.working", "m")] }))).toBe("");
  });
});

describe("the front of the queue", () => {
  /** Tasks in rank order, one for each code and team. */
  function queueOf(waits: readonly (readonly [ReasonCode, string])[]): readonly Task[] {
    return waits.map(([code, team], index) =>
      queuedFor([code], { team, id: `t${index}`, rankAt: NOW + index }),
    );
  }

  it("keeps the order, has the first of each sort, and no more of it than a plan looks at", () => {
    const waits = fc.tuple(fc.constantFrom(...CODES), fc.constantFrom("qa", "dev"));
    fc.assert(
      fc.property(fc.array(waits, { maxLength: 6 * QUEUE_WINDOW }), (given) => {
        const queue = queueOf(given);
        const sorts = new Set(queue.map(sortOf));
        const front = frontOf(queue);

        for (const sort of sorts) {
          const ofSort = queue.filter((task) => sortOf(task) === sort);
          expect(front.filter((task) => sortOf(task) === sort)).toEqual(
            ofSort.slice(0, windowOf(sorts.size)),
          );
        }
        expect(front.toSorted((a, b) => a.rankAt - b.rankAt)).toEqual(front);
      }),
      { numRuns: 50 },
    );
  });

  it("is a hundred of each of four sorts, and fewer of each where there are more", () => {
    expect([0, 1, 4, 5, 7, MAX_SORTS].map(windowOf)).toEqual([100, 100, 100, 80, 57, 20]);
  });

  it("is bounded whatever teams there are, and leaves out those that wait for something of their own first", () => {
    const teams = Array.from({ length: 3 * MAX_SORTS }, (_, index) => `team-${index + 100}`);
    const waits = teams.flatMap((team, index) =>
      Array.from({ length: 30 }, () => [index < 15 ? "limit.team" : "task.held", team] as const),
    );
    const front = frontOf(queueOf(waits));
    const sorts = [...new Set(front.map(sortOf))];

    expect(front.length).toBeLessThanOrEqual(FRONT_SIZE);
    expect(sorts).toHaveLength(MAX_SORTS);
    expect(sorts.filter((sort) => sort.startsWith("full "))).toHaveLength(15);
  });

  it("F115 has the teams whose tasks come first, whatever they are called", () => {
    const teams = ["zebra", ...Array.from({ length: 2 * MAX_SORTS }, (_, index) => `team-${index + 100}`)];
    const front = frontOf(queueOf(teams.map((team) => ["queue.behind", team] as const)));

    expect(front.map(({ team }) => team)).toEqual(teams.slice(0, MAX_SORTS));
  });
});
