import type { CheckOutput } from "../../effects.ts";
import { abandonedCheckOutput, supersededCheckOutput } from "../../messages/check.ts";
import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";

/** Name of the check that carries the verdict; branch protection should require exactly this one. */
export const VERIFY_CHECK = "orchestrator / verify";

/** The check of a head that is replaced says so instead of waiting for ever. */
export function supersedeCheck(draft: Draft, task: Task, sha: string): void {
  if (task.pull?.verdictSha === sha) return;
  endCheck(draft, task, { sha, output: supersededCheckOutput() });
}

/** Ends the check of the published head when it still waits although nobody will judge that head any more (I7). */
export function abandonCheck(draft: Draft, task: Task, why: string): void {
  const { pull } = task;
  const isWaiting = task.reasons.some((known) => known.code === "checks.pending");
  if (pull === null || pull.verdict !== null || !isWaiting) return;
  endCheck(draft, task, { sha: pull.headSha, output: abandonedCheckOutput(why) });
}

function endCheck(
  draft: Draft,
  task: Task,
  { sha, output }: { readonly sha: string; readonly output: CheckOutput },
): void {
  draft.project(
    `verify:${task.id}:${sha}`,
    {
      kind: "check",
      sha,
      name: VERIFY_CHECK,
      status: "completed",
      conclusion: "cancelled",
      output,
      annotations: [],
    },
    { subject: `pull:${task.pull?.number ?? 0}`, taskId: task.id },
  );
}
