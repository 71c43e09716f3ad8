import type { GateResult } from "../gate/verdict.ts";
import type { Reason } from "../reasons.ts";
import { paragraphs } from "./text.ts";

/** Reasons that say themselves how they end. */
const ENDINGS: ReadonlySet<Reason["code"] | undefined> = new Set(["work.already-done", "worker.needs-info"]);

/** Tells the requester that only a person can go on; the sticky comment cannot notify. */
export function needsPersonNotice(facts: {
  readonly requester: string;
  readonly reasons: readonly Reason[];
}): string {
  const [first] = facts.reasons;
  const isOne =
    facts.reasons.length > 1 && facts.reasons.every(({ liftedBy }) => liftedBy === first?.liftedBy);
  const lines = facts.reasons.map(
    ({ message, liftedBy }) => `- ${message}${isOne ? "" : ` Lifted by: ${liftedBy}`}`,
  );
  return paragraphs(
    `✋ @${facts.requester}: this task needs a person.`,
    lines.join("\n"),
    isOne && first !== undefined ? `Lifted by: ${first.liftedBy}` : undefined,
    ENDINGS.has(first?.code) ? undefined : "Then: `/orchestrate retry`",
  );
}

/** Tells the requester that the loop has ended without success, and how to arm it again. */
export function stoppedNotice(facts: {
  readonly requester: string;
  readonly issue: number;
  readonly why: string;
  readonly gates: readonly GateResult[];
}): string {
  const failing = facts.gates.filter((gate) => gate.verdict !== "PASS").slice(0, 5);
  return paragraphs(
    `❌ @${facts.requester}: stopped, ${facts.why}.`,
    failing.map((gate) => `- **${gate.gate}**: ${gate.message}`).join("\n"),
    `Arm it again with a fresh budget: \`/orchestrate retry --reset-budget\``,
  );
}
