import type { GateResult } from "../gate/verdict.ts";
import { gateTable } from "./check.ts";
import { commitTitle } from "./commit-title.ts";
import { code, link, paragraphs } from "./text.ts";

const MAX_GATES = 20;

interface AboutMerge {
  readonly pull: number;
  readonly title: string;
  readonly issue: number;
  readonly mergeSha: string;
}

/** Title of the pull request that takes a change back. */
export function revertTitle({ pull, title }: AboutMerge): string {
  return `Revert: ${commitTitle(title, pull)}`;
}

/** Description of the pull request that takes a change back: why, on what evidence, and what follows from either answer. */
export function revertBody(
  facts: AboutMerge & {
    readonly gates: readonly GateResult[];
    readonly run: { readonly url: string; readonly headSha: string };
  },
): string {
  const { pull, issue, mergeSha, gates, run } = facts;
  const failing = gates.filter((gate) => gate.verdict !== "PASS").slice(0, MAX_GATES);
  return paragraphs(
    `The critics refused what pull request #${pull} merged for #${issue} as ${code(mergeSha)}. This puts the files that it changed back to what they were before, and nothing else.`,
    gateTable(failing),
    `Evidence: ${link("the critics' run", run.url)}${describeCommit(mergeSha, run.headSha)}.`,
    "The check **orchestrator / verify** judges this like a person's pull request; whatever it says, only people merge this. " +
      `The next attempt at #${issue} begins when this is merged, and then from what was there before; or when it is closed, and then from what is there now.`,
  );
}

/** The default branch may have gone on since the merge, and then something else may be what the critics saw. */
function describeCommit(mergeSha: string, headSha: string): string {
  return mergeSha === headSha
    ? " of exactly that commit"
    : `, which GitHub started at ${code(headSha.slice(0, 12))}: the branch had gone on since the merge, so look at what else came in`;
}

/** Tells the requester that a merged change is to be taken back, which only people can do. */
export function takenBackNotice(facts: {
  readonly requester: string;
  readonly merged: number;
  readonly revert: { readonly number: number };
  readonly gates: readonly GateResult[];
}): string {
  const failing = facts.gates.filter((gate) => gate.verdict !== "PASS").slice(0, 5);
  return paragraphs(
    `↩️ @${facts.requester}: the critics refused what pull request #${facts.merged} merged. Pull request #${facts.revert.number} takes it back; somebody has to review and merge it, or close it to keep the change.`,
    failing.map((gate) => `- **${gate.gate}**: ${gate.message}`).join("\n"),
    "The next attempt begins when that is decided.",
  );
}
