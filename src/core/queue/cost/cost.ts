import { z } from "zod";

/** What work takes: minutes of runs, and the US dollars that workers report. */
export const Cost = z.object({ minutes: z.number(), usd: z.number() });
export type Cost = z.infer<typeof Cost>;

/** What one run took; without `usd` where nobody told a price. */
export const RunCost = z.object({ minutes: z.number(), usd: z.number().exactOptional() });
export type RunCost = z.infer<typeof RunCost>;

export const NO_COST: Cost = { minutes: 0, usd: 0 };

/** How many of the last runs of a workflow say what the next one takes. */
export const SAMPLES = 10;

export function addCosts(...costs: readonly Cost[]): Cost {
  return {
    minutes: costs.reduce((sum, { minutes }) => sum + minutes, 0),
    usd: costs.reduce((sum, { usd }) => sum + usd, 0),
  };
}

/** What is left of a cost without a part of it. */
export function subtractCost(cost: Cost, part: Cost): Cost {
  return { minutes: Math.max(0, cost.minutes - part.minutes), usd: Math.max(0, cost.usd - part.usd) };
}

/** What a run is expected to take: as much as half of the last ones; while none is known, as long as it may take. */
export function expectCost(samples: readonly RunCost[] | undefined, timeoutMs: number): Cost {
  if (samples === undefined || samples.length === 0) return { minutes: timeoutMs / 60_000, usd: 0 };
  return {
    minutes: median(samples.map(({ minutes }) => minutes)),
    usd: median(samples.flatMap(({ usd }) => usd ?? [])),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
