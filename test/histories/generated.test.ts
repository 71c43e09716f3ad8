import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { taskHistories } from "../support/pull-model/generate-histories.ts";
import { peopleHistories } from "../support/pull-model/generate-people.ts";
import { tempting } from "../support/pull-model/generate-temptations.ts";
import { MUTANTS } from "../support/pull-model/mutants.ts";
import { PEOPLE_MUTANTS } from "../support/pull-model/people-mutants.ts";
import { playHistory } from "../support/pull-model/play-history.ts";

const seed = Number(process.env.HISTORY_SEED ?? 20_261_118);
const numRuns = Number(process.env.HISTORY_RUNS ?? 150);
/** A planted bug that so many histories do not find would not be found in time either. */
const MUTANT_RUNS = 400;
/** The share of good work that may wait for a person although nothing speaks against it. */
const MAX_KEPT_BACK = 0.02;

/** `suspects` are the histories in which a planted bug is looked for. */
const SORTS = [
  { what: "tasks", histories: taskHistories, mutants: MUTANTS, suspects: taskHistories },
  {
    what: "people's pull requests",
    histories: peopleHistories,
    mutants: PEOPLE_MUTANTS,
    suspects: fc.oneof(tempting, peopleHistories),
  },
] as const;

describe.each(SORTS)(
  `generated histories of $what (HISTORY_SEED=${seed})`,
  ({ histories, mutants, suspects }) => {
    it(`never end in a false PASS, a stuck task or a check that waits for ever, ${numRuns} times`, async () => {
      const good = { played: 0, keptBack: 0 };
      const property = fc.asyncProperty(histories, async (history) => {
        const { violations, isKeptBack } = await playHistory(history);
        if (history.goal !== null) good.played += 1;
        if (isKeptBack) good.keptBack += 1;
        expect(violations).toEqual([]);
      });

      await fc.assert(property, { seed, numRuns });

      expect(good.played).toBeGreaterThan(numRuns / 10);
      expect(good.keptBack / good.played).toBeLessThan(MAX_KEPT_BACK);
    });

    it.each(Object.entries(mutants))("find a product that %s", async (_name, mutant) => {
      const property = fc.asyncProperty(suspects, async (history) => {
        const { violations, isKeptBack } = await playHistory(history, mutant);
        const isWorse = isKeptBack && !(await playHistory(history)).isKeptBack;
        return violations.length === 0 && !isWorse;
      });

      const { failed } = await fc.check(property, { seed, numRuns: MUTANT_RUNS, endOnFailure: true });

      expect(failed).toBe(true);
    });
  },
);
