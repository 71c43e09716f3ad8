import { answerAs, type GateRule } from "../gate-rule.ts";

const { pass, blocked } = answerAs("approval");

/** Approvals count for one commit only, and not from whoever asked for the work. */
export const approvalGate: GateRule = {
  name: "approval",
  purpose: "Enough people other than the requester approved exactly this commit.",
  evaluate({ task, pull, approvals }) {
    const wanted = `${approvals} for ${pull.headSha.slice(0, 7)}`;
    const valid = (task.pull?.approvals ?? []).filter(
      (approval) =>
        approval.sha === pull.headSha &&
        approval.by.type === "User" &&
        approval.by.id !== task.requestedBy.id,
    );
    const people = new Set(valid.map((approval) => approval.by.id)).size;
    if (people >= approvals)
      return pass({
        message: approvals === 0 ? "No approval is needed." : "Approved.",
        seen: approvals === 0 ? "none needed" : `${people} of ${approvals}`,
        wanted: approvals === 0 ? "none" : wanted,
      });
    return blocked({
      message: `${approvals - people} more approval${approvals - people === 1 ? "" : "s"} of this commit needed, not from @${task.requestedBy.login}.`,
      seen: `${people} of ${approvals}`,
      wanted,
      howToFix: `Comment \`/orchestrate approve ${pull.headSha}\` on the issue or the pull request.`,
    });
  },
};
