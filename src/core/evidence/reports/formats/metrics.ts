import { z } from "zod";
import { capCount, FIELD_CHARS, REPORT_LIMITS } from "../limits.ts";
import { AnyList, readJson, readShape } from "../read-json.ts";
import type { MetricsReport } from "../report.ts";

const Report = z.strictObject({ metrics: AnyList });

/** A finite number; null for what was computed and is none. JSON has no word for those, and its greatest numbers overflow. */
const Value = z.union(
  [
    z.number(),
    z.null(),
    z
      .literal(["NaN", "Infinity", "-Infinity", Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      .transform(() => null),
  ],
  { error: 'must be a number, or null, "NaN" or "Infinity" for what is none' },
);

const Labels = z
  .record(z.string().min(1).max(FIELD_CHARS.label), z.string().max(FIELD_CHARS.labelValue))
  .refine((labels) => Object.keys(labels).length <= REPORT_LIMITS.labels, {
    error: `more than ${REPORT_LIMITS.labels} labels`,
  });

const Sample = z.strictObject({
  name: z.string().min(1).max(FIELD_CHARS.metric),
  value: Value,
  labels: Labels.default({}),
});

/** Reads `{ "metrics": [{ "name", "value", "labels" }] }`, the samples as `result.json` has them. */
export function readMetrics(text: string): MetricsReport {
  const { metrics } = readShape(Report, readJson(text), "");
  capCount(metrics.length, REPORT_LIMITS.samples, "samples");
  return {
    kind: "metrics",
    samples: metrics.map((value, index) => readShape(Sample, value, `metrics.${index}`)),
  };
}
