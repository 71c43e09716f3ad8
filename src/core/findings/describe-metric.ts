import type { MetricGate } from "../config/config.ts";
import type { MetricSample } from "../evidence/reports/report.ts";
import { code } from "../messages/text.ts";
import type { WeighedSample } from "./compare-metrics.ts";
import { isNumber, type MetricBounds } from "./metric-bounds.ts";

/** Decimals that are tried before a value is written in full. */
const DECIMALS = [3, 6, 9] as const;
/** Beyond it there is only infinity. */
const MAX = Number.MAX_VALUE;

/** A phrase that goes on after "is": `≥ 0.65 and at most 0.01 lower than at the base`. */
export function describeWanted(gate: MetricGate, bounds: MetricBounds): string {
  return [bounds.wanted, describeLimit(gate)].filter((part) => part !== "").join(" and ");
}

function describeLimit({ better, maxWorse, maxWorsePercent }: MetricGate): string {
  if (better === undefined) return "";
  if (maxWorse === 0 || maxWorsePercent === 0) return `not ${worseWord(better)} than at the base`;
  const limits = [
    maxWorse === undefined ? "" : `at most ${maxWorse}`,
    maxWorsePercent === undefined ? "" : `at most ${maxWorsePercent} %`,
  ].filter((limit) => limit !== "");
  return limits.length === 0 ? "" : `${limits.join(" and ")} ${worseWord(better)} than at the base`;
}

export function worseWord(better: MetricGate["better"]): string {
  return better === "lower" ? "higher" : "lower";
}

/** The shortest way to say what is wrong: `0.61 < 0.65`, or `0.69 (−0.02)`. */
export function describeFault({ sample, base, fault }: WeighedSample, bounds: MetricBounds): string {
  const value = formatValue(sample.value, bounds);
  if (fault === "loss") return `${value} (${formatDelta(sample.value, base)})`;
  return isNumber(sample.value) ? `${value} ${bounds.describeBroken(sample.value)}` : value;
}

/** One line: `✗ 0.61 (tenant=t02), 0.71 at the base`. */
export function describeSample({ sample, base, fault }: WeighedSample, bounds: MetricBounds): string {
  const value = formatValue(sample.value, bounds);
  const before = base === undefined ? "" : `, ${formatBase(base, sample.value, value)} at the base`;
  return `${fault === null ? "✓" : "✗"} ${value}${describeLabels(sample.labels)}${before}`;
}

export function describeLabels(labels: MetricSample["labels"]): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  return pairs.length === 0 ? "" : ` (${code(pairs.join(", "))})`;
}

/** Short enough for a table, unless rounding puts a value on the other side of its bound. */
export function formatValue(value: number | null, bounds: MetricBounds): string {
  return format(value, (rounded) => bounds.isWithin(rounded) === bounds.isWithin(value));
}

/** A value of the base, told apart from that of the head as it is shown. */
export function formatBase(base: number | null, value: number | null, shown: string): string {
  return format(base, (rounded) => base === value || String(rounded) !== shown);
}

/** How far a value is from that of the base: `−0.02`; empty where one of both is no number. */
export function formatDelta(value: number | null, base: number | null | undefined): string {
  if (!isNumber(value) || !isNumber(base)) return "";
  const delta = Number(Math.max(-MAX, Math.min(MAX, value - base)).toPrecision(12));
  if (delta === 0) return "0";
  return `${delta > 0 ? "+" : "−"}${format(Math.abs(delta), () => true)}`;
}

function format(value: number | null, isHonest: (rounded: number) => boolean): string {
  if (!isNumber(value)) return "not a number";
  const rounded = DECIMALS.map((digits) => Number(value.toFixed(digits))).find(
    (one) => isHonest(one) && (one !== 0 || value === 0),
  );
  return String(rounded ?? value);
}
