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
  const what = `${acceptance.metric}${describeWhere(acceptance.where)}`;
  const wanted = describeBounds(acceptance);
  if (wanted === "") {
    const message = `Nothing says which values of ${what} are good enough.`;
    return { gate, verdict: "BLOCKED", message, seen: "no bound", wanted: "min or max" };
  }
  const ranked = samples.toSorted((a, b) => compareMargins(a, b, acceptance));
  const bad = samples.filter((sample) => !isWithin(sample.value, acceptance)).length;
  const worst = ranked[0];
  const value = formatValue(worst?.value ?? null, acceptance);
  const seen = `${value}${worst === undefined ? "" : describeWhere(worst.labels)}`;
  const details = ranked.slice(0, MAX_DETAILS).map((sample) => describeSample(sample, acceptance));
  if (bad > 0) {
    const howMany = samples.length === 1 ? "The only sample" : `${bad} of ${samples.length} samples`;
    const message = `${howMany} of ${what} ${bad === 1 ? "is" : "are"} not ${wanted}; the worst is ${seen}.`;
    return { gate, verdict: "FAIL", message, seen, wanted, details };
  }
  const needed = Math.max(1, acceptance.minSamples ?? 1);
  const distinct = countDistinct(samples);
  if (distinct < needed) return { gate, ...describeTooFew({ what, distinct, needed }), wanted };
  const howMany = samples.length === 1 ? "The only sample" : `All ${samples.length} samples`;
  const message = `${howMany} of ${what} ${samples.length === 1 ? "is" : "are"} ${wanted}; the worst is ${seen}.`;
  return { gate, verdict: "PASS", message, seen, wanted, details };
}

/** A sample with the labels of another is the same measurement once more. */
function countDistinct(samples: readonly MetricSample[]): number {
  return new Set(samples.map(({ labels }) => JSON.stringify(Object.entries(labels).sort()))).size;
}

function describeTooFew(facts: {
  readonly what: string;
  readonly distinct: number;
  readonly needed: number;
}) {
  const { what, distinct, needed } = facts;
  return {
    verdict: "BLOCKED" as const,
    message:
      needed === 1
        ? `No sample of ${what} was reported, so nothing was measured.`
        : `${distinct} of at least ${needed} samples of ${what} were reported; those with the same labels count once.`,
    seen: `${distinct} ${distinct === 1 ? "sample" : "samples"}`,
    howToFix: "Let the workflow report the metric, or correct `accept` on the default branch.",
  };
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

/** The furthest on the wrong side first: not a number, then by the distance to the nearer bound. */
function compareMargins(a: MetricSample, b: MetricSample, acceptance: Acceptance): number {
  const [first, second] = [marginOf(a.value, acceptance), marginOf(b.value, acceptance)];
  if (first === second) return 0;
  return first < second ? -1 : 1;
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
  const mark = isWithin(sample.value, acceptance) ? "✓" : "✗";
  return `${mark} ${formatValue(sample.value, acceptance)}${describeWhere(sample.labels)}`;
}

/** Three decimals are short enough for a table, unless rounding puts a value on the other side of its bound. */
function formatValue(value: number | null, acceptance: Acceptance): string {
  if (value === null || !Number.isFinite(value)) return "not a number";
  const rounded = Number(value.toFixed(3));
  const isHonest =
    isWithin(rounded, acceptance) === isWithin(value, acceptance) && (rounded !== 0 || value === 0);
  return String(isHonest ? rounded : value);
}
