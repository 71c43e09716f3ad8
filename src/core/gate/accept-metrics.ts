import type { Acceptance } from "../config/config.ts";
import type { MetricSample } from "../evidence/reports/report.ts";
import { judgeMetric } from "../findings/judge-metric.ts";
import type { GateResult } from "./verdict.ts";

export type { MetricSample } from "../evidence/reports/report.ts";

const NOT_COMPARED = { better: undefined, maxWorse: undefined, maxWorsePercent: undefined } as const;

/**
 * Holds a stage's metrics against one acceptance: every matching sample has to be within bounds. No sample, or fewer than
 * asked for, is BLOCKED (nothing was measured); NaN and infinity are FAIL (it was measured, and it is no number). `key` names where that is
 * asked for.
 */
export function acceptMetric(
  acceptance: Acceptance,
  metrics: readonly MetricSample[],
  key = "accept",
): GateResult {
  return judgeMetric({ gate: { ...acceptance, ...NOT_COMPARED }, head: metrics, base: null, key });
}
