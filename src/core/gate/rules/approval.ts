import type { Approval } from "../../pull/review.ts";
import { answerAs, type GateRule, type GateSubject } from "../gate-rule.ts";
import type { Verdict } from "../verdict.ts";

const { pass, blocked } = answerAs("approval");

const NONE = "none";

/** Whether a verdict was reached without asking anybody for an approval. */
export function isUnapproved({ gates }: Verdict): boolean {
  return gates.some(({ gate, wanted }) => gate === "approval" && wanted === NONE);
}

/** Approvals count for one commit only, and not from whoever asked for the work, wrote it or pushed it. */
export const approvalGate: GateRule = {
  name: "approval",
  purpose: "Enough people other than the requester approved exactly this commit.",
  changedBy: ["push", "review", "configuration"],
  key: ["gates", "approvals"],
  isOverridable: false,
  evaluate(subject) {
    const { pull, requester, approvals } = subject;
    const { needed } = approvals;
    const wanted = `${needed} for ${pull.headSha.slice(0, 7)}`;
    const decided = subject.work === null ? { configPath: ["gates", "people", "approvals"] } : {};
    const people = new Set(validApprovals(subject).map((approval) => approval.by.id)).size;
    if (people >= needed)
      return pass({
        message: needed === 0 ? "No approval is needed." : "Approved.",
        seen: needed === 0 ? "none needed" : `${people} of ${needed}`,
        wanted: needed === 0 ? NONE : wanted,
        ...decided,
      });
    return blocked({
      message: `${needed - people} more approval${needed - people === 1 ? "" : "s"} of this commit needed, not from @${requester.login}.`,
      seen: `${people} of ${needed}`,
      wanted,
      ...decided,
      howToFix: `Comment \`/orchestrate approve ${pull.headSha}\` on the issue or the pull request.`,
    });
  },
};

/**
 * Approvals of exactly the head for a merge into its base, by commands and by reviews; not by bots, the requester, the author or
 * who pushed it.
 */
export function validApprovals(subject: GateSubject): readonly Approval[] {
  const { pull, approvals, elsewhereUntil } = subject;
  const reviews = (pull.reviews ?? []).filter(({ at }) => at > elsewhereUntil);
  return [...approvals.given, ...reviews].filter((word) => isWordOf(word, subject));
}

/** Whether somebody who has no part in the change said something of exactly this head and base. */
export function isWordOf(
  { sha, by, base }: Pick<Approval, "sha" | "by" | "base">,
  { pull, requester, pusher }: Pick<GateSubject, "pull" | "requester" | "pusher">,
): boolean {
  const interested = new Set([requester.id, pull.author.id, pusher?.id]);
  const isOfBase = base === undefined || base === pull.baseRef;
  return sha === pull.headSha && isOfBase && by.type === "User" && !interested.has(by.id);
}
