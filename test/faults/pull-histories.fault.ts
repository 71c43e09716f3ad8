import fc from "fast-check";
import { expect, it } from "vitest";
import { histories } from "../support/pull-model/histories.ts";
import { playHistory } from "../support/pull-model/play-history.ts";

const seed = Number(process.env.HISTORY_SEED ?? Date.now() % 2 ** 31);
const numRuns = Number(process.env.HISTORY_RUNS ?? 100_000);
/** The share of good work that may wait for a person although nothing speaks against it. */
const MAX_KEPT_BACK = 0.02;

it(`lets none of ${numRuns} histories end in a false PASS (HISTORY_SEED=${seed})`, async () => {
  const counts = { histories: 0, good: 0, keptBack: 0, merges: 0, queued: 0, faults: 0, turns: 0 };
  const verdicts = new Map<string, number>();
  const property = fc.asyncProperty(histories, async (history) => {
    const { driver, violations, isKeptBack } = await playHistory(history);
    counts.histories += 1;
    counts.good += Number(history.goal !== null);
    counts.keptBack += Number(isKeptBack);
    counts.merges += driver.checker.counts.merges;
    counts.queued += driver.checker.counts.queued;
    counts.faults += driver.faults.injected;
    counts.turns += driver.turns;
    for (const [said, times] of driver.checker.counts.verdicts)
      verdicts.set(said, (verdicts.get(said) ?? 0) + times);
    expect(violations).toEqual([]);
  });

  try {
    await fc.assert(property, { seed, numRuns });
  } finally {
    const told = { seed, ...counts, verdicts: Object.fromEntries(verdicts) };
    process.stdout.write(`${JSON.stringify(told)}\n`);
  }

  expect(counts.merges).toBeGreaterThan(numRuns / 20);
  expect(counts.keptBack / counts.good).toBeLessThan(MAX_KEPT_BACK);
});
