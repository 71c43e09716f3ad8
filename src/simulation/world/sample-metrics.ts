import type { Acceptance } from "../../core/config/config.ts";

export interface Sample {
  readonly name: string;
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** Metrics as a run reports them that is to be judged by these bounds: all within, or the first one outside, by more or less. */
export function sampleMetrics(
  bounds: readonly Acceptance[],
  { isGood, badness }: { readonly isGood: boolean; readonly badness: number },
): readonly Sample[] {
  return bounds.flatMap((bound, index) => {
    const value = isGood || index > 0 ? within(bound) : outside(bound, badness);
    return Array.from({ length: Math.max(1, bound.minSamples ?? 1) }, (_, sample) => ({
      name: bound.metric,
      value,
      labels: { ...bound.where, sample: String(sample) },
    }));
  });
}

function within(bound: Acceptance): number {
  const low = bound.min ?? bound.above;
  const high = bound.max ?? bound.below;
  if (low !== undefined && high !== undefined) return (low + high) / 2;
  if (low !== undefined) return low + distance(low);
  return high === undefined ? 0 : high - distance(high);
}

function outside(bound: Acceptance, badness: number): number {
  const low = bound.min ?? bound.above;
  const high = bound.max ?? bound.below;
  if (low !== undefined) return low - distance(low) * (1 + badness);
  return high === undefined ? 0 : high + distance(high) * (1 + badness);
}

function distance(value: number): number {
  return Math.max(0.01, Math.abs(value) * 0.1);
}
