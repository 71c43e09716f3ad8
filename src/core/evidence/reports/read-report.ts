import { readBiomeJson } from "./formats/biome-json.ts";
import { readCoverageSummary } from "./formats/coverage-summary.ts";
import { readEslintJson } from "./formats/eslint-json.ts";
import { readJestJson } from "./formats/jest-json.ts";
import { readJunit } from "./formats/junit.ts";
import { readMetrics } from "./formats/metrics.ts";
import { readSarif } from "./formats/sarif.ts";
import { readTsc } from "./formats/tsc.ts";
import { admitText, ReportRefusal } from "./limits.ts";
import type { ReadOptions, Report, ReportReading } from "./report.ts";

/** One format of reports; `read` never throws, whatever the text. */
export interface ReportFormat {
  readonly format: string;
  readonly kind: Report["kind"];
  readonly read: (text: string, options?: ReadOptions) => ReportReading;
}

/** Every format that a worker may report in. */
export const REPORT_FORMATS: readonly ReportFormat[] = [
  defineFormat("junit", "tests", readJunit),
  defineFormat("vitest-json", "tests", readJestJson),
  defineFormat("jest-json", "tests", readJestJson),
  defineFormat("tsc", "findings", readTsc),
  defineFormat("eslint-json", "findings", readEslintJson),
  defineFormat("biome-json", "findings", readBiomeJson),
  defineFormat("sarif", "findings", readSarif),
  defineFormat("coverage-summary", "coverage", readCoverageSummary),
  defineFormat("metrics", "metrics", readMetrics),
];

const FORMAT_BY_NAME: ReadonlyMap<string, ReportFormat> = new Map(
  REPORT_FORMATS.map((row) => [row.format, row]),
);

/** The kind of report that a format holds; undefined for a format that is not known. */
export function kindOfFormat(format: string): Report["kind"] | undefined {
  return FORMAT_BY_NAME.get(format)?.kind;
}

/** Reads a report of a format by its name; an unknown format is a reason like any other. */
export function readReport(format: string, text: string, options?: ReadOptions): ReportReading {
  const row = FORMAT_BY_NAME.get(format);
  return row?.read(text, options) ?? { ok: false, why: "The report has a format that is not known." };
}

function defineFormat<K extends Report["kind"]>(
  format: string,
  kind: K,
  read: (text: string, options?: ReadOptions) => Extract<Report, { readonly kind: K }>,
): ReportFormat {
  return {
    format,
    kind,
    read(text, options) {
      try {
        return { ok: true, report: read(admitText(text), options) };
      } catch (error) {
        if (error instanceof ReportRefusal)
          return { ok: false, why: `The ${format} report ${error.message}.` };
        throw error;
      }
    },
  };
}
