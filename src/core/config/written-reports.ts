import { z } from "zod";
import { REPORT_FORMATS } from "../evidence/reports/read-report.ts";

const artifactName = z.string().regex(/^[^"<>|*?:\r\n\\/]{1,255}$/, {
  error: "must be the name of an artifact, such as reports",
});
const PATH_PHRASE = "must be a path inside the artifact, such as junit.xml";
const path = z
  .string({ error: PATH_PHRASE })
  .regex(/^[^\p{C}\\/][^\p{C}\\]{0,199}$/u, { error: PATH_PHRASE, abort: true })
  .refine((text) => !text.split("/").some((part) => [".", "..", ""].includes(part)), { error: PATH_PHRASE });
const format = z.enum(REPORT_FORMATS.map((row) => row.format));
const count = z.int().min(0).max(100_000);
const percent = z.number().min(0).max(100);

/** Where the reports of a commit are; which of the gates below are asked depends on what is listed here. */
export const reports = z.strictObject({
  artifact: artifactName.describe("Artifact of the reports; any workflow run of the commit may upload it."),
  files: z
    .array(
      z.strictObject({
        format: format.describe("Format of the report."),
        path: path.describe("Path of the report in the artifact."),
      }),
    )
    .min(1)
    .max(20)
    .describe("The reports. Each of them has to be there; those of one kind are judged together."),
});

export const tests = z.strictObject({
  newlySkipped: count.default(0).describe("How many tests may be skipped that were not before."),
  lost: count
    .default(0)
    .describe("How many tests of the base may be gone; one that is in another file or suite is not."),
});

export const findings = z.strictObject({
  level: z
    .enum(["error", "warning", "note"])
    .default("warning")
    .describe("The least level that is judged; what is below is only shown."),
  new: count.default(0).describe("How many new findings there may be of each level that is judged."),
});

const bounds = z.strictObject({
  min: percent.optional().describe("Percent that have to be covered over all files."),
  maxDrop: percent.optional().describe("Points that may be lost over all files."),
  changedMin: percent.optional().describe("Percent that have to be covered in the changed files."),
});

export const coverage = z.strictObject({
  lines: bounds.optional().describe("Bounds for lines."),
  branches: bounds.optional().describe("Bounds for branches."),
});
