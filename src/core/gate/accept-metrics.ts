import type { Acceptance } from "../config/config.ts";
import { code } from "../messages/text.ts";
import type { GateResult } from "./verdict.ts";

/** A sample as a result reports it; `value: null` is NaN or infinite. */
export interface MetricSample {
  readonly name: string;
  readonly value: number | null;
  readonly labels: Readonly<Record<string, string>>;
}

const MAX_DETAILS = 20;

/**
 * Holds a stage's metrics against one acceptance: every matching sample has to be within bounds. No sample, or fewer than
 * asked for, is BLOCKED (nothing was measured); NaN and infinity are FAIL (it was measured, and it is no number).
 */
export function acceptMetric(acceptance: Acceptance, metrics: readonly MetricSample[]): GateResult {
  const samples = metrics.filter(
    (sample) => sample.name === acceptance.metric && matches(sample, acceptance.where),
  );
  const gate = `metrics.${acceptance.metric}`;
  const wanted = describeBounds(acceptance);
  const needed = Math.max(1, acceptance.minSamples ?? 1);
  if (samples.length < needed) {
    const message = `${samples.length} of at least ${needed} samples of ${acceptance.metric}${describeWhere(acceptance.where)} were reported.`;
    return { gate, verdict: "BLOCKED", message, seen: `${samples.length} samples`, wanted };
  }
  const bad = samples.filter((sample) => !isWithin(sample.value, acceptance));
  const worst = findWorst(samples, acceptance);
  const seen = `${formatValue(worst?.value ?? null)}${worst ? describeWhere(worst.labels) : ""}`;
  const details = samples.slice(0, MAX_DETAILS).map((sample) => describeSample(sample, acceptance));
  if (bad.length === 0) {
    const message = `All ${samples.length} samples of ${acceptance.metric}${describeWhere(acceptance.where)} are ${wanted}; the worst is ${seen}.`;
    return { gate, verdict: "PASS", message, seen, wanted, details };
  }
  const message = `${bad.length} of ${samples.length} samples of ${acceptance.metric}${describeWhere(acceptance.where)} are not ${wanted}; the worst is ${seen}.`;
  return { gate, verdict: "FAIL", message, seen, wanted, details };
}

function matches(sample: MetricSample, where: Readonly<Record<string, string>>): boolean {
  return Object.entries(where).every(
    ([label, value]) => Object.hasOwn(sample.labels, label) && sample.labels[label] === value,
  );
}

function isWithin(value: number | null, { min, max }: Acceptance): boolean {
  if (value === null || !Number.isFinite(value)) return false;
  return (min === undefined || value >= min) && (max === undefined || value <= max);
}

/** The sample furthest on the wrong side: not a number first, then by its distance to the nearer bound. */
function findWorst(samples: readonly MetricSample[], acceptance: Acceptance): MetricSample | undefined {
  return [...samples].sort((a, b) => marginOf(a.value, acceptance) - marginOf(b.value, acceptance))[0];
}

function marginOf(value: number | null, { min, max }: Acceptance): number {
  if (value === null || !Number.isFinite(value)) return Number.NEGATIVE_INFINITY;
  return Math.min(
    min === undefined ? Number.POSITIVE_INFINITY : value - min,
    max === undefined ? Number.POSITIVE_INFINITY : max - value,
  );
}

function describeBounds({ min, max }: Acceptance): string {
  return [min === undefined ? "" : `≥ ${min}`, max === undefined ? "" : `≤ ${max}`]
    .filter(Boolean)
    .join(" and ");
}

function describeWhere(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  return pairs.length === 0 ? "" : ` (${code(pairs.join(", "))})`;
}

function describeSample(sample: MetricSample, acceptance: Acceptance): string {
  return `${isWithin(sample.value, acceptance) ? "✓" : "✗"} ${formatValue(sample.value)}${describeWhere(sample.labels)}`;
}

/** Three significant decimals: enough to compare with a floor, short enough for a table. */
function formatValue(value: number | null): string {
  return value === null ? "not a number" : String(Number(value.toFixed(3)));
}
