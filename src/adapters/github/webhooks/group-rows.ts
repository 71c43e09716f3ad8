import { AboutMergeGroup } from "./payloads.ts";
import { aboutRepository, branchOf, createRow, type WebhookRow } from "./webhook-row.ts";

/** A merge queue that asks counts whoever caused it, us too: it waits for an answer. */
export const mergeGroupRow: WebhookRow = createRow({
  event: "merge_group",
  actions: ["checks_requested", "destroyed"],
  schema: AboutMergeGroup,
  translate({ action, merge_group: group, ...payload }) {
    const { head_sha: sha, base_sha: baseSha } = group;
    const headRef = branchOf(group.head_ref);
    const baseRef = branchOf(group.base_ref);
    return aboutRepository(payload, (repo, sender) => {
      if (action === "destroyed") return [{ kind: "group.destroyed", repo, sha }];
      if (headRef === undefined || baseRef === undefined) return "not a branch";
      return [{ kind: "group.requested", repo, sha, headRef, baseRef, baseSha, sender }];
    });
  },
});
