import { describe, expect, it } from "vitest";
import { FIRST_SIGHTINGS } from "./first-sightings.ts";
import { PLANTED_BUGS } from "./planted-bugs.ts";
import { findBug } from "./scenarios.ts";

/** The rarest of them needs more than these where it is not seen at once; `npm run faults` looks further. */
const MOST_SEEDS = 40;

describe("a bug on purpose", () => {
  it("is there at least forty times", () => {
    expect(Object.keys(PLANTED_BUGS).length).toBeGreaterThanOrEqual(40);
  });

  it.each(Object.entries(PLANTED_BUGS))("that it %s is found", async (name, bugs) => {
    const found = await findBug(bugs, { most: MOST_SEEDS, first: FIRST_SIGHTINGS[name] ?? 1 });

    expect(found?.problems[0]).toMatch(/^I\d+: /u);
  });

  it.each([
    ["takes the same delivery twice", "I2"],
    ["does not note that an effect is tried", "I5"],
    ["merges without naming the commit", "I6"],
    ["keeps to the first version of what people are shown", "I7"],
    ["takes everybody for an administrator", "I9"],
    ["overlooks shadow mode", "I10"],
    ["ignores the budget of attempts", "I11"],
    ["keeps no audit of effects", "I12"],
    ["leaves credentials in what it tells", "I13"],
    ["tells nobody how an effect ended", "I14"],
    ["listens to bots", "I15"],
  ])("that it %s is called a breach of %s", async (name, invariant) => {
    const found = await findBug(PLANTED_BUGS[name] ?? {}, {
      most: MOST_SEEDS,
      first: FIRST_SIGHTINGS[name] ?? 1,
    });

    expect(found?.problems.some((problem) => problem.startsWith(`${invariant}:`))).toBe(true);
  });
});
