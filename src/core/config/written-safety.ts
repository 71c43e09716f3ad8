import { z } from "zod";
import { autonomies } from "../autonomy/autonomy.ts";
import { isSchedule, isTimezone } from "./is-schedule.ts";
import { acceptance, duration, glob, inputs, workflow } from "./written-fields.ts";

export const cron = z.string().max(100).refine(isSchedule, {
  error: 'must be a cron expression of five fields that comes round, such as "0 9 * * 1"',
});

export const timezone = z
  .string()
  .max(64)
  .refine(isTimezone, { error: "must be a time zone such as UTC or Europe/Berlin" });

export const ceiling = z.strictObject({
  paths: z.array(glob).min(1).max(200).describe("Files that the ceiling is for."),
  autonomy: z
    .enum(autonomies)
    .describe("How far work that touches one of them may go without a person; never above that of the file."),
});

export const window = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(80)
    .describe("Name that people read, such as weekend freeze; no two windows have the same."),
  starts: cron.describe("When it begins: minute, hour, day of the month, month, day of the week."),
  timezone: timezone.default("UTC").describe("Time zone of `starts`."),
  lasts: duration.describe("How long it lasts, such as 48h; at most 35d."),
  stops: z
    .array(z.enum(["dispatch", "merge"]))
    .min(1)
    .max(2)
    .default(["merge"])
    .describe("What does not happen meanwhile: `dispatch` starts work, `merge` ends it."),
});

export const critics = z.strictObject({
  workflow: workflow.describe(
    "Workflow that is dispatched on the default branch after each merge of a task's pull request.",
  ),
  inputs: inputs.default({}).describe("Inputs of the workflow; of a list, the first value counts."),
  accept: z
    .array(acceptance)
    .max(50)
    .default([])
    .describe("What the metrics of its result must reach, beside its own success."),
  timeout: duration.default("60m").describe("How long it may take."),
});

export const breaker = z.strictObject({
  failures: z
    .int()
    .min(1)
    .max(20)
    .default(3)
    .describe(
      "After so many troubles of one workflow in a row that are not the work's own, nothing more is started with it.",
    ),
  pause: duration
    .default("10m")
    .describe(
      "How long until one attempt is let through as a probe; doubled each time that it fails, up to 2h.",
    ),
});

export const people = z.strictObject({
  verify: z
    .boolean()
    .default(true)
    .describe("Whether people's own pull requests get a verdict. Without, their check is neutral."),
  approvals: z
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe("People other than the author who have to approve exactly the head commit."),
  branches: z
    .array(glob)
    .max(50)
    .default([])
    .describe(
      "How their branches may be named, such as `fix/*` and `feature/*`. An empty list means any name.",
    ),
  linkedIssue: z
    .boolean()
    .default(false)
    .describe("Whether their text has to close an issue of the repository, such as `Closes #12`."),
});

const SCRIPT = "{py,ipynb,r,jl,js,cjs,mjs,ts,cts,mts,sh}";
/** Languages of models, in which other programs seldom use the same names. */
const MODEL = "{py,ipynb,r,jl}";
const TABLE = "{csv,tsv,jsonl,ndjson,parquet,feather,arrow,npy,npz,pkl,h5,xlsx}";

/** Scripts and data that metrics commonly come from; tests beside them have other names. */
export const evaluationByDefault = [
  "**/eval/**",
  "**/evals/**",
  "**/evaluation/**",
  "**/eval.*",
  "**/evaluate.*",
  "**/evaluation.*",
  `**/{eval,evaluate}[_-]*.${MODEL}`,
  `**/{evaluator,evaluators}.${MODEL}`,
  "**/run[_-]eval*",
  `**/{metric,metrics}.${SCRIPT}`,
  `**/metrics/**/*.${MODEL}`,
  "**/compute_metrics.*",
  `**/{eval,calculate}_metrics.${SCRIPT}`,
  `**/model[_-]{eval,evaluation,metrics,scoring}.${SCRIPT}`,
  `**/{score,scorer,scoring}.${MODEL}`,
  "**/{scripts,script,tools,bin,ci}/{eval,evaluate,score,verify,benchmark}[_-]*",
  "**/{scripts,script,tools,bin,ci}/{score,scoring,verify,verification,benchmark}.*",
  "**/{scripts,script,tools,bin,ci}/{score,verify,benchmark}",
  `{score,verify,benchmark}.${SCRIPT}`,
  "**/benchmarks/**",
  "**/holdout/**",
  "**/golden/**",
  "**/*.golden",
  "**/*holdout*",
  "**/*threshold*",
  `**/{eval,evaluation,validation,benchmark}[_-]*.${TABLE}`,
  `**/{validation,benchmark,groundtruth,ground_truth,ground-truth}.${TABLE}`,
  "**/data*/**/{eval,evaluation,validation,benchmark,ground}[_-]*.json",
  `**/data*/**/{val,test}.${TABLE}`,
  "**/data*/**/{val,validation,test,benchmark}.json",
  `**/data*/**/{val,validation,test}/**/*.${TABLE}`,
];

export const integrity = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      "Whether a change of what proves the work (thresholds, suppressed rules, snapshots) needs a person.",
    ),
  evaluation: z
    .array(glob)
    .max(200)
    .default(evaluationByDefault)
    .describe(
      "Scripts and data that metrics come from; new ones count too. A list of your own replaces the default, so leave out what means something else here, such as a `metrics.ts` that counts requests.",
    ),
});
