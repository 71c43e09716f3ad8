import type { MetricGate } from "../config/config.ts";
import type { MetricSample } from "../evidence/reports/report.ts";
import { answerAs } from "../gate/gate-rule.ts";
import type { GateResult } from "../gate/verdict.ts";
import { be, plural } from "../messages/text.ts";
import { compareMetric, isCompared, type MetricComparison, type WeighedSample } from "./compare-metrics.ts";
import {
  describeFault,
  describeLabels,
  describeSample,
  describeWanted,
  formatBase,
  formatDelta,
  formatValue,
  worseWord,
} from "./describe-metric.ts";
import { createBounds, type MetricBounds } from "./metric-bounds.ts";
import { nameSome } from "./take-report.ts";

export interface MetricToJudge {
  readonly gate: MetricGate;
  readonly head: readonly MetricSample[];
  /** Null when nothing is known of the base. */
  readonly base: readonly MetricSample[] | null;
  /** Key of the configuration that holds the bounds, as people are told of it. */
  readonly key: string;
}

const MAX_DETAILS = 20;

interface Scene {
  readonly gate: MetricGate;
  readonly bounds: MetricBounds;
  readonly key: string;
  readonly comparison: MetricComparison;
  readonly what: string;
  readonly wanted: string;
  readonly worst: WeighedSample | undefined;
  readonly says: ReturnType<typeof answerAs>;
  /** What every answer shows. */
  readonly facts: Pick<GateResult, "seen" | "wanted" | "base" | "delta" | "details">;
}

type Question = (scene: Scene) => GateResult | undefined;

/** Asked in this order: what is known to be wrong comes before what nobody knows. */
const QUESTIONS: readonly Question[] = [
  askForBounds,
  askForFaults,
  askForLosses,
  askForSamples,
  askForBaseline,
  askForVanished,
];

/**
 * Holds a metric against its bounds, every matching sample of it, and against the base, slice by slice. What is out of bounds,
 * worse than allowed or not a number is FAIL; what was not measured, is not measured any more, or cannot be compared, is BLOCKED.
 */
export function judgeMetric(input: MetricToJudge): GateResult {
  const scene = setScene(input);
  for (const ask of QUESTIONS) {
    const answer = ask(scene);
    if (answer !== undefined) return answer;
  }
  return approve(scene);
}

function setScene({ gate, head, base, key }: MetricToJudge): Scene {
  const comparison = compareMetric(gate, { head, base });
  const [worst] = comparison.weighed;
  const bounds = createBounds(gate);
  const wanted = describeWanted(gate, bounds);
  return {
    gate,
    bounds,
    key,
    comparison,
    what: `${gate.metric}${describeLabels(gate.where)}`,
    wanted,
    worst,
    says: answerAs(`metrics.${gate.metric}`),
    facts: {
      seen: worst === undefined ? "0 samples" : describeValue(worst, bounds),
      wanted,
      ...describeBase(worst, bounds),
      ...(worst === undefined
        ? {}
        : { details: comparison.weighed.slice(0, MAX_DETAILS).map((one) => describeSample(one, bounds)) }),
    },
  };
}

function describeValue({ sample }: WeighedSample, bounds: MetricBounds): string {
  return `${formatValue(sample.value, bounds)}${describeLabels(sample.labels)}`;
}

function describeBase(
  worst: WeighedSample | undefined,
  bounds: MetricBounds,
): Pick<GateResult, "base" | "delta"> {
  if (worst?.base === undefined) return {};
  const { sample, base } = worst;
  const delta = formatDelta(sample.value, base);
  const shown = formatValue(sample.value, bounds);
  return { base: formatBase(base, sample.value, shown), ...(delta === "" ? {} : { delta }) };
}

function askForBounds({ gate, bounds, what, says }: Scene): GateResult | undefined {
  if (bounds.wanted !== "" || isCompared(gate)) return undefined;
  const message = `Nothing says which values of ${what} are good enough.`;
  return says.blocked({ message, seen: "no bound", wanted: "min, max, above or below" });
}

function askForFaults({ bounds, comparison, what, worst, says, facts }: Scene): GateResult | undefined {
  const bad = countFaults(comparison, "bounds");
  if (bad === 0 || worst === undefined) return undefined;
  return says.fail({
    message: `${countSamples(bad, comparison)} of ${what} ${be(bad)} not ${bounds.wanted || "a number"}; the worst is ${facts.seen}.`,
    ...facts,
    inShort: describeFault(worst, bounds),
  });
}

function askForLosses({ gate, bounds, comparison, what, worst, says, facts }: Scene): GateResult | undefined {
  const lost = countFaults(comparison, "loss");
  if (lost === 0 || worst === undefined) return undefined;
  const distance = formatDelta(worst.sample.value, worst.base).replace(/^[+−]/u, "");
  return says.fail({
    message: `${countSamples(lost, comparison)} of ${what} lost more since the base than allowed; the worst is ${facts.seen}, ${distance} ${worseWord(gate.better)} than ${facts.base}.`,
    ...facts,
    inShort: describeFault(worst, bounds),
  });
}

function askForSamples({ gate, comparison, what, key, says, facts }: Scene): GateResult | undefined {
  const { distinct } = comparison;
  const needed = Math.max(1, gate.minSamples ?? 1);
  if (distinct >= needed) return undefined;
  return says.blocked({
    message:
      needed === 1
        ? `No sample of ${what} was reported, so nothing was measured.`
        : `${distinct} of at least ${needed} samples of ${what} ${distinct === 1 ? "was" : "were"} reported; those with the same labels count once.`,
    seen: plural(distinct, "sample"),
    wanted: facts.wanted,
    howToFix: `Let the workflow report the metric, or correct \`${key}\` on the default branch.`,
  });
}

/** A comparison that was asked for and cannot be made leaves open whether the change is worse. */
function askForBaseline(scene: Scene): GateResult | undefined {
  const { gate, comparison, what, says, facts } = scene;
  if (!isCompared(gate)) return undefined;
  const why = findMissingBase(comparison);
  if (why === undefined) return undefined;
  return says.blocked({
    message: `${what} cannot be held against the base: ${why}.`,
    ...facts,
    howToFix:
      "Let the workflow that reports metrics run on the base branch, bring this branch up to date, and push.",
  });
}

function findMissingBase({ atBase, weighed }: MetricComparison): string | undefined {
  if (atBase === null) return "it has no report";
  if (atBase.distinct === 0) return "its report has no sample of it";
  const broken = weighed.filter(({ base }) => base === null);
  if (broken.length === 0) return undefined;
  const names = nameSome(broken.map(({ sample }) => `not a number${describeLabels(sample.labels)}`));
  return `there it is ${names}`;
}

/** Whoever leaves the bad slice out is within all bounds. */
function askForVanished({ comparison, what, says, facts }: Scene): GateResult | undefined {
  const vanished = comparison.atBase?.vanished ?? [];
  if (vanished.length === 0) return undefined;
  const names = nameSome(
    vanished.map(({ labels }) => describeLabels(labels).trim() || "the one without labels"),
  );
  return says.blocked({
    message: `${plural(vanished.length, "sample")} of ${what} ${be(vanished.length)} gone since the base: ${names}.`,
    ...facts,
    howToFix: "Measure them again, or have a person confirm that they are no longer needed.",
  });
}

function approve({ gate, comparison, what, wanted, says, facts }: Scene): GateResult {
  const { weighed } = comparison;
  const fresh = isCompared(gate) ? weighed.filter(({ base }) => base === undefined).length : 0;
  const remark = fresh === 0 ? "" : `; ${fresh} ${be(fresh)} new since the base`;
  return says.pass({
    message: `${countSamples(weighed.length, comparison)} of ${what} ${be(weighed.length)} ${wanted}; the worst is ${facts.seen}${remark}.`,
    ...facts,
  });
}

function countFaults({ weighed }: MetricComparison, fault: WeighedSample["fault"]): number {
  return weighed.filter((one) => one.fault === fault).length;
}

function countSamples(count: number, { weighed }: MetricComparison): string {
  if (weighed.length === 1) return "The only sample";
  return count === weighed.length ? `All ${count} samples` : `${count} of ${weighed.length} samples`;
}
