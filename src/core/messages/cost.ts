import type { RunCost } from "../queue/cost/cost.ts";

/** A cost as people read it, `12.5 min and $0.40`; empty where there is none worth a word. */
export function describeCost({ minutes, usd = 0 }: RunCost): string {
  const parts = [
    ...(minutes >= 0.1 ? [`${minutes.toFixed(1)} min`] : []),
    ...(usd >= 0.01 ? [`$${usd.toFixed(2)}`] : []),
  ];
  return parts.join(" and ");
}
