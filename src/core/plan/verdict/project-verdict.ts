import type { Annotation } from "../../effects.ts";
import type { PullNow } from "../../facts.ts";
import type { Verdict } from "../../gate/verdict.ts";
import { verdictCheckOutput } from "../../messages/check.ts";
import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import { VERIFY_CHECK } from "./verify-check.ts";

/** What was decided about a head. */
export interface Judgement {
  readonly verdict: Verdict;
  /** What is new since the base, where it is in the code. */
  readonly annotations: readonly Annotation[];
}

const CONCLUSIONS = { PASS: "success", FAIL: "failure", BLOCKED: "action_required" } as const;

/** Shows a verdict as the check of its head. */
export function projectVerdict(
  draft: Draft,
  task: Task,
  { pull, verdict, annotations }: Judgement & { readonly pull: PullNow },
): void {
  draft.project(
    `verify:${task.id}:${pull.headSha}`,
    {
      kind: "check",
      sha: pull.headSha,
      name: VERIFY_CHECK,
      status: "completed",
      conclusion: CONCLUSIONS[verdict.value],
      output: verdictCheckOutput({ verdict, sha: pull.headSha, issue: task.issue, attempt: task.attempt }),
      annotations,
    },
    { subject: `pull:${pull.number}`, taskId: task.id },
  );
}
