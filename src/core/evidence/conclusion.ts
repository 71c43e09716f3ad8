import { code } from "../messages/text.ts";
import type { FailureClass } from "../task/task.ts";

/** What a finished run's conclusion means for its attempt. */
export type ConclusionMeaning =
  | { readonly kind: "evidence" }
  | { readonly kind: "failed"; readonly failureClass: FailureClass; readonly message: string }
  | { readonly kind: "blocked"; readonly message: string };

const MEANINGS: Readonly<Record<string, ConclusionMeaning>> = {
  success: { kind: "evidence" },
  failure: { kind: "failed", failureClass: "task", message: "The run failed." },
  timed_out: { kind: "failed", failureClass: "timeout", message: "The run ran out of its time." },
  cancelled: { kind: "failed", failureClass: "infra", message: "The run was cancelled." },
  stale: { kind: "failed", failureClass: "infra", message: "GitHub gave the run up as stale." },
  startup_failure: {
    kind: "blocked",
    message: "GitHub could not start the workflow: the file is not valid.",
  },
  action_required: { kind: "blocked", message: "The run needs an approval on GitHub." },
  neutral: { kind: "blocked", message: "The run ended as neutral, which proves nothing." },
  skipped: { kind: "blocked", message: "The run was skipped, which proves nothing." },
};

/** Maps every conclusion, also those that GitHub has not invented yet: unknown is blocked, never passed. */
export function readConclusion(conclusion: string | null): ConclusionMeaning {
  const known = conclusion !== null && Object.hasOwn(MEANINGS, conclusion) ? MEANINGS[conclusion] : undefined;
  return (
    known ?? {
      kind: "blocked",
      message: `The run ended with the unknown conclusion ${code(String(conclusion))}, which proves nothing.`,
    }
  );
}
