import { reason } from "../../reasons.ts";
import type { Task } from "../../task/task.ts";
import { PULL_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { isBetweenCommits } from "../events/plan-pull.ts";
import { moveTask } from "../task/change-task.ts";

/** A pull request that waits for a person is compared with GitHub as often as this, in case an event was lost (I14). */
const LOOK_MS = 10 * 60_000;

/** Looks at pull requests that wait for people, of which nothing was heard for a while; a refused merge is not repeated. */
export function lookAgain(draft: Draft): void {
  for (const task of draft.activeTasks()) {
    if (task.pull === null || isBetweenCommits(task) || draft.now - task.updatedAt < LOOK_MS) continue;
    if (task.reasons.some((known) => known.code === "merge.refused")) continue;
    emitChanged(draft, task, { pull: task.pull.number, action: "reconcile" });
  }
}

function emitChanged(
  draft: Draft,
  { requestedBy: sender }: Task,
  about: { readonly pull: number; readonly action: string },
): void {
  draft.emit({ kind: "pull.changed", repo: draft.repo, ...about, sender });
}

/** Another configuration is in force: what the old one let pass is verified again before it is merged (F198). */
export function verifyAgain(draft: Draft): void {
  for (const task of draft.activeTasks()) {
    if (task.pull === null || isBetweenCommits(task)) continue;
    const { number } = task.pull;
    if (task.reasons.some((known) => known.code === "merge.pending")) {
      const again = `Pull request #${number}: verified again under the new configuration.`;
      moveTask(draft, task, {
        state: "verifying",
        reasons: [reason("checks.pending", again)],
        wakeAt: draft.now + PULL_POLL_MS,
      });
    }
    emitChanged(draft, task, { pull: number, action: "configuration" });
  }
}
