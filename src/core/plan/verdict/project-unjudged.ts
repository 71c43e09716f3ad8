import type { EventOf } from "../../events.ts";
import { unjudgedCheckOutput } from "../../messages/check.ts";
import { branchFor } from "../attempt/publish-changes.ts";
import type { Draft } from "../draft.ts";
import { roleOf } from "../repository/repository-view.ts";
import { VERIFY_CHECK } from "./verify-check.ts";

/**
 * People's pull requests are not judged, and say so: a branch protection that requires the check must not wait for ever for
 * a verdict that nobody will give. The check is neutral, which is no PASS and does not hold back a merge.
 */
export function projectUnjudged(draft: Draft, event: EventOf<"pull.changed">): void {
  const { head, pull } = event;
  if (head === undefined || draft.view.config === null)
    return draft.conclude("ignored", "no live task has this pull request");
  if (draft.focus?.pull?.headSha === head.sha)
    return draft.conclude("ignored", "the head was judged for a task that has ended");
  if (isOwnBranch(draft, head.ref))
    return draft.conclude("ignored", "the pull request of a task is being written");
  draft.conclude("processed", "not a task's pull request");
  draft.project(
    `unjudged:${pull}:${head.sha}`,
    {
      kind: "check",
      sha: head.sha,
      name: VERIFY_CHECK,
      status: "completed",
      conclusion: "neutral",
      output: unjudgedCheckOutput(),
      annotations: [],
    },
    { subject: `pull:${pull}`, taskId: null },
  );
}

/** GitHub may tell of our own pull request before we know its number. */
function isOwnBranch(draft: Draft, ref: string): boolean {
  return draft
    .activeTasks()
    .some(
      (task) =>
        ref === (task.pull?.branch ?? branchFor(task, roleOf(draft.view.config, task.role)?.branch ?? "")),
    );
}
