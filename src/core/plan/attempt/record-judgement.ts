import type { RunNow } from "../../facts.ts";
import type { Attempt } from "../../task/attempt.ts";
import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import { settleRun } from "../spending/settle-run.ts";
import { withHistory } from "../task/change-task.ts";
import { noteRunEnd } from "./breakers.ts";
import type { Judgement } from "./judge-attempt.ts";

/** The end of an attempt: its run, and what that proves. */
export interface AttemptEnd {
  readonly attempt: Attempt;
  readonly run: RunNow;
  readonly judgement: Judgement;
}

/** Keeps what a judged run came to: in the attempt, the audit, the breaker of its workflow, and what the task shows. */
export function recordJudgement(
  draft: Draft,
  task: Task,
  end: AttemptEnd & {
    /** Trouble that is not the task's: the stage is tried again. */
    readonly isTrouble: boolean;
    /** Whether the run only had to prove something. */
    readonly isProof: boolean;
  },
): Task {
  const { attempt, run, judgement } = end;
  const { verdict, failureClass, summary } = judgement;
  const outcome = { verdict, failureClass, summary };
  draft.saveAttempt({
    ...attempt,
    state: "ended",
    endedAt: draft.now,
    outcome,
    metrics: judgement.result?.metrics ?? [],
  });
  draft.audit("attempt.judged", {
    taskId: task.id,
    data: {
      correlation: attempt.correlation,
      runId: run.id,
      runAttempt: run.runAttempt,
      conclusion: run.conclusion,
      verdict,
      failureClass,
      gates: judgement.gates.map((gate) => `${gate.gate} ${gate.verdict}`),
    },
  });
  const { provider } = judgement;
  noteRunEnd(draft, task, {
    ...{ workflow: attempt.workflow, outcome, isProof: end.isProof },
    ...(provider !== undefined && { provider }),
  });
  const line = end.isTrouble ? "trouble" : verdict;
  const lined = settleRun(draft, task, { attempt, run, usage: judgement.usage, line });
  const noted = withHistory(lined, {
    at: draft.now,
    text: `Attempt ${attempt.number}, ${attempt.stage}: ${verdict}. ${summary}`,
    url: run.url,
  });
  return keepsGates(judgement) ? { ...noted, feedback: judgement.gates } : noted;
}

/** A stage that accepts nothing has no figures worth keeping; those of the last verification stay visible. */
function keepsGates(judgement: Judgement): boolean {
  return judgement.verdict !== "PASS" || judgement.gates.some((gate) => gate.gate.startsWith("metrics."));
}
