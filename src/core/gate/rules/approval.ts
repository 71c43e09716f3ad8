import type { Approval } from "../../pull/review.ts";
import { answerAs, type GateRule, type GateSubject } from "../gate-rule.ts";

const { pass, blocked } = answerAs("approval");

/** Approvals count for one commit only, and not from whoever asked for the work or wrote it. */
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
        wanted: needed === 0 ? "none" : wanted,
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

/** Approvals of exactly the head, by commands and by reviews; not by bots, the requester or the author. */
export function validApprovals({ pull, requester, approvals }: GateSubject): readonly Approval[] {
  const interested = new Set([requester.id, pull.author.id]);
  return [...approvals.given, ...(pull.reviews ?? [])].filter(
    ({ sha, by }) => sha === pull.headSha && by.type === "User" && !interested.has(by.id),
  );
}
