import { describe, expect, it } from "vitest";
import { checkHistory } from "./check-history.ts";
import { playSeed } from "./scenarios.ts";

/** Three hundred seeds, so many to a test that none takes long. */
const FIRST_SEEDS = [1, 51, 101, 151, 201, 251];
const SEEDS_EACH = 50;

/** Histories in which something did not hold once, each with what happened there. */
const ONCE_BROKEN: readonly [number, string][] = [
  [1_011_969, "a line of paths that goes on in words"],
  [2_009_695, "a patience that outlives its process"],
  [3_014_505, "a pull request that is opened a minute late, when its branch is gone"],
  [4_040, "a publication that waits while its paths come under a ceiling"],
  [8_078, "the same with a first attempt"],
  [6_008_533, "a run that is run again after its task was cancelled and another took its place"],
  [7_002_054, "a pull request that is pointed elsewhere while the process is away"],
];

describe("what must hold whatever happens", () => {
  it.each(FIRST_SEEDS)(`I1 to I15 hold in the histories of ${SEEDS_EACH} seeds from %i on`, async (first) => {
    const broken: string[] = [];
    for (let seed = first; seed < first + SEEDS_EACH; seed += 1)
      broken.push(...checkHistory(await playSeed(seed)).map((problem) => `seed ${seed}: ${problem}`));

    expect(broken).toEqual([]);
  });

  it.each(ONCE_BROKEN)("I1 to I15 hold in the history of seed %i: %s", async (seed) => {
    expect(checkHistory(await playSeed(seed))).toEqual([]);
  });

  it("one seed is one history, to the last request", async () => {
    expect(await playSeed(7)).toEqual(await playSeed(7));
  });
});
