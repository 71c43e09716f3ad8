import { describe, expect, it } from "vitest";
import { checkHistory } from "./check-history.ts";
import { PLANTED_BUGS } from "./planted-bugs.ts";
import { findBug, playSeed } from "./scenarios.ts";

/** Three hundred seeds, so many to a test that none takes long. */
const FIRST_SEEDS = [1, 51, 101, 151, 201, 251];
const SEEDS_EACH = 50;

describe("what must hold whatever happens", () => {
  it.each(FIRST_SEEDS)(`I1 to I15 hold in the histories of ${SEEDS_EACH} seeds from %i on`, async (first) => {
    const broken: string[] = [];
    for (let seed = first; seed < first + SEEDS_EACH; seed += 1)
      broken.push(...checkHistory(await playSeed(seed)).map((problem) => `seed ${seed}: ${problem}`));

    expect(broken).toEqual([]);
  });

  it("one seed is one history, to the last request", async () => {
    expect(await playSeed(7)).toEqual(await playSeed(7));
  });
});

describe("a bug on purpose", () => {
  it.each([
    ["takes the same delivery twice", "I2"],
    ["does not note that an effect is tried", "I5"],
    ["merges without naming the commit", "I6"],
    ["gives no reasons", "I14"],
    ["ignores the budget of attempts", "I11"],
    ["keeps no audit of effects", "I12"],
    ["tells nobody how an effect ended", "I14"],
  ])("that it %s is found, as a breach of %s", async (name, invariant) => {
    const found = await findBug(PLANTED_BUGS[name] ?? {}, 20);

    expect(found?.problems.some((problem) => problem.startsWith(`${invariant}:`))).toBe(true);
  });
});
