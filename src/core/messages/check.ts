import { createKeyLines } from "../config/create-key-lines.ts";
import type { CheckOutput } from "../effects.ts";
import { isOverridable, type NotEvaluated, ruleOf } from "../gate/evaluate-pull.ts";
import type { GateResult, Verdict } from "../gate/verdict.ts";
import { code, cutTo, folded, inline, link, paragraphs, plural, table } from "./text.ts";

/** What the commit of a check is the head of. */
export type CheckSubject =
  | {
      readonly kind: "task";
      readonly number: number;
      readonly baseRef: string;
      readonly issue: number;
      readonly attempt: number;
    }
  | { readonly kind: "pull" | "group"; readonly number: number; readonly baseRef: string };

/** The configuration that decided, and the page where people read it. */
export interface ConfigAt {
  readonly text: string;
  readonly sha: string;
  readonly url: string;
}

export interface VerdictToShow {
  readonly verdict: Verdict;
  readonly sha: string;
  readonly subject: CheckSubject;
  readonly notEvaluated: readonly NotEvaluated[];
  readonly configAt: ConfigAt | null;
  /** Other pull requests with the same head, and what is said of them (F146). */
  readonly shared: readonly {
    readonly number: number;
    readonly baseRef: string;
    readonly word: Verdict["value"] | "pending";
  }[];
}

const TITLE_MAX_CHARS = 80;
/** Gates of one metric each can be many. */
const MAX_SHOWN = 20;

/** The check run of a verdict: how to fix first, then every gate with what it saw, what it wanted and what decided. */
export function verdictCheckOutput(facts: VerdictToShow): CheckOutput {
  const { verdict, configAt } = facts;
  const open = openGates(verdict).slice(0, MAX_SHOWN);
  return {
    title: titleOf(verdict),
    summary: paragraphs(
      headline(facts),
      describeFixes(openGates(verdict)),
      `### Gates\n\n${verdictTable(verdict.gates, configAt)}`,
      listSection("Set aside", setAside(verdict).map(describeOverride)),
      ...open.map((gate) =>
        folded(`${gate.gate}: what was found`, (gate.details ?? []).map((line) => `- ${line}`).join("\n")),
      ),
      listSection(
        "Not evaluated",
        facts.notEvaluated.map(({ gate, why }) => `- **${gate}**: ${why}`),
      ),
      `Decided by \`${CONFIG_PATH}\` of the default branch${configAt === null ? "" : ` at \`${configAt.sha.slice(0, 7)}\``}. Asked again on every push and every check.`,
    ),
  };
}

/** The check run while something is still under way. */
export function pendingCheckOutput(waitingFor: readonly string[], gates: readonly GateResult[]): CheckOutput {
  return {
    title: plain(capitalise(waitingFor.join("; "))),
    summary: paragraphs(
      `No verdict yet: ${waitingFor.join("; ")}.`,
      gates.length === 0 ? undefined : `### Decided so far\n\n${gateTable(gates)}`,
    ),
  };
}

/** The check run of a pull request that no task made, where those of people are not judged. */
export function unjudgedCheckOutput(): CheckOutput {
  return {
    title: "Not a task's pull request: not verified",
    summary: paragraphs(
      "This pull request was not made for a task, so its gates were **not evaluated** and nothing is said about it.",
      "The check is neutral so that a branch protection that requires it does not hold back people's own work. " +
        "To have people's work verified as well, set `gates.people.verify: true`.",
    ),
  };
}

/** The check run of a commit that is not the head any more. */
export function supersededCheckOutput(): CheckOutput {
  return {
    title: "Superseded by a newer commit",
    summary: "This commit is not the head any more; its successor has a verdict of its own.",
  };
}

/** The check run of a commit that nobody will judge any more. */
export function abandonedCheckOutput(why: string): CheckOutput {
  return { title: plain(`No verdict: ${why}`), summary: `There is no verdict about this commit: ${why}.` };
}

/** One row for each gate, as far as there is room in a comment. */
export function gateTable(gates: readonly GateResult[]): string {
  const rows = gates.map((gate) => [
    gate.gate,
    verdictMark(gate),
    gate.seen,
    gate.wanted,
    evidenceLink(gate),
  ]);
  return table(["Gate", "Verdict", "Seen", "Wanted", "Evidence"], rows);
}

const MARKS = { PASS: "✅ PASS", FAIL: "❌ FAIL", BLOCKED: "✋ BLOCKED" } as const;

/** What a person set aside is never shown as a plain pass. */
export function verdictMark({ verdict, overridden }: Pick<GateResult, "verdict" | "overridden">): string {
  return overridden === undefined ? MARKS[verdict] : `⚠️ set aside by @${inline(overridden.by, 40)}`;
}

/** What a commit is the head of, as it is said after "for". */
export function describeSubject(sha: string, subject: CheckSubject): string {
  const commit = `\`${sha.slice(0, 12)}\``;
  const base = `into ${code(subject.baseRef)}`;
  if (subject.kind === "task")
    return `${commit}, attempt ${subject.attempt} of #${subject.issue}, pull request #${subject.number} ${base}`;
  if (subject.kind === "pull") return `${commit}, pull request #${subject.number} ${base}`;
  return `${commit}, the merge queue's commit of #${subject.number} ${base}`;
}

/** What decided comes first: while something fails, what is only blocked is not yet the point. */
export function openGates(verdict: Verdict): readonly GateResult[] {
  return verdict.gates
    .filter((gate) => gate.verdict !== "PASS")
    .toSorted((a, b) => Number(a.verdict !== verdict.value) - Number(b.verdict !== verdict.value));
}

function setAside({ gates }: Verdict): readonly GateResult[] {
  return gates.filter(({ overridden }) => overridden !== undefined);
}

/** The same commit may be the head of several pull requests; each has its own verdict. */
function headline({ verdict, sha, subject, shared }: VerdictToShow): string {
  const others = shared
    .slice(0, MAX_SHOWN)
    .map(
      ({ number, baseRef, word }) =>
        `This commit is also the head of #${number} into ${code(baseRef)}: ${word === "pending" ? "no verdict yet" : word}.`,
    );
  return [`**${verdict.value}** for ${describeSubject(sha, subject)}.`, ...others].join("\n");
}

function titleOf(verdict: Verdict): string {
  const open = openGates(verdict);
  const total = verdict.gates.length;
  if (verdict.value === "PASS") {
    const aside = setAside(verdict).length;
    const passed = total === 1 ? "the only gate" : `all ${total} gates`;
    return `PASS – ${passed}${aside === 0 ? "" : `, ${aside} set aside by people`}`;
  }
  if (open.length === 0) return `${verdict.value} – no gate was asked, so nothing is verified`;
  const named = open.map(({ gate, seen, inShort = seen }) => `${gate} ${inShort}`).join(", ");
  return plain(`${verdict.value} – ${open.length} of ${plural(total, "gate")}: ${named}`);
}

/** Titles are plain text: no Markdown, at most what fits on a line. */
function plain(text: string): string {
  const flat = text
    .replace(/[`*\\]/gu, "")
    .replace(/\s+/gu, " ")
    .trim();
  return cutTo(flat, TITLE_MAX_CHARS);
}

function capitalise(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function describeFixes(open: readonly GateResult[]): string {
  const overrides = overrideCommands(open);
  return paragraphs(
    listSection("How to fix", open.map(describeFix)),
    overrides === ""
      ? undefined
      : `Or a maintainer sets a gate aside, for this commit alone:\n\n${overrides}`,
  );
}

function describeFix(gate: GateResult): string {
  const fix = gate.howToFix === undefined ? "" : ` ${gate.howToFix}`;
  return `- **${gate.gate}**: ${gate.message}${fix}`;
}

/** A block to copy, one command for each gate that may be set aside; empty when there is none. */
export function overrideCommands(open: readonly GateResult[]): string {
  const names = new Set(open.map(({ gate }) => gate).filter(isOverridable));
  const lines = [...names].slice(0, MAX_SHOWN).map((gate) => `/orchestrate override ${gate} -- reason`);
  return lines.length === 0 ? "" : ["```", ...lines, "```"].join("\n");
}

function describeOverride({ gate, message, overridden }: GateResult): string {
  return `- **${gate}**, which said ${overridden?.verdict}: ${message}`;
}

function listSection(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const rest = lines.length - MAX_SHOWN;
  const shown = [...lines.slice(0, MAX_SHOWN), ...(rest > 0 ? [`- and ${rest} more`] : [])];
  return `### ${title}\n\n${shown.join("\n")}`;
}

const CONFIG_PATH = ".github/orchestrator.yml";
const HEADER = ["Gate", "Verdict", "Seen", "Wanted", "Base", "Δ", "Evidence", "Decided by"];

function verdictTable(gates: readonly GateResult[], configAt: ConfigAt | null): string {
  const decider = createDecider(configAt);
  const rows = gates.map((gate) => [
    gate.gate,
    verdictMark(gate),
    gate.seen,
    gate.wanted,
    gate.base ?? "",
    gate.delta ?? "",
    evidenceLink(gate),
    decider(gate),
  ]);
  return table(HEADER, rows);
}

function evidenceLink({ evidenceUrl }: GateResult): string {
  return link("evidence", evidenceUrl).replace(/^evidence$/u, "");
}

/** Says which line of the configuration decided, or that the default or the program itself did. */
function createDecider(configAt: ConfigAt | null): (gate: GateResult) => string {
  if (configAt === null) return () => "";
  const lineOf = createKeyLines(configAt.text);
  return ({ gate, configPath }) => {
    const path = configPath ?? ruleOf(gate)?.key ?? [];
    if (path.length === 0) return "built in";
    const line = lineOf(path);
    return line === null ? "default" : lineLink(configAt.url, line);
  };
}

function lineLink(url: string, line: number): string {
  const text = `orchestrator.yml:${line}`;
  return /^(?:https?:\/)?\/[\w./:%~+-]+$/u.test(url) ? `[${text}](${url}#L${line})` : text;
}
