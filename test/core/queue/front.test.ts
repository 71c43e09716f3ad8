import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frontOf, isParked, QUEUE_WINDOW } from "../../../src/core/queue/front.ts";
import { REASONS, type ReasonCode, reason } from "../../../src/core/reasons.ts";
import { buildTask, NOW } from "../../support/build-task.ts";

const CODES = Object.keys(REASONS) as ReasonCode[];

function queuedFor(...codes: readonly ReasonCode[]) {
  return buildTask({ state: "queued", reasons: codes.map((code) => reason(code, "m")) });
}

describe("a queued task", () => {
  it.each([[], ["limit.running"], ["mode.shadow", "limit.usd"]] as const)(
    "is not parked by %j",
    (...codes) => {
      expect(isParked(queuedFor(...codes))).toBe(false);
    },
  );

  it.each([["task.held"], ["limit.running", "dependency.open"], ["limit.team"], ["breaker.open"]] as const)(
    "is parked by %j",
    (...codes) => {
      expect(isParked(queuedFor(...codes))).toBe(true);
    },
  );

  it("that was started is not parked", () => {
    expect(isParked(buildTask({ state: "running", reasons: [reason("run.working", "m")] }))).toBe(false);
  });
});

describe("the front of the queue", () => {
  it("keeps the order, has the first of each sort, and no more of it than a plan looks at", () => {
    const queues = fc.array(fc.constantFrom(...CODES), { maxLength: 4 * QUEUE_WINDOW });
    fc.assert(
      fc.property(queues, (codes) => {
        const queue = codes.map((code, index) => ({
          ...queuedFor(code),
          id: `t${index}`,
          rankAt: NOW + index,
        }));
        const front = frontOf(queue);

        for (const sort of [true, false]) {
          const ofSort = queue.filter((task) => isParked(task) === sort);
          expect(front.filter((task) => isParked(task) === sort)).toEqual(ofSort.slice(0, QUEUE_WINDOW));
        }
        expect(front.toSorted((a, b) => a.rankAt - b.rankAt)).toEqual(front);
      }),
      { numRuns: 50 },
    );
  });
});
