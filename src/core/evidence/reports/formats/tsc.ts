import { buildFindingsReport, type RawFinding, readLine } from "../build-findings-report.ts";
import { cleanPath } from "../clean-path.ts";
import { stripTerminalCodes } from "../clean-text.ts";
import { capCount, REPORT_LIMITS, ReportRefusal } from "../limits.ts";
import type { FindingLevel, FindingsReport, ReadOptions } from "../report.ts";

/** `error TS2322: message`, after a place or by itself. */
const DIAGNOSTIC = /^(?:(.*?)(?::| -)? )?(error|warning|message) (TS\d{1,6}): (.*)$/u;
const PLAIN_PLACE = /^(.{1,1024})\((\d{1,8}),\d{1,8}\)$/u;
const PRETTY_PLACE = /^(.{1,1024}):(\d{1,8}):\d{1,8}$/u;
/** In watch mode with the time before it. */
const SUMMARY = /^(?:\[?\d{1,2}:\d{2}:\d{2}[^F]{0,12})?Found (\d{1,8}) errors?\b/u;
/** What stands around the output of the compiler in a log of npm or of its watch mode. */
const BANNER = /^(?:> |\[?\d{1,2}:\d{2}:\d{2}|Projects in this build)/u;
/** What `--diagnostics` and `--extendedDiagnostics` count. */
const STATISTIC =
  /^(?:Files|Lines(?: of [A-Za-z]+)?|Identifiers|Symbols|Types|Instantiations|Memory (?:used|allocs)|[A-Za-z][A-Za-z/ ]{0,40} (?:cache size|time)): +\d+(?:\.\d+)?[Ks]?$/u;
/** How Node, Go, a shell or npm says that the compiler did not come to its end; source that is quoted has a number before it. */
const CRASH = new RegExp(
  [
    "^(?:FATAL ERROR|fatal error|panic):",
    String.raw`^(?:Range|Type|Reference|Syntax|Internal)Error\b`,
    "^Error: Debug Failure",
    String.raw`^(?:\S+: (?:line )?\d+: +\d+ )?(?:Killed|Terminated|Aborted|Segmentation fault)\b`,
    String.raw`^npm (?:ERR!|error) signal\b`,
    String.raw`^\D{0,200}\bexit (?:code|status) 1[23]\d\b`,
  ].join("|"),
  "u",
);
const MAX_LINE_CHARS = 10_000;

/** What a line is that reports nothing. */
type LineKind = "crash" | "summary" | "statistic" | "noise" | "strange";

const LEVELS: ReadonlyMap<string, FindingLevel> = new Map([
  ["error", "error"],
  ["warning", "warning"],
  ["message", "note"],
]);

/** Reads what `tsc` prints, with and without `--pretty`. No output means no error, though nobody may have looked. */
export function readTsc(text: string, options: ReadOptions = {}): FindingsReport {
  const findings: RawFinding[] = [];
  let lines = 0;
  let declared = 0;
  const heard: Record<LineKind, number> = { crash: 0, summary: 0, statistic: 0, noise: 0, strange: 0 };
  for (let start = 0; start < text.length; start = endOfLine(text, start) + 1) {
    const short = stripTerminalCodes(
      text.slice(start, endOfLine(text, start)).slice(0, MAX_LINE_CHARS),
    ).trimEnd();
    const finding = readDiagnostic(short, options);
    if (finding !== undefined) findings.push(finding);
    else {
      heard[kindOf(short)] += 1;
      declared += Number(SUMMARY.exec(short)?.[1] ?? 0);
    }
    capCount(findings.length, REPORT_LIMITS.findings, "findings");
    lines += 1;
    capCount(lines, REPORT_LIMITS.lines, "lines");
  }
  if (heard.crash > 0) throw new ReportRefusal("says that tsc did not come to its end");
  if (findings.length < declared) {
    throw new ReportRefusal(`says that there were ${declared} errors, yet lists ${findings.length}`);
  }
  if (findings.length === 0 && heard.strange > 0) throw new ReportRefusal("is not the output of tsc");
  return buildFindingsReport(findings, {
    isSilent: findings.length + heard.summary + heard.statistic === 0,
  });
}

function kindOf(line: string): LineKind {
  if (CRASH.test(line)) return "crash";
  if (SUMMARY.test(line)) return "summary";
  if (STATISTIC.test(line)) return "statistic";
  return line === "" || BANNER.test(line) ? "noise" : "strange";
}

function readDiagnostic(line: string, options: ReadOptions): RawFinding | undefined {
  if (!line.includes(" TS")) return undefined;
  const [, where = "", level = "", rule = "", message = ""] = DIAGNOSTIC.exec(line) ?? [];
  const place = PLAIN_PLACE.exec(where) ?? PRETTY_PLACE.exec(where);
  // Source that is quoted may say anything, but not after a place.
  if (rule === "" || (where !== "" && place === null)) return undefined;
  return {
    tool: "tsc",
    rule,
    level: LEVELS.get(level) ?? "error",
    path: cleanPath(place?.[1] ?? "", options) || null,
    line: readLine(Number(place?.[2])),
    message,
  };
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end === -1 ? text.length : end;
}
