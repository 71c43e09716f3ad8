import type { Acceptance } from "../config/config.ts";

/** The bounds of a metric, prepared for many values. */
export interface MetricBounds {
  /** Whether a value keeps every bound. NaN and infinity keep none, not even where there are none. */
  readonly isWithin: (value: number | null) => value is number;
  /** How far a value is from its nearest bound, negative on the wrong side; infinite where there is none. */
  readonly marginOf: (value: number) => number;
  /** What a value has to be: `≥ 0.65 and < 1`; empty where there is no bound. */
  readonly wanted: string;
  /** The bound that a value breaks: `< 0.65`; empty for a value that keeps all of them. */
  readonly describeBroken: (value: number) => string;
}

interface BoundRow {
  readonly bound: "min" | "above" | "max" | "below";
  /** The sign of a value that keeps the bound, and of one that breaks it. */
  readonly kept: string;
  readonly broken: string;
  readonly keeps: (value: number, bound: number) => boolean;
  /** How far a value is from the bound, negative on the wrong side. */
  readonly margin: (value: number, bound: number) => number;
}

const ROWS: readonly BoundRow[] = [
  { bound: "min", kept: "≥", broken: "<", keeps: (value, bound) => value >= bound, margin: (a, b) => a - b },
  { bound: "above", kept: ">", broken: "≤", keeps: (value, bound) => value > bound, margin: (a, b) => a - b },
  { bound: "max", kept: "≤", broken: ">", keeps: (value, bound) => value <= bound, margin: (a, b) => b - a },
  { bound: "below", kept: "<", broken: "≥", keeps: (value, bound) => value < bound, margin: (a, b) => b - a },
];

export function createBounds(acceptance: Acceptance): MetricBounds {
  const bounds = ROWS.flatMap((row) => {
    const limit = acceptance[row.bound];
    return limit === undefined ? [] : [{ ...row, limit }];
  });
  const findBroken = (value: number) => bounds.find(({ keeps, limit }) => !keeps(value, limit));
  return {
    isWithin: (value): value is number => isNumber(value) && findBroken(value) === undefined,
    marginOf: (value) =>
      bounds.reduce(
        (nearest, { margin, limit }) => Math.min(nearest, margin(value, limit)),
        Number.POSITIVE_INFINITY,
      ),
    wanted: bounds.map(({ kept, limit }) => `${kept} ${limit}`).join(" and "),
    describeBroken(value) {
      const broken = findBroken(value);
      return broken === undefined ? "" : `${broken.broken} ${broken.limit}`;
    },
  };
}

export function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
