import { identifyFindings, normaliseEssence } from "../../findings/fingerprint-finding.ts";
import { cleanMessage, cleanText } from "./clean-text.ts";
import { capCount, FIELD_CHARS, REPORT_LIMITS, ReportRefusal } from "./limits.ts";
import type { FindingLevel, FindingsReport, Reading } from "./report.ts";

/** A finding as an importer found it. */
export interface RawFinding {
  readonly tool: string;
  readonly rule: string;
  readonly level: FindingLevel;
  readonly path: string | null;
  readonly line: number | null;
  readonly message: string;
  /** The code that was found, where the tool gives it; it tells more than the message. */
  readonly snippet?: string;
  readonly symbol?: string;
  /** What the tool itself tells findings apart by, such as a hash of the line. */
  readonly ownFingerprint?: string;
}

const MAX_LINE = 10_000_000;

interface FindingsExtras {
  readonly suppressed?: readonly RawFinding[];
  readonly isSilent?: boolean;
  readonly tools?: readonly string[];
}

/** Cleans and fingerprints the findings of a report. Throws a refusal when there are too many. */
export function buildFindingsReport(
  raw: readonly RawFinding[],
  { suppressed = [], isSilent = false, tools = [] }: FindingsExtras = {},
): FindingsReport {
  capCount(raw.length + suppressed.length, REPORT_LIMITS.findings, "findings");
  return {
    kind: "findings",
    findings: identifyFindings(raw.map(cleanFinding)),
    suppressed: identifyFindings(suppressed.map(cleanFinding)),
    sources: [
      {
        path: "",
        results: raw.length + suppressed.length,
        isSilent,
        tools: [...new Set(tools.map(cleanTool))],
      },
    ],
  };
}

/** Several reports, such as one per tool, as one; `paths` are theirs in the artifact. */
export function mergeFindingsReports(
  reports: readonly FindingsReport[],
  paths: readonly string[] = [],
): Reading<FindingsReport> {
  const sources = reports.flatMap((report, index) =>
    report.sources.map((source) => ({ ...source, path: paths[index] ?? source.path })),
  );
  const [only, ...others] = reports;
  if (only !== undefined && others.length === 0) return { ok: true, report: { ...only, sources } };
  const findings = reports.flatMap((report) => report.findings);
  const suppressed = reports.flatMap((report) => report.suppressed);
  try {
    capCount(findings.length + suppressed.length, REPORT_LIMITS.findings, "findings");
  } catch (error) {
    if (error instanceof ReportRefusal) return { ok: false, why: `The reports together: ${error.message}.` };
    throw error;
  }
  return {
    ok: true,
    report: {
      kind: "findings",
      findings: identifyFindings(findings),
      suppressed: identifyFindings(suppressed),
      sources,
    },
  };
}

/** A line number, or null where the report has nothing that can be one. */
export function readLine(value: unknown): number | null {
  const isLine = typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= MAX_LINE;
  return isLine ? value : null;
}

function cleanTool(tool: string): string {
  return cleanText(tool, FIELD_CHARS.tool) || "unknown tool";
}

function cleanFinding(raw: RawFinding) {
  const { tool, rule, level, path, line, message, snippet, symbol, ownFingerprint } = raw;
  const essence = ownFingerprint ?? normaliseEssence(snippet?.trim() ? snippet : message, symbol);
  return {
    tool: cleanTool(tool),
    rule: cleanText(rule, FIELD_CHARS.rule) || "unknown rule",
    level,
    path,
    line,
    message: cleanMessage(message),
    essence: cleanText(essence, FIELD_CHARS.essence),
  };
}
