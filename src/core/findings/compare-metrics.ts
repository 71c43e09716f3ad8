import type { MetricGate } from "../config/config.ts";
import type { MetricSample } from "../evidence/reports/report.ts";
import { createBounds, isNumber, type MetricBounds } from "./metric-bounds.ts";

/** A sample beside its bounds and beside the same measurement at the base. */
export interface WeighedSample {
  readonly sample: MetricSample;
  /** What is wrong with it; bounds outweigh what was lost. */
  readonly fault: "bounds" | "loss" | null;
  /** The value at the base; null where that is no number, undefined where the base has no such sample. */
  readonly base: number | null | undefined;
  /** How much is left until the sample has the fault, negative when it has. */
  readonly room: number;
}

/** The samples of one metric beside those of the base. */
export interface MetricComparison {
  /** The worst first. */
  readonly weighed: readonly WeighedSample[];
  /** How many samples there are, those with the same labels counted once. */
  readonly distinct: number;
  /** Null without a baseline. */
  readonly atBase: {
    readonly distinct: number;
    /** Samples that the head does not have. */
    readonly vanished: readonly MetricSample[];
  } | null;
}

/** Pairs the samples of a metric with those of the base that have the same labels. */
export function compareMetric(
  gate: MetricGate,
  { head, base }: { readonly head: readonly MetricSample[]; readonly base: readonly MetricSample[] | null },
): MetricComparison {
  const bounds = createBounds(gate);
  const before = base === null ? null : indexBest(selectSamples(gate, base), gate);
  const seen = new Set<string>();
  const weighed = selectSamples(gate, head).map((sample) => {
    const key = keyOf(sample);
    seen.add(key);
    return weigh(sample, before?.get(key), { gate, bounds });
  });
  return {
    weighed: weighed.sort(compareWeighed),
    distinct: seen.size,
    atBase: before === null ? null : { distinct: before.size, vanished: listVanished(before, seen) },
  };
}

/** Whether a metric is held against the base. */
export function isCompared({ better, maxWorse, maxWorsePercent }: MetricGate): boolean {
  return better !== undefined && (maxWorse !== undefined || maxWorsePercent !== undefined);
}

function selectSamples({ metric, where }: MetricGate, samples: readonly MetricSample[]) {
  const wanted = Object.entries(where);
  return samples.filter(
    ({ name, labels }) =>
      name === metric &&
      wanted.every(([label, value]) => Object.hasOwn(labels, label) && labels[label] === value),
  );
}

/** A sample with the labels of another, in whatever order, is the same measurement once more. */
function keyOf({ labels }: MetricSample): string {
  return JSON.stringify(Object.entries(labels).sort());
}

/** Of a measurement that the base reports more than once, the most demanding value counts. */
function indexBest(samples: readonly MetricSample[], { better }: MetricGate) {
  const best = new Map<string, MetricSample>();
  for (const sample of samples) {
    const key = keyOf(sample);
    const known = best.get(key);
    if (known === undefined || isStricter(sample.value, known.value, better)) best.set(key, sample);
  }
  return best;
}

/** What is no number leaves open how good the base was. */
function isStricter(value: number | null, known: number | null, better: MetricGate["better"]): boolean {
  if (!isNumber(value) || !isNumber(known)) return isNumber(known);
  return better === "lower" ? value < known : value > known;
}

function listVanished(
  before: ReadonlyMap<string, MetricSample>,
  seen: ReadonlySet<string>,
): readonly MetricSample[] {
  return [...before].flatMap(([key, sample]) => (seen.has(key) ? [] : [sample]));
}

function weigh(
  sample: MetricSample,
  twin: MetricSample | undefined,
  { gate, bounds }: { readonly gate: MetricGate; readonly bounds: MetricBounds },
): WeighedSample {
  const { value } = sample;
  const base = twin?.value;
  if (!isNumber(value)) return { sample, base, fault: "bounds", room: Number.NEGATIVE_INFINITY };
  const margin = bounds.marginOf(value);
  if (!bounds.isWithin(value)) return { sample, base, fault: "bounds", room: margin };
  const leeway = isNumber(base) && isCompared(gate) ? leewayOf(value, base, gate) : Number.POSITIVE_INFINITY;
  if (!(leeway >= 0)) return { sample, base, fault: "loss", room: leeway };
  return { sample, base, fault: null, room: margin === Number.POSITIVE_INFINITY ? leeway : margin };
}

/** How much more may be lost since the base. Both limits have to hold; a limit of nothing forgives nothing. */
function leewayOf(value: number, base: number, gate: MetricGate): number {
  const { better, maxWorse = Number.POSITIVE_INFINITY, maxWorsePercent } = gate;
  const percent =
    maxWorsePercent === undefined ? Number.POSITIVE_INFINITY : (Math.abs(base) / 100) * maxWorsePercent;
  const allowed = Math.min(maxWorse, percent);
  const leeway = allowed - (better === "lower" ? value - base : base - value);
  // Decimal fractions are not exact: 0.71 − 0.7 is more than 0.01.
  const error = allowed === 0 ? 0 : 4 * Number.EPSILON * Math.max(Math.abs(value), Math.abs(base));
  return leeway < 0 && leeway >= -error ? 0 : leeway;
}

const SEVERITY = { bounds: 0, loss: 1, none: 2 } as const;

function compareWeighed(a: WeighedSample, b: WeighedSample): number {
  const bySeverity = SEVERITY[a.fault ?? "none"] - SEVERITY[b.fault ?? "none"];
  if (bySeverity !== 0 || a.room === b.room) return bySeverity;
  return a.room < b.room ? -1 : 1;
}
