import { z } from "zod";
import { plural } from "../../../messages/text.ts";
import { buildFindingsReport, type RawFinding, readLine } from "../build-findings-report.ts";
import { cleanPath } from "../clean-path.ts";
import { capCount, REPORT_LIMITS, ReportRefusal } from "../limits.ts";
import { AnyList, listOf, readJson, readShape } from "../read-json.ts";
import type { FindingLevel, FindingsReport, ReadOptions } from "../report.ts";

const Count = z.number().int().min(0).max(1e9).optional();
const Run = z.object({
  summary: z.object({ errors: Count, diagnosticsNotPrinted: Count, changed: Count, unchanged: Count }),
  diagnostics: AnyList,
});
/** Older versions write the message in parts and the path as an object. */
const Diagnostic = z.object({
  severity: z.string(),
  category: z.string().nullish(),
  message: z
    .union([z.string(), listOf(z.object({ content: z.string() }), 100).transform(joinParts)])
    .optional(),
  description: z.string().optional(),
  location: z
    .object({
      path: z
        .union([z.string(), z.object({ file: z.string() }).transform(({ file }) => file)])
        .nullish()
        .catch(null),
      start: z.object({ line: z.unknown().optional() }).nullish().catch(null),
    })
    .nullish(),
});

const LEVELS: ReadonlyMap<string, FindingLevel> = new Map([
  ["fatal", "error"],
  ["error", "error"],
  ["warning", "warning"],
  ["information", "note"],
  ["hint", "note"],
]);

/** Reads Biome's `--reporter=json`; it must have been asked for all diagnostics. */
export function readBiomeJson(text: string, options: ReadOptions = {}): FindingsReport {
  const { summary, diagnostics } = readShape(Run, readJson(text), "");
  capCount(diagnostics.length, REPORT_LIMITS.findings, "findings");
  const left = summary.diagnosticsNotPrinted ?? 0;
  if (left > 0) {
    throw new ReportRefusal(`leaves out ${plural(left, "finding")}: run Biome with --max-diagnostics=none`);
  }
  const findings = diagnostics.map((value, index) => readDiagnostic(value, `diagnostics.${index}`, options));
  const errors = findings.filter(({ level }) => level === "error").length;
  if ((summary.errors ?? 0) > errors) {
    throw new ReportRefusal(`says that there were ${summary.errors} errors, yet lists ${errors}`);
  }
  const { changed, unchanged } = summary;
  const isSilent = changed !== undefined && unchanged !== undefined && changed + unchanged === 0;
  return buildFindingsReport(findings, { isSilent });
}

function readDiagnostic(value: unknown, where: string, options: ReadOptions): RawFinding {
  const { severity, category, message, description, location } = readShape(Diagnostic, value, where);
  const level = LEVELS.get(severity);
  if (level === undefined) throw new ReportRefusal(`has a finding of an unknown severity at ${where}`);
  const path = location?.path;
  return {
    tool: "biome",
    rule: category ?? "biome",
    level,
    path: path ? cleanPath(path, options) || null : null,
    line: readLine(location?.start?.line),
    message: message || description || "",
  };
}

function joinParts(parts: readonly { readonly content: string }[]): string {
  return parts.map(({ content }) => content).join("");
}
