import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RankFacts, rankTask, SLACK_MS } from "../../../src/core/queue/rank.ts";
import { PRIORITIES } from "../../../src/core/task/task.ts";
import { HOUR_MS, NOW } from "../../support/build-task.ts";

const PLAIN: RankFacts = { enqueuedAt: NOW, priority: "p2", revenue: false, unblocks: 0 };
/** The most by which a younger task may come first: all the slack there is, and every boost. */
const MOST_MS = (168 + 12 + 24) * HOUR_MS;

const rank = (overrides: Partial<RankFacts> = {}) => rankTask({ ...PLAIN, ...overrides });

const facts: fc.Arbitrary<RankFacts> = fc.record({
  enqueuedAt: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  priority: fc.constantFrom(...PRIORITIES),
  revenue: fc.boolean(),
  unblocks: fc.nat(1_000_000),
});

describe("rankTask", () => {
  it.each([
    ["p0", 0],
    ["p1", 8],
    ["p2", 48],
    ["p3", 168],
  ] as const)("lets %s wait %d hours", (priority, hours) => {
    expect(rank({ priority })).toBe(NOW + hours * HOUR_MS);
  });

  it("moves what is on the revenue path and what unblocks others forward, the latter by a day at most", () => {
    expect(rank() - rank({ revenue: true })).toBe(12 * HOUR_MS);
    expect(rank() - rank({ unblocks: 3 })).toBe(6 * HOUR_MS);
    expect(rank() - rank({ unblocks: 12 })).toBe(24 * HOUR_MS);
    expect(rank() - rank({ unblocks: 1_000_000 })).toBe(24 * HOUR_MS);
    expect(rank({ unblocks: -5 })).toBe(rank());
  });

  it("puts the older of two equal tasks first, whatever else they have in common", () => {
    fc.assert(
      fc.property(facts, fc.integer({ min: 1, max: MOST_MS }), (older, later) => {
        const younger = { ...older, enqueuedAt: older.enqueuedAt + later };
        expect(rankTask(older)).toBeLessThan(rankTask(younger));
      }),
    );
  });

  it("starves none: whoever comes a bounded time later comes behind", () => {
    fc.assert(
      fc.property(facts, facts, (older, other) => {
        const younger = { ...other, enqueuedAt: older.enqueuedAt + MOST_MS + 1 };
        expect(rankTask(older)).toBeLessThan(rankTask(younger));
      }),
    );
  });

  it("serves every task of an endless stream of urgent ones after a bounded number of them", () => {
    const patient = rank({ priority: "p3" });
    const arrivals = Array.from({ length: 400 }, (_, hour) =>
      rank({ enqueuedAt: NOW + hour * HOUR_MS, priority: "p0", revenue: true, unblocks: 99 }),
    );
    expect(arrivals.filter((urgent) => urgent <= patient)).toHaveLength(MOST_MS / HOUR_MS + 1);
  });

  it("puts the more urgent of two tasks of one moment first, and the more useful of two equally urgent ones", () => {
    fc.assert(
      fc.property(facts, (one) => {
        expect(rankTask({ ...one, revenue: true })).toBeLessThan(rankTask({ ...one, revenue: false }));
        expect(rankTask({ ...one, unblocks: one.unblocks + 1 })).toBeLessThanOrEqual(rankTask(one));
        const ranks = PRIORITIES.map((priority) => rankTask({ ...one, priority }));
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      }),
    );
  });

  it("is a whole number that a column can hold", () => {
    fc.assert(fc.property(facts, (one) => Number.isSafeInteger(rankTask(one))));
    expect(Object.keys(SLACK_MS)).toEqual([...PRIORITIES]);
  });
});
