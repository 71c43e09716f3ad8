import { sendHostileDeliveries } from "../../test/adapters/github/receive/hostile-delivery.ts";
import type { BenchOptions, Section, SectionResult } from "../figure.ts";
import { formatNumber } from "../print-table.ts";

export const hostile: Section = {
  name: "hostile",
  title: "6. Hostile payloads through the door",
  measure,
};

async function measure({ quick, seed, say }: BenchOptions): Promise<SectionResult> {
  const numRuns = quick ? 2_000 : 20_000;
  say(`${numRuns} mutated deliveries`);
  const startedAt = performance.now();
  const outcome = await send(numRuns, seed);
  const seconds = (performance.now() - startedAt) / 1000;
  const statuses = [...outcome.statuses].toSorted(([a], [b]) => a - b);
  const failures = Math.max(outcome.failures, sum(statuses.filter(([status]) => status >= 500)));
  return {
    figures: [
      { what: "mutated deliveries judged", value: sum(statuses) / seconds, unit: "/s" },
      { what: "answers of 500 or above, or none", value: failures, unit: "", goal: { atMost: 0 } },
    ],
    details: [
      {
        title: `Answers to ${formatNumber(numRuns)} deliveries`,
        headings: ["status", "answers"],
        rows: statuses.map(([status, count]) => [String(status), formatNumber(count)]),
      },
    ],
    notes: [
      "Payloads, headers and lengths are mutated, most are signed correctly so that the payload is reached; making and signing them is part of the time.",
      "Nothing is stored here: what is judged is the door. `npm run faults` sends 200,000 and more.",
      ...outcome.notes,
    ],
  };
}

interface Outcome {
  readonly statuses: ReadonlyMap<number, number>;
  readonly failures: number;
  readonly notes: readonly string[];
}

/** The first bad answer ends the run; it is told with the seed, which plays it again. */
async function send(numRuns: number, seed: number): Promise<Outcome> {
  try {
    return { statuses: await sendHostileDeliveries({ numRuns, seed }), failures: 0, notes: [] };
  } catch (error) {
    return {
      statuses: new Map(),
      failures: 1,
      notes: [error instanceof Error ? error.message : String(error)],
    };
  }
}

function sum(statuses: readonly (readonly [number, number])[]): number {
  return statuses.reduce((total, [, count]) => total + count, 0);
}
