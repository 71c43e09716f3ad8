import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { checkHistory } from "../simulation/check-history.ts";
import { PLANTED_BUGS } from "../simulation/planted-bugs.ts";
import { auditOf, linesOf } from "../simulation/read-history.ts";
import { findBug, playSeed, shrink } from "../simulation/scenarios.ts";

const first = Number(process.env.SIMULATION_SEED ?? Math.floor(Date.now() / 1000) % 1_000_000_000);
const seeds = Number(process.env.SIMULATION_SEEDS ?? 20_000);
/** A planted bug that is not seen in so many histories would not be seen. */
const MOST_SEEDS = 600;

describe("the simulation", () => {
  it(`keeps I1 to I15 in ${seeds} histories (SIMULATION_SEED=${first})`, async () => {
    const startedAt = performance.now();
    const counts = { histories: 0, events: 0, writes: 0, tasks: 0, deaths: 0 };
    let broken: number | undefined;
    for (let seed = first; seed < first + seeds && broken === undefined; seed += 1) {
      const lines = await playSeed(seed);
      if (checkHistory(lines).length > 0) broken = seed;
      counts.histories += 1;
      counts.events += lines.filter(({ kind }) => kind === "handled").length;
      counts.writes += lines.filter(({ kind }) => kind === "write").length;
      counts.tasks += auditOf(lines, "task.created").length;
      counts.deaths += linesOf(lines, "process").filter(({ state }) => state === "died").length;
    }

    const perSecond = Math.round(counts.histories / ((performance.now() - startedAt) / 1000));
    const told = { seed: first, ...counts, perSecond, cores: availableParallelism() };
    process.stdout.write(`${JSON.stringify(told)}\n`);
    const counterexample = broken === undefined ? null : await shrink(broken);
    expect(counterexample).toBeNull();
  }, 3_600_000);

  it.each(Object.entries(PLANTED_BUGS))(
    `finds within ${MOST_SEEDS} histories that it %s`,
    async (name, bugs) => {
      const found = await findBug(bugs, { most: MOST_SEEDS });

      expect(found?.problems[0]).toMatch(/^I\d+: /u);
      process.stdout.write(`${breachesOf(found?.problems)} after ${found?.seed} seeds: ${name}\n`);
    },
  );
});

/** Numbers of the invariants that were broken. */
function breachesOf(problems: readonly string[] = []): string {
  return [...new Set(problems.map((problem) => problem.split(":")[0]))].join(" ");
}
