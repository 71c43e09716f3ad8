import type { CheckOutput } from "../effects.ts";
import type { GateResult, Verdict } from "../gate/verdict.ts";
import { cutTo, folded, link, paragraphs, table } from "./text.ts";

const TITLE_MAX_CHARS = 80;

/** The check run of a verdict: how to fix first, then every gate with what it saw and what it wanted. */
export function verdictCheckOutput(facts: {
  readonly verdict: Verdict;
  readonly sha: string;
  readonly issue: number;
  readonly attempt: number;
}): CheckOutput {
  const { verdict, sha } = facts;
  const open = openGates(verdict);
  return {
    title: titleOf(verdict),
    summary: paragraphs(
      `**${verdict.value}** for \`${sha.slice(0, 12)}\`, attempt ${facts.attempt} of #${facts.issue}.`,
      open.length === 0 ? undefined : `### How to fix\n\n${open.map(describeFix).join("\n")}`,
      `### Gates\n\n${gateTable(verdict.gates)}`,
      ...open.map((gate) =>
        folded(`${gate.gate}: what was found`, (gate.details ?? []).map((line) => `- ${line}`).join("\n")),
      ),
      "Decided by `.github/orchestrator.yml` of the default branch. Asked again on every push and every check.",
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

/** The check run of a pull request that no task made. */
export function unjudgedCheckOutput(): CheckOutput {
  return {
    title: "Not a task's pull request: not verified",
    summary: paragraphs(
      "This pull request was not made for a task, so its gates were **not evaluated** and nothing is said about it.",
      "The check is neutral so that a branch protection that requires it does not hold back people's own work. " +
        "To have work verified, label an issue and let the app open the pull request.",
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

/** One row for each gate. */
export function gateTable(gates: readonly GateResult[]): string {
  const rows = gates.map((gate) => [
    gate.gate,
    verdictMark(gate),
    gate.seen,
    gate.wanted,
    link("evidence", gate.evidenceUrl).replace(/^evidence$/u, ""),
  ]);
  return table(["Gate", "Verdict", "Seen", "Wanted", "Evidence"], rows);
}

const MARKS = { PASS: "✅ PASS", FAIL: "❌ FAIL", BLOCKED: "✋ BLOCKED" } as const;

export function verdictMark({ verdict }: Pick<GateResult, "verdict">): string {
  return MARKS[verdict];
}

/** What decided comes first: while something fails, what is only blocked is not yet the point. */
function openGates(verdict: Verdict): readonly GateResult[] {
  return verdict.gates
    .filter((gate) => gate.verdict !== "PASS")
    .toSorted((a, b) => Number(a.verdict !== verdict.value) - Number(b.verdict !== verdict.value));
}

function titleOf(verdict: Verdict): string {
  const open = openGates(verdict);
  const total = verdict.gates.length;
  if (verdict.value === "PASS") return `PASS – ${total === 1 ? "the only gate" : `all ${total} gates`}`;
  if (open.length === 0) return `${verdict.value} – no gate was asked, so nothing is verified`;
  const named = open.map((gate) => `${gate.gate} ${gate.seen}`).join(", ");
  return plain(`${verdict.value} – ${open.length} of ${total} gates: ${named}`);
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

function describeFix(gate: GateResult): string {
  const fix = gate.howToFix === undefined ? "" : ` ${gate.howToFix}`;
  return `- **${gate.gate}**: ${gate.message}${fix}`;
}
