import {
  createFamily,
  createRewriting,
  type Describe,
  type Direction,
  weighAll,
  weighCeiling,
  weighFloor,
} from "../compare-values.ts";
import type { Acceptance, Config, MetricGate } from "../config.ts";

/** A list of what metrics must reach, by the key that it is written under. */
interface DemandList {
  readonly key: string;
  readonly demands: readonly (Acceptance | MetricGate)[];
}

type Allowance = Pick<MetricGate, "maxWorse" | "maxWorsePercent">;

/** Everything that is demanded of the same samples. */
interface Demand extends Omit<Acceptance, "metric" | "where"> {
  /** How much worse than at the base they may be, by the way that is better. */
  readonly higher?: Allowance | undefined;
  readonly lower?: Allowance | undefined;
}

/** Makes the rows of lists of what metrics must reach. */
export function createDemands(
  read: (config: Config, other: Config) => readonly DemandList[],
): readonly Describe[] {
  const demands = createFamily<Demand>({
    read: (config, other) => read(config, other).flatMap((list) => [...mergeDemands(list)]),
    weigh: weighDemand,
    show: showDemand,
    means: {
      looser: ["threshold-loosened", "Results pass that were refused before."],
      tighter: ["threshold-tightened", "Results are refused that passed before."],
    },
  });
  const rewritten = createRewriting((config, other) =>
    read(config, other).map((list) => ({
      key: list.key,
      written: list.demands,
      meant: mergeDemands(list),
    })),
  );
  return [demands, rewritten];
}

/** Demands on the same samples are one demand, since all of them must hold. */
function mergeDemands({ key, demands }: DemandList): ReadonlyMap<string, Demand> {
  const merged = new Map<string, Demand>();
  for (const demand of demands) {
    const name = `${key}.${demand.metric}${nameSlice(demand.where)}`;
    merged.set(name, mergeTwo(merged.get(name), turn(demand)));
  }
  return merged;
}

/** Two slices never have one name: a value that could be read as another label stands in quotes. */
function nameSlice(where: Acceptance["where"]): string {
  const labels = Object.entries(where)
    .map(([label, value]) => `${label}=${/[",=()]/.test(value) ? JSON.stringify(value) : value}`)
    .toSorted();
  return labels.length === 0 ? "" : ` (${labels.join(", ")})`;
}

function turn(demand: Acceptance | MetricGate): Demand {
  const { min, max, above, below, minSamples } = demand;
  const bounds = { min, max, above, below, minSamples };
  if (!("better" in demand) || demand.better === undefined) return bounds;
  const { better, maxWorse, maxWorsePercent } = demand;
  return { ...bounds, [better]: { maxWorse, maxWorsePercent } };
}

function mergeTwo(known: Demand | undefined, added: Demand): Demand {
  if (known === undefined) return added;
  return {
    min: pick(Math.max, known.min, added.min),
    max: pick(Math.min, known.max, added.max),
    above: pick(Math.max, known.above, added.above),
    below: pick(Math.min, known.below, added.below),
    minSamples: pick(Math.max, known.minSamples, added.minSamples),
    higher: mergeAllowances(known.higher, added.higher),
    lower: mergeAllowances(known.lower, added.lower),
  };
}

function mergeAllowances(known: Allowance | undefined, added: Allowance | undefined): Allowance | undefined {
  if (known === undefined || added === undefined) return known ?? added;
  return {
    maxWorse: pick(Math.min, known.maxWorse, added.maxWorse),
    maxWorsePercent: pick(Math.min, known.maxWorsePercent, added.maxWorsePercent),
  };
}

function pick(
  choose: (...values: readonly number[]) => number,
  ...values: readonly (number | undefined)[]
): number | undefined {
  const present = values.filter((value) => value !== undefined);
  return present.length === 0 ? undefined : choose(...present);
}

function weighDemand(before: Demand | undefined, after: Demand | undefined): Direction {
  return weighAll(
    weighEdge(lowEdge(before), lowEdge(after)),
    weighEdge(highEdge(before), highEdge(after)),
    weighFloor(before && (before.minSamples ?? 1), after && (after.minSamples ?? 1)),
    weighAllowances(before?.higher, after?.higher),
    weighAllowances(before?.lower, after?.lower),
  );
}

/** The least value that passes; `isOpen`: the value itself does not. */
interface Edge {
  readonly at: number;
  readonly isOpen: boolean;
}

function lowEdge(demand: Demand | undefined): Edge {
  return edgeOf(demand?.min, demand?.above);
}

/** Seen from the other side, a greatest value is a least one. */
function highEdge(demand: Demand | undefined): Edge {
  const negate = (value: number | undefined) => (value === undefined ? undefined : -value);
  return edgeOf(negate(demand?.max), negate(demand?.below));
}

function edgeOf(closed = Number.NEGATIVE_INFINITY, open = Number.NEGATIVE_INFINITY): Edge {
  return { at: Math.max(closed, open), isOpen: open >= closed };
}

function weighEdge(before: Edge, after: Edge): Direction {
  if (before.at === after.at) return weighFloor(Number(before.isOpen), Number(after.isOpen));
  return weighFloor(before.at, after.at);
}

function weighAllowances(before: Allowance | undefined, after: Allowance | undefined): Direction {
  return weighAll(
    weighCeiling(before?.maxWorse, after?.maxWorse),
    weighCeiling(before?.maxWorsePercent, after?.maxWorsePercent),
  );
}

function showDemand(demand: Demand | undefined): string {
  if (demand === undefined) return "not judged";
  const { min, above, max, below, minSamples } = demand;
  return [
    ...showIf(min, (value) => `≥ ${value}`),
    ...showIf(above, (value) => `> ${value}`),
    ...showIf(max, (value) => `≤ ${value}`),
    ...showIf(below, (value) => `< ${value}`),
    ...showIf(minSamples, (value) => `${value} ${value === 1 ? "sample" : "samples"}`),
    ...showAllowance("higher", demand.higher),
    ...showAllowance("lower", demand.lower),
  ].join(", ");
}

function showAllowance(better: string, allowance: Allowance | undefined): readonly string[] {
  return [
    ...showIf(allowance?.maxWorse, (value) => `at most ${value} worse (${better} is better)`),
    ...showIf(allowance?.maxWorsePercent, (value) => `at most ${value} % worse (${better} is better)`),
  ];
}

function showIf(value: number | undefined, show: (value: number) => string): readonly string[] {
  return value === undefined ? [] : [show(value)];
}
