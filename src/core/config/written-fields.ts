import { z } from "zod";
import { DURATION_PATTERN, parseDuration } from "./duration.ts";
import { isBoundedGlob } from "./is-bounded-glob.ts";

/** Inputs that every dispatch carries; a stage cannot give them another meaning. */
export const reservedInputs = ["task", "attempt", "correlation", "base_sha", "from_run", "brief"] as const;

/** GitHub accepts 25 inputs per dispatch. */
export const MAX_OWN_INPUTS = 25 - reservedInputs.length;

const MAX_DURATION = "35d";

const PHRASES = {
  name: "must consist of letters, digits, - and _, at most 39, and begin with a letter",
  workflow: "must be the file name of a workflow in .github/workflows, such as agent.yml",
  branch: 'must be a branch prefix that ends with "/", such as fix/',
  duration: "must be a duration such as 90s, 60m, 2h or 1d",
  metric: "must be the name of a metric, such as r2",
  input: "must be the name of a workflow input, such as tenants",
  scalar: "must be text, a number, true or false",
  values: "must be text, a number, true or false, or a list of these",
  glob: "must be a simple glob such as src/**/*.ts, from the root, with few wildcards and no parentheses",
  path: "must be a path from the root of the repository, such as .github/roadmap.yml",
} as const;

const reserved: ReadonlySet<string> = new Set(reservedInputs);

export const name = phrased("name").regex(/^[A-Za-z][A-Za-z0-9_-]{0,38}$/, { error: PHRASES.name });

export const workflow = phrased("workflow")
  .regex(/^[A-Za-z0-9._-]+\.ya?ml$/, { error: PHRASES.workflow })
  .max(100);

export const branch = phrased("branch")
  .regex(/^(?:[A-Za-z0-9_][A-Za-z0-9_-]*\/)+$/, { error: PHRASES.branch })
  .max(60);

export const duration = phrased("duration")
  .regex(DURATION_PATTERN, { error: PHRASES.duration, abort: true })
  .refine((text) => parseDuration(text) <= parseDuration(MAX_DURATION), {
    error: `must be at most ${MAX_DURATION}`,
  });

export const glob = phrased("glob").min(1).refine(isBoundedGlob, { error: PHRASES.glob });

export const path = phrased("path")
  .regex(/^[A-Za-z0-9._-][A-Za-z0-9._ /-]{0,199}$/, { error: PHRASES.path, abort: true })
  .refine((text) => !text.split("/").some((part) => part === ".." || part === ""), { error: PHRASES.path });

const scalar = z.union([z.string().max(1_000), z.number(), z.boolean()], { error: PHRASES.scalar });

const inputName = phrased("input")
  .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,99}$/, { error: PHRASES.input })
  .refine((input) => !reserved.has(input), {
    error: `must not be one of the inputs that are always sent: ${reservedInputs.join(", ")}`,
  });

export const inputs = z
  .record(
    inputName,
    z
      .union([scalar, z.array(scalar).min(1).max(50)], { error: PHRASES.values })
      .describe("a value per attempt"),
  )
  .refine((record) => Object.keys(record).length <= MAX_OWN_INPUTS, {
    error: `must have at most ${MAX_OWN_INPUTS} inputs: GitHub allows 25, and ${reservedInputs.length} are always sent`,
  });

const metric = phrased("metric").regex(/^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,99}$/, { error: PHRASES.metric });

const bounds = {
  min: z
    .number()
    .optional()
    .describe(
      "Smallest value that is accepted. At least one of `min`, `max`, `above` and `below` is needed.",
    ),
  max: z.number().optional().describe("Greatest value that is accepted."),
  above: z.number().optional().describe("Every value must be greater than this."),
  below: z.number().optional().describe("Every value must be less than this."),
  minSamples: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe("How many samples there must be at least. Without it, one."),
};

export const acceptance = z
  .strictObject({
    metric: metric.describe("Name of a metric in the result of the run."),
    where: z
      .record(metric, scalar)
      .default({})
      .describe("Labels that a sample of the metric must carry to be judged. Without any, every sample is."),
    ...bounds,
  })
  .refine(hasBound, { error: "must have a min, max, above or below" })
  .refine(leavesRoom, { error: "must have bounds between which a value is left" });

/** A metric of a pull request: bounds, and how much worse it may be than at its base. */
export const metricGate = z
  .strictObject({
    metric: metric.describe("Name of a metric in a report of the format `metrics`."),
    where: z
      .record(metric, scalar)
      .default({})
      .describe("Labels that a sample of the metric must carry to be judged. Without any, every sample is."),
    ...bounds,
    min: bounds.min.describe(
      "Smallest value that is accepted. At least one bound or allowance (`maxWorse`, `maxWorsePercent`) is needed.",
    ),
    better: z
      .enum(["higher", "lower"])
      .optional()
      .describe("Which way is better. Needed where the metric is compared with that of the base."),
    maxWorse: z
      .number()
      .min(0)
      .optional()
      .describe("How much worse than at the base it may be, in its own unit; 0 for not at all."),
    maxWorsePercent: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .describe("How much worse than at the base it may be, in percent of the base's value."),
  })
  .refine((gate) => hasBound(gate) || isCompared(gate), {
    error: "must have a min, max, above, below, maxWorse or maxWorsePercent",
  })
  .refine(leavesRoom, { error: "must have bounds between which a value is left" })
  .refine((gate) => !isCompared(gate) || gate.better !== undefined, {
    error: "must say with `better` whether higher or lower is better",
  });

interface Bounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly above?: number | undefined;
  readonly below?: number | undefined;
}

function hasBound({ min, max, above, below }: Bounds): boolean {
  return [min, max, above, below].some((bound) => bound !== undefined);
}

function leavesRoom({ min, max, above, below }: Bounds): boolean {
  const low = Math.max(min ?? Number.NEGATIVE_INFINITY, above ?? Number.NEGATIVE_INFINITY);
  const high = Math.min(max ?? Number.POSITIVE_INFINITY, below ?? Number.POSITIVE_INFINITY);
  const isOpen = low === above || high === below;
  return isOpen ? low < high : low <= high;
}

function isCompared(gate: {
  readonly maxWorse?: number | undefined;
  readonly maxWorsePercent?: number | undefined;
}): boolean {
  return gate.maxWorse !== undefined || gate.maxWorsePercent !== undefined;
}

export type WrittenAcceptance = z.output<typeof acceptance>;
export type WrittenMetricGate = z.output<typeof metricGate>;
export type WrittenValue = z.output<typeof scalar>;

function phrased(phrase: keyof typeof PHRASES) {
  return z.string({ error: PHRASES[phrase] });
}
