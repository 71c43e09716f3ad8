import type { Finding, FindingLevel, FindingsReport, ReportReading } from "../evidence/reports/report.ts";
import { answerAs } from "../gate/gate-rule.ts";
import type { GateResult } from "../gate/verdict.ts";
import { be, code, inline, plural } from "../messages/text.ts";
import { compareFindings, type FindingsComparison } from "./compare-findings.ts";
import type { Renames } from "./renames.ts";
import { describeFirst, nameSome, takeReport } from "./take-report.ts";

const { pass, fail, blocked } = answerAs("findings");

/** How many findings of each level may be new, and how many results newly suppressed; null allows any number. */
export interface FindingsPolicy {
  readonly maxNew: Readonly<Record<FindingLevel, number | null>>;
  readonly maxNewlySuppressed: number | null;
}

export const STRICT_FINDINGS: FindingsPolicy = {
  maxNew: { error: 0, warning: 0, note: null },
  maxNewlySuppressed: 0,
};

export interface FindingsToJudge {
  /** Null when a report was asked for and there is none. */
  readonly head: ReportReading | null;
  readonly base: FindingsReport | null;
  /** Whether there never was a baseline: what is suppressed may have been so for long. */
  readonly isFirst?: boolean;
  readonly policy: FindingsPolicy;
  readonly renames?: Renames;
}

/** The worst level first, which is the order of the details too. */
const LEVELS: readonly FindingLevel[] = ["error", "warning", "note"];

/** New findings above the thresholds are FAIL, those of the baseline never are; newly suppressed ones need a person. */
export function judgeFindings({ head, base, isFirst = false, policy, renames }: FindingsToJudge): GateResult {
  const taken = takeReport("findings", head);
  if (!taken.ok) return taken.answer;
  const comparison = compareFindings(base, taken.report, renames);
  const { added, existing, gone, hasBaseline } = comparison;
  const worstFirst = LEVELS.flatMap((level) => added.filter((finding) => finding.level === level));
  const facts = {
    wanted: describePolicy(policy),
    ...describeBase(base, comparison),
    details: describeFirst(worstFirst, describe),
  };
  const exceeded = LEVELS.filter((level) => isMore(countLevel(added, level), policy.maxNew[level]));
  const seen = describeCounts(added);
  if (exceeded.length > 0) {
    const since = hasBaseline ? "" : "; there is no baseline, so every finding counts as new";
    return fail({
      message: `The change brings ${seen}${since}.`,
      seen,
      ...facts,
      howToFix: "Correct what is found instead of suppressing it.",
    });
  }
  const doubt =
    askForLook(comparison) ??
    askForTools(comparison) ??
    (isFirst ? undefined : askForSuppressed(comparison, policy));
  if (doubt !== undefined) return blocked({ ...facts, ...doubt });
  const remark = hasBaseline
    ? `${existing.length} as before, ${gone.length} gone`
    : "there is no baseline to compare with";
  return pass({ message: `${capitalise(seen)}; ${remark}.`, seen, ...facts });
}

type Doubt = Pick<GateResult, "message" | "seen" | "howToFix" | "details">;

/** What was there cannot have been corrected everywhere by looking nowhere. */
function askForLook({ unlooked }: FindingsComparison): Doubt | undefined {
  const [first] = unlooked;
  if (first === undefined) return undefined;
  return {
    message: `${nameReport(first.path)} shows nothing that was looked at, though the base has ${plural(first.results, "result")} there, so nothing is proven.`,
    seen: "nothing was looked at",
    howToFix:
      "Let the tool look at the code again, and say so: ESLint lists every file that it looked at, `tsc --diagnostics` counts them.",
  };
}

/** What a tool found is gone with the tool. */
function askForTools({ missingTools }: FindingsComparison): Doubt | undefined {
  const [first] = missingTools;
  if (first === undefined) return undefined;
  const there = missingTools.filter(({ path }) => path === first.path);
  const names = nameSome(there.map(({ tool }) => code(tool)));
  return {
    message: `${nameReport(first.path)} has no run of ${names}, though the base's has one, so nothing is proven.`,
    seen: `no run of ${names}`,
    howToFix: "Let the tool run again, or have a person confirm that it is no longer needed.",
  };
}

function nameReport(path: string): string {
  return path === "" ? "The report" : `The report ${code(path)}`;
}

function askForSuppressed(
  { newlySuppressed, hasBaseline }: FindingsComparison,
  { maxNewlySuppressed }: FindingsPolicy,
): Doubt | undefined {
  const { length } = newlySuppressed;
  if (!isMore(length, maxNewlySuppressed)) return undefined;
  const since = hasBaseline
    ? "newly suppressed"
    : "suppressed (no baseline, so every suppressed one counts as new)";
  return {
    message: `${plural(length, "result")} ${be(length)} ${since}: ${nameSome(newlySuppressed.map(describePlace))}.`,
    seen: `${length} newly suppressed`,
    howToFix: "Correct what is found, or have a person confirm the suppression.",
    details: describeFirst(newlySuppressed, describe),
  };
}

/** What is as before cancels out. */
function describeBase(
  base: FindingsReport | null,
  { added, gone }: FindingsComparison,
): Pick<GateResult, "base" | "delta"> {
  if (base === null) return {};
  const changes = [
    added.length === 0 ? "" : `+${added.length}`,
    gone.length === 0 ? "" : `−${gone.length}`,
  ].filter((change) => change !== "");
  return { base: plural(base.findings.length, "finding"), delta: changes.join(" ") || "0" };
}

function isMore(count: number, allowed: number | null): boolean {
  return allowed !== null && !(count <= allowed);
}

function countLevel(findings: readonly Finding[], level: FindingLevel): number {
  return findings.filter((finding) => finding.level === level).length;
}

function describeCounts(added: readonly Finding[]): string {
  const parts = LEVELS.map((level) => ({ level, count: countLevel(added, level) }))
    .filter(({ count }) => count > 0)
    .map(({ level, count }) => plural(count, `new ${level}`));
  return parts.length === 0 ? "no new finding" : parts.join(", ");
}

function describePolicy({ maxNew }: FindingsPolicy): string {
  const parts = LEVELS.flatMap((level) => {
    const allowed = maxNew[level];
    return allowed === null
      ? []
      : [allowed === 0 ? `no new ${level}` : `at most ${plural(allowed, `new ${level}`)}`];
  });
  return parts.length === 0 ? "a report of findings" : parts.join(", ");
}

function describe(finding: Finding): string {
  return `${finding.level} ${describePlace(finding)}: ${inline(finding.message, 160)}`;
}

function describePlace({ rule, path, line }: Finding): string {
  const place = path === null ? "the project" : code(line === null ? path : `${path}:${line}`);
  return `${code(rule)} in ${place}`;
}

function capitalise(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
