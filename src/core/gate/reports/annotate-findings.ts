import type { Annotation } from "../../effects.ts";
import type { Finding, FindingLevel } from "../../evidence/reports/report.ts";
import { compareFindings } from "../../findings/compare-findings.ts";
import { cutTo } from "../../messages/text.ts";
import type { GateSubject } from "../gate-rule.ts";
import { isPlainPath } from "../match-paths.ts";
import { renamesOf } from "./renames-of.ts";
import { FINDINGS } from "./report-kind.ts";
import { takeReports } from "./take-reports.ts";

const MAX_ANNOTATIONS = 200;
const MAX_MESSAGE_CHARS = 1_000;

const LEVELS = { error: "failure", warning: "warning", note: "notice" } as const;
const ORDER: readonly FindingLevel[] = ["error", "warning", "note"];

/** The new findings where they are in the code, the worst first; what was there before is no news. */
export function annotateFindings(subject: GateSubject): readonly Annotation[] {
  if (subject.config.gates.findings === undefined) return [];
  const taken = takeReports(subject, FINDINGS);
  if (taken.kind === "answer") return [];
  const { added } = compareFindings(taken.base, taken.head, renamesOf(subject.pull));
  return added
    .toSorted((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level))
    .flatMap(annotate)
    .slice(0, MAX_ANNOTATIONS);
}

function annotate({ path, line, level, tool, rule, message }: Finding): readonly Annotation[] {
  if (path === null || !isPlainPath(path)) return [];
  const at = line ?? 1;
  const text = cutTo(`${tool} ${rule}: ${message}`, MAX_MESSAGE_CHARS);
  return [{ path, startLine: at, endLine: at, level: LEVELS[level], message: text }];
}
