import { inline } from "../messages/text.ts";
import type { Override } from "../pull/review.ts";
import type { GateAnswer, GateAnswers, GateRule, GateSubject } from "./gate-rule.ts";
import { approvalGate, isWordOf } from "./rules/approval.ts";
import { assertionsGate } from "./rules/assertions.ts";
import { branchGate } from "./rules/branch.ts";
import { ceilingGate } from "./rules/ceiling.ts";
import { checksGate } from "./rules/checks.ts";
import { coverageGate } from "./rules/coverage.ts";
import { docsOnlyGate } from "./rules/docs-only.ts";
import { findingsGate } from "./rules/findings.ts";
import { headGate } from "./rules/head.ts";
import { integrityGate } from "./rules/integrity.ts";
import { linkGate } from "./rules/link.ts";
import { metricsGate } from "./rules/metrics.ts";
import { ownersGate } from "./rules/owners.ts";
import { pathsGate } from "./rules/paths.ts";
import { queueGate } from "./rules/queue.ts";
import { sizeGate } from "./rules/size.ts";
import { testsGate } from "./rules/tests.ts";
import { windowGate } from "./rules/window.ts";
import { decideVerdict, type GateResult, type Verdict } from "./verdict.ts";

type AnyRule = GateRule<GateAnswers>;

/** Every gate of a pull request, in the order in which people read them. */
export const GATE_RULES: readonly AnyRule[] = [
  headGate,
  queueGate,
  checksGate,
  testsGate,
  findingsGate,
  coverageGate,
  metricsGate,
  assertionsGate,
  integrityGate,
  docsOnlyGate,
  pathsGate,
  ceilingGate,
  sizeGate,
  branchGate,
  linkGate,
  windowGate,
  ownersGate,
  approvalGate,
];

const MAX_REASON_CHARS = 200;

/** A verdict, or what has to end first. While anything is pending there is no verdict, so feedback is complete. */
export type Evaluation =
  | {
      readonly kind: "verdict";
      readonly verdict: Verdict;
      /** Gates that were not asked, and why. */
      readonly notEvaluated: readonly NotEvaluated[];
    }
  | {
      readonly kind: "pending";
      readonly waitingFor: readonly string[];
      readonly gates: readonly GateResult[];
    };

export interface NotEvaluated {
  readonly gate: string;
  readonly why: string;
}

/** Asks every gate about one head commit; what a person set aside for this commit passes and says so. */
export function evaluatePull(subject: GateSubject): Evaluation {
  const notEvaluated = GATE_RULES.flatMap((rule) => explainAbsence(rule, subject));
  const absent = new Set(notEvaluated.map(({ gate }) => gate));
  const rules = GATE_RULES.filter((rule) => !absent.has(rule.name));
  const answers = rules.flatMap((rule) =>
    [rule.evaluate(subject)].flat().map((answer) => setAside(answer, rule, subject)),
  );
  const gates = answers.filter(isAnswered);
  const waitingFor = [...new Set(answers.filter(isPending).map((answer) => answer.pending))];
  if (waitingFor.length > 0) return { kind: "pending", waitingFor, gates };
  return { kind: "verdict", verdict: decideVerdict(gates), notEvaluated };
}

/** Why a gate is not asked; empty when it is. */
function explainAbsence(rule: AnyRule, subject: GateSubject): readonly NotEvaluated[] {
  const { name: gate, inQueue = false, whyNot = "it has nothing to say about this pull request" } = rule;
  if (subject.queued !== null && !inQueue)
    return [{ gate, why: "it was asked about the pull request itself" }];
  return (rule.appliesTo?.(subject) ?? true) ? [] : [{ gate, why: whyNot }];
}

/** The rule that answers under a name, also under one such as `metrics.r2`. */
export function ruleOf(gate: string): AnyRule | undefined {
  return GATE_RULES.find(({ name }) => gate === name || gate.startsWith(`${name}.`));
}

/** Gates that a person may set aside. */
export function isOverridable(gate: string): boolean {
  return ruleOf(gate)?.isOverridable ?? false;
}

/** An override of a gate covers all of its answers; one that names a single answer covers that one. */
function setAside(answer: GateAnswer, rule: AnyRule, subject: GateSubject): GateAnswer {
  if (isPending(answer) || answer.verdict === "PASS" || !rule.isOverridable) return answer;
  const override = findOverride([rule.name, answer.gate], subject);
  if (override === undefined) return answer;
  const { verdict, howToFix: _, until: __, ...facts } = answer;
  const { login } = override.by;
  return {
    ...facts,
    verdict: "PASS",
    message: `Set aside by @${login} for this commit: ${inline(override.reason, MAX_REASON_CHARS)}`,
    overridden: { verdict, by: login, reason: override.reason },
  };
}

/** The newest override of such a name for exactly this head by somebody who has no part in the change. */
function findOverride(names: readonly string[], subject: GateSubject): Override | undefined {
  return subject.overrides.findLast((known) => names.includes(known.gate) && isWordOf(known, subject));
}

function isPending(answer: GateAnswer): answer is Extract<GateAnswer, { pending: string }> {
  return "pending" in answer;
}

function isAnswered(answer: GateAnswer): answer is GateResult {
  return !isPending(answer);
}
