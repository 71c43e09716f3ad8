import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frontOf, isSidelined, QUEUE_WINDOW } from "../../../src/core/queue/front.ts";
import { REASONS, type ReasonCode, reason } from "../../../src/core/reasons.ts";
import { buildTask, NOW } from "../../support/build-task.ts";

const CODES = Object.keys(REASONS) as ReasonCode[];

function queuedFor(...codes: readonly ReasonCode[]) {
  return buildTask({ state: "queued", reasons: codes.map((code) => reason(code, "m")) });
}

describe("a queued task", () => {
  it.each([[], ["limit.running"], ["mode.shadow", "limit.usd"]] as const)(
    "is not sidelined by %j",
    (...codes) => {
      expect(isSidelined(queuedFor(...codes))).toBe(false);
    },
  );

  it.each([["task.held"], ["limit.running", "dependency.open"], ["limit.team"], ["breaker.open"]] as const)(
    "is sidelined by %j",
    (...codes) => {
      expect(isSidelined(queuedFor(...codes))).toBe(true);
    },
  );

  it("that was started is not sidelined", () => {
    expect(isSidelined(buildTask({ state: "running", reasons: [reason("run.working", "m")] }))).toBe(false);
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
          const ofSort = queue.filter((task) => isSidelined(task) === sort);
          expect(front.filter((task) => isSidelined(task) === sort)).toEqual(ofSort.slice(0, QUEUE_WINDOW));
        }
        expect(front.toSorted((a, b) => a.rankAt - b.rankAt)).toEqual(front);
      }),
      { numRuns: 50 },
    );
  });
});
