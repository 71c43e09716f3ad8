import type { CheckButton } from "../effects.ts";
import { isOverridable, ruleOf } from "../gate/evaluate-pull.ts";
import type { GateResult, Verdict } from "../gate/verdict.ts";
import { type CheckSubject, describeSubject, openGates, overrideCommands, verdictMark } from "./check.ts";
import { be, COMMENT_MAX_CHARS, clock, cutSafe, inline, paragraphs, plural } from "./text.ts";

/** The buttons of a verdict's check. Nothing is decided by pressing one alone. */
export const CHECK_BUTTONS: readonly CheckButton[] = [
  { label: "Re-run", identifier: "rerun", description: "Asks every gate again." },
  { label: "Explain", identifier: "explain", description: "Writes what is open, and who lifts it." },
  { label: "Override", identifier: "override", description: "Writes how a gate is set aside." },
];

const MAX_SHOWN = 20;
/** Details for each gate: as many as there is room for. */
const ROOMS = [20, 5, 0] as const;

/** What the Explain button writes: every open gate, what it saw, and who lifts it how. */
export function explainMessage(facts: {
  readonly sha: string;
  readonly subject: CheckSubject;
  /** Null while something is awaited. */
  readonly verdict: Verdict | null;
  readonly waitingFor: readonly string[];
}): string {
  const { sha, subject, verdict, waitingFor } = facts;
  const where = describeSubject(sha, subject);
  if (verdict === null)
    return `**No verdict yet** for ${where}: ${waitingFor.slice(0, MAX_SHOWN).join("; ")}.`;
  const open = openGates(verdict);
  const aside = verdict.gates.filter(({ overridden }) => overridden !== undefined);
  const rest = open.length - MAX_SHOWN;
  const write = (details: number) =>
    paragraphs(
      `**${verdict.value}** for ${where}: ${summarise(verdict, open)}.`,
      ...open.slice(0, MAX_SHOWN).map((gate) => describeGate(gate, { subject, details })),
      rest > 0 ? `(and ${rest} more)` : undefined,
      aside.map((gate) => `- **${gate.gate}**: ${verdictMark(gate)}`).join("\n"),
    );
  const texts = ROOMS.values().map(write);
  return texts.find((text) => text.length <= COMMENT_MAX_CHARS) ?? cutSafe(write(0), COMMENT_MAX_CHARS);
}

/** What the Override button writes: the commands to copy, who may give them, and what cannot be set aside. */
export function overrideHint(facts: {
  readonly sha: string;
  /** Who pressed the button. */
  readonly login: string;
  readonly verdict: Verdict | null;
}): string {
  const { sha, login, verdict } = facts;
  const greeting = `@${inline(login, 40)}: `;
  const commit = `\`${sha.slice(0, 12)}\``;
  if (verdict === null)
    return `${greeting}there is no verdict about ${commit} yet, so there is nothing to set aside.`;
  const open = openGates(verdict);
  const commands = overrideCommands(open);
  const cannot = describeFixed(open);
  if (open.length === 0)
    return `${greeting}every gate of ${commit} passes, so there is nothing to set aside.`;
  if (commands === "") return paragraphs(`${greeting}no open gate of ${commit} can be set aside.`, cannot);
  return paragraphs(
    `${greeting}a comment with one of these lines sets that gate aside for ${commit} alone; write your own reason, which is kept.`,
    commands,
    "It has to come from somebody with the permission *maintain* who did not ask for the work or write it. A push ends it.",
    cannot,
  );
}

/** What stays whatever a person says, and what to do about it instead. */
function describeFixed(open: readonly GateResult[]): string {
  const fixed = open.filter(({ gate }) => !isOverridable(gate)).slice(0, MAX_SHOWN);
  if (fixed.length === 0) return "";
  const lines = fixed.map(({ gate, message, howToFix = "" }) =>
    `- **${gate}**: ${message} ${howToFix}`.trimEnd(),
  );
  const why = "These cannot be set aside, since they say what would be merged and who answers for it:";
  return `${why}\n\n${lines.join("\n")}`;
}

function summarise({ value, gates }: Verdict, open: readonly GateResult[]): string {
  if (gates.length === 0) return "no gate was asked, so nothing is verified";
  if (open.length === 0)
    return gates.length === 1 ? "the only gate passes" : `all ${gates.length} gates pass`;
  return `${open.length} of ${plural(gates.length, "gate")} ${be(open.length)} open${value === "FAIL" ? ", and a failed one is enough" : ""}`;
}

function describeGate(
  gate: GateResult,
  { subject, details }: { readonly subject: CheckSubject; readonly details: number },
): string {
  const figures = [
    `Seen: ${gate.seen}`,
    `wanted: ${gate.wanted}`,
    gate.base === undefined ? "" : `base: ${gate.base}`,
    gate.delta === undefined ? "" : `Δ: ${gate.delta}`,
  ].filter((figure) => figure !== "");
  const lines = (gate.details ?? []).slice(0, details).map((line) => `- ${line}`);
  const overrides = overrideCommands([gate]);
  return paragraphs(
    `#### ${gate.gate}: ${verdictMark(gate)}`,
    gate.message,
    figures.join(" · "),
    lines.join("\n"),
    `Lifted by ${whoLifts(gate, subject)}.${gate.howToFix === undefined ? "" : ` ${gate.howToFix}`}`,
    overrides === "" ? undefined : `Or a maintainer sets it aside, for this commit alone:\n\n${overrides}`,
  );
}

const CORRECTIONS: Readonly<Record<CheckSubject["kind"], string>> = {
  task: "the next attempt, which is told of it",
  pull: "a commit that corrects it",
  group: "a new commit of the queue, when what is in it was corrected",
};

function whoLifts({ gate, verdict, until }: GateResult, { kind }: CheckSubject): string {
  const isAboutText = ruleOf(gate)?.changedBy.every((trigger) => trigger !== "push") ?? false;
  if (verdict === "FAIL" && isAboutText) return "whoever edits the pull request's text";
  if (verdict === "FAIL") return CORRECTIONS[kind];
  return until === undefined ? "a person" : `time, ${clock(until, 0)}`;
}
