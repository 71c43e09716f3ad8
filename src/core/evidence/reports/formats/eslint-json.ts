import { z } from "zod";
import { buildFindingsReport, type RawFinding, readLine } from "../build-findings-report.ts";
import { cleanPath } from "../clean-path.ts";
import { capCount, REPORT_LIMITS } from "../limits.ts";
import { AnyList, readJson, readShape } from "../read-json.ts";
import type { FindingLevel, FindingsReport, ReadOptions } from "../report.ts";

const LintedFile = z.object({
  filePath: z.string(),
  messages: AnyList,
  suppressedMessages: AnyList.default([]),
  /** The whole file, when there is something to say of it. */
  source: z.string().nullish(),
});
const Message = z.object({
  ruleId: z.string().nullish(),
  severity: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  fatal: z.boolean().optional(),
  message: z.string(),
  line: z.unknown().optional(),
});

/** Code further down is not quoted; its findings are told apart by their messages. */
const MAX_SOURCE_LINES = 100_000;
const LEVELS: readonly FindingLevel[] = ["note", "warning", "error"];

/** Reads ESLint's `--format json`. */
export function readEslintJson(text: string, options: ReadOptions = {}): FindingsReport {
  const files = readShape(AnyList, readJson(text), "");
  capCount(files.length, REPORT_LIMITS.files, "files");
  const findings: RawFinding[] = [];
  let suppressed = 0;
  for (const [index, value] of files.entries()) {
    const file = readShape(LintedFile, value, String(index));
    suppressed += file.suppressedMessages.length;
    capCount(findings.length + file.messages.length, REPORT_LIMITS.findings, "findings");
    findings.push(...readMessages(file, String(index), options));
  }
  return buildFindingsReport(findings, suppressed);
}

function readMessages(
  { filePath, messages, source }: z.infer<typeof LintedFile>,
  where: string,
  options: ReadOptions,
): readonly RawFinding[] {
  const path = cleanPath(filePath, options) || null;
  const lines = messages.length > 0 && source ? source.split("\n", MAX_SOURCE_LINES) : [];
  return messages.map((value, index) => {
    const { ruleId, severity, fatal, message, line } = readShape(
      Message,
      value,
      `${where}.messages.${index}`,
    );
    const at = readLine(line);
    const code = at === null ? undefined : lines[at - 1];
    return {
      tool: "eslint",
      rule: ruleId ?? (fatal ? "parse-error" : "eslint"),
      level: LEVELS[severity] ?? "error",
      path,
      line: at,
      message,
      // Without the message, two findings of one rule in one line would be the same.
      ...(code?.trim() ? { snippet: `${message} ${code}` } : {}),
    };
  });
}
