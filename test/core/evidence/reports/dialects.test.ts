import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REPORT_FORMATS, readReport } from "../../../../src/core/evidence/reports/read-report.ts";
import { showReading } from "./show-report.ts";

const FIXTURES = join(import.meta.dirname, "../../../../fixtures/reports");

describe("reports of real tools", () => {
  for (const { format } of REPORT_FORMATS) {
    const directory = join(FIXTURES, format);
    const names = readdirSync(directory).filter((name) => !name.endsWith(".read.txt"));

    it.each(names)(`reads ${format}/%s as people read it`, async (name) => {
      const reading = readReport(format, readFileSync(join(directory, name), "utf8"));

      expect(reading.ok).toBe(true);
      await expect(showReading(reading)).toMatchFileSnapshot(join(directory, `${name}.read.txt`));
    });
  }
});
