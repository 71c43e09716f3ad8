import { createEffectRow, done } from "./effect-row.ts";

export const closeIssueRow = createEffectRow("close-issue", {
  content: false,
  async perform({ api }, { issue, reason }) {
    const about = { issue_number: issue, state: "closed", state_reason: reason } as const;
    await api.write("PATCH /repos/{owner}/{repo}/issues/{issue_number}", about);
    return done();
  },
});
