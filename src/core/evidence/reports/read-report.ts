import { readBiomeJson } from "./formats/biome-json.ts";
import { readCoverageSummary } from "./formats/coverage-summary.ts";
import { readEslintJson } from "./formats/eslint-json.ts";
import { readJestJson } from "./formats/jest-json.ts";
import { readJunit } from "./formats/junit.ts";
import { readSarif } from "./formats/sarif.ts";
import { readTsc } from "./formats/tsc.ts";
import { admitText, ReportRefusal } from "./limits.ts";
import type { ReadOptions, Report, ReportReading } from "./report.ts";

/** One format of reports; `read` never throws, whatever the text. */
export interface ReportFormat {
  readonly format: string;
  readonly read: (text: string, options?: ReadOptions) => ReportReading;
}

/** Every format that a worker may report in. */
export const REPORT_FORMATS: readonly ReportFormat[] = [
  defineFormat("junit", readJunit),
  defineFormat("vitest-json", readJestJson),
  defineFormat("jest-json", readJestJson),
  defineFormat("tsc", readTsc),
  defineFormat("eslint-json", readEslintJson),
  defineFormat("biome-json", readBiomeJson),
  defineFormat("sarif", readSarif),
  defineFormat("coverage-summary", readCoverageSummary),
];

const FORMAT_BY_NAME: ReadonlyMap<string, ReportFormat> = new Map(
  REPORT_FORMATS.map((row) => [row.format, row]),
);

/** Reads a report of a format by its name; an unknown format is a reason like any other. */
export function readReport(format: string, text: string, options?: ReadOptions): ReportReading {
  const row = FORMAT_BY_NAME.get(format);
  return row?.read(text, options) ?? { ok: false, why: "The report has a format that is not known." };
}

function defineFormat(format: string, read: (text: string, options?: ReadOptions) => Report): ReportFormat {
  return {
    format,
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
