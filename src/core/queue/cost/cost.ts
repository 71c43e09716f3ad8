import { z } from "zod";

/** What work takes: minutes of runs, and the US dollars that workers report. */
export const Cost = z.object({ minutes: z.number(), usd: z.number() });
export type Cost = z.infer<typeof Cost>;

/** What a run took or is expected to take; without `usd` where no price is known. */
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

/** What runs take together; without `usd` as soon as one of them has no known price. */
export function addRunCosts(runs: readonly RunCost[]): RunCost {
  const { minutes, usd } = addCosts(...runs.map((run) => ({ ...NO_COST, ...run })));
  return runs.every((run) => run.usd !== undefined) ? { minutes, usd } : { minutes };
}

/** The money that runs have set aside of a limit: one without a known price has all that is left of it. */
export function reservedUsd({ usd }: RunCost, used: number, limit = 0): number {
  return usd ?? Math.max(0, limit - used);
}

/** What is left of a cost without a part of it. */
export function subtractCost(cost: Cost, part: Cost): Cost {
  return { minutes: Math.max(0, cost.minutes - part.minutes), usd: Math.max(0, cost.usd - part.usd) };
}

/** What a run is expected to take: as much as half of the last ones; while none is known, as long as it may take, at any price. */
export function expectCost(samples: readonly RunCost[] = [], timeoutMs: number): RunCost {
  const minutes = median(samples.map((sample) => sample.minutes)) ?? timeoutMs / 60_000;
  const usd = median(samples.flatMap((sample) => sample.usd ?? []));
  return { minutes, ...(usd !== undefined && { usd }) };
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
