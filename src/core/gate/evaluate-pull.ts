import type { GateAnswer, GateRule, GateSubject } from "./gate-rule.ts";
import { approvalGate } from "./rules/approval.ts";
import { assertionsGate } from "./rules/assertions.ts";
import { branchGate } from "./rules/branch.ts";
import { checksGate } from "./rules/checks.ts";
import { coverageGate } from "./rules/coverage.ts";
import { findingsGate } from "./rules/findings.ts";
import { headGate } from "./rules/head.ts";
import { pathsGate } from "./rules/paths.ts";
import { sizeGate } from "./rules/size.ts";
import { testsGate } from "./rules/tests.ts";
import { decideVerdict, type GateResult, type Verdict } from "./verdict.ts";

/** Every gate of a pull request, in the order in which people read them. */
export const GATE_RULES: readonly GateRule[] = [
  headGate,
  checksGate,
  testsGate,
  findingsGate,
  coverageGate,
  assertionsGate,
  pathsGate,
  sizeGate,
  branchGate,
  approvalGate,
];

/** A verdict, or what has to end first. While anything is pending there is no verdict, so feedback is complete. */
export type Evaluation =
  | { readonly kind: "verdict"; readonly verdict: Verdict }
  | {
      readonly kind: "pending";
      readonly waitingFor: readonly string[];
      readonly gates: readonly GateResult[];
    };

/** Asks every gate about one head commit. */
export function evaluatePull(subject: GateSubject): Evaluation {
  const rules = GATE_RULES.filter((rule) => rule.appliesTo?.(subject) ?? true);
  const answers = rules.map((rule) => rule.evaluate(subject));
  const gates = answers.filter(isAnswered);
  const waitingFor = [...new Set(answers.filter(isPending).map((answer) => answer.pending))];
  if (waitingFor.length > 0) return { kind: "pending", waitingFor, gates };
  return { kind: "verdict", verdict: decideVerdict(gates) };
}

function isPending(answer: GateAnswer): answer is { gate: string; pending: string } {
  return "pending" in answer;
}

function isAnswered(answer: GateAnswer): answer is GateResult {
  return !isPending(answer);
}
