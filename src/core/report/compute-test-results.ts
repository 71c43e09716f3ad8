import type { Attempt } from "../task/attempt.ts";
import { FAILURE_CLASSES, type Task } from "../task/task.ts";
import type { AttemptEnd, AttemptLine, StageTally, TestResults } from "./report.ts";
import { compareText } from "./tally.ts";

/** What the attempts of a week proved, and how the tasks that moved in it were judged last. */
export function computeTestResults(facts: {
  readonly attempts: readonly Attempt[];
  readonly touched: readonly Task[];
  readonly issueOf: ReadonlyMap<string, number>;
}): TestResults {
  const { attempts, touched, issueOf } = facts;
  return {
    stages: tallyStages(attempts),
    attempts: attempts
      .map((attempt) => toLine(attempt, issueOf))
      .toSorted((a, b) => b.endedAt - a.endedAt || (a.issue ?? 0) - (b.issue ?? 0) || a.number - b.number),
    failures: FAILURE_CLASSES.map((failureClass) => ({
      failureClass,
      attempts: attempts.filter(({ outcome }) => outcome?.failureClass === failureClass).length,
    })).filter((row) => row.attempts > 0),
    pulls: {
      PASS: pullsJudged(touched, "PASS"),
      FAIL: pullsJudged(touched, "FAIL"),
      BLOCKED: pullsJudged(touched, "BLOCKED"),
    },
    gates: findFailingGates(touched),
  };
}

function endOfAttempt({ outcome }: Attempt): AttemptEnd {
  return outcome?.verdict ?? "stopped";
}

function toLine(attempt: Attempt, issueOf: ReadonlyMap<string, number>): AttemptLine {
  return {
    issue: issueOf.get(attempt.taskId) ?? null,
    stage: attempt.stage,
    number: attempt.number,
    end: endOfAttempt(attempt),
    runUrl: attempt.runUrl,
    endedAt: attempt.endedAt ?? attempt.dispatchedAt,
  };
}

function tallyStages(attempts: readonly Attempt[]): readonly StageTally[] {
  const byStage = Map.groupBy(attempts, (attempt) => attempt.stage);
  return [...byStage]
    .map(([stage, own]) => ({ stage, total: own.length, ends: countEnds(own) }))
    .toSorted((a, b) => b.total - a.total || compareText(a.stage, b.stage));
}

function countEnds(attempts: readonly Attempt[]): Readonly<Record<AttemptEnd, number>> {
  const ends = { PASS: 0, FAIL: 0, BLOCKED: 0, stopped: 0 };
  for (const attempt of attempts) ends[endOfAttempt(attempt)] += 1;
  return ends;
}

function pullsJudged(touched: readonly Task[], verdict: "PASS" | "FAIL" | "BLOCKED"): readonly number[] {
  return touched
    .flatMap(({ pull }) => (pull?.verdict?.value === verdict ? [pull.number] : []))
    .toSorted((a, b) => a - b);
}

function findFailingGates(touched: readonly Task[]): TestResults["gates"] {
  const failures = touched.flatMap((task) => {
    const failing = task.feedback.filter((gate) => gate.verdict === "FAIL").map((gate) => gate.gate);
    return [...new Set(failing)].map((gate) => ({ gate, issue: task.issue }));
  });
  return [...Map.groupBy(failures, ({ gate }) => gate)]
    .map(([gate, own]) => ({ gate, issues: own.map(({ issue }) => issue).toSorted((a, b) => a - b) }))
    .toSorted((a, b) => b.issues.length - a.issues.length || compareText(a.gate, b.gate));
}
