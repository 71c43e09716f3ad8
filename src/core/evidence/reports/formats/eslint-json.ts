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
  const suppressed: RawFinding[] = [];
  for (const [index, value] of files.entries()) {
    const file = readShape(LintedFile, value, String(index));
    const { messages, suppressedMessages, source } = file;
    const results = findings.length + suppressed.length + messages.length + suppressedMessages.length;
    capCount(results, REPORT_LIMITS.findings, "findings");
    const path = cleanPath(file.filePath, options) || null;
    const lines = messages.length > 0 && source ? source.split("\n", MAX_SOURCE_LINES) : [];
    findings.push(...readMessages(messages, { path, lines, where: `${index}.messages` }));
    // The source is there or not because of other messages, so it says nothing that lasts of these.
    const quiet = { path, lines: [], where: `${index}.suppressedMessages` };
    suppressed.push(...readMessages(suppressedMessages, quiet));
  }
  return buildFindingsReport(findings, { suppressed, isSilent: files.length === 0 });
}

interface Place {
  readonly path: string | null;
  readonly lines: readonly string[];
  readonly where: string;
}

function readMessages(messages: readonly unknown[], { path, lines, where }: Place): readonly RawFinding[] {
  return messages.map((value, index) => {
    const { ruleId, severity, fatal, message, line } = readShape(Message, value, `${where}.${index}`);
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
