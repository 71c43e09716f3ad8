import type { ReasonCode } from "../reasons.ts";
import { PRIORITIES, type Priority, type Task, type TaskState } from "../task/task.ts";
import type { Blocker, Remaining, RemainingRow } from "./report.ts";
import { compareText } from "./tally.ts";

/** Reasons that end by themselves: work that is moving is not blocked. */
const MOVING: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "queue.behind",
  "limit.running",
  "limit.team",
  "overlap.task",
  "dispatch.unconfirmed",
  "run.working",
  "run.silent",
  "publish.pending",
  "checks.pending",
  "merge.pending",
  "retry.later",
]);

/** What is still to be done, by priority. */
export function computeRemaining(open: readonly Task[], queueLength: number): Remaining {
  const queued = open.filter((task) => task.state === "queued").length;
  return {
    rows: PRIORITIES.map((priority) => rowOf(open, priority)).filter((row) => row.issues.length > 0),
    queueLength,
    unseen: Math.max(0, queueLength - queued),
  };
}

function rowOf(open: readonly Task[], priority: Priority): RemainingRow {
  const own = open.filter((task) => task.priority === priority);
  const count = (state: TaskState) => own.filter((task) => task.state === state).length;
  return {
    priority,
    running: count("running"),
    verifying: count("verifying"),
    blocked: count("blocked"),
    queued: count("queued"),
    issues: own.map((task) => task.issue),
  };
}

/** Why open tasks do not move, by reason code; most tasks first. */
export function computeBlockers(open: readonly Task[]): readonly Blocker[] {
  const waits = open.flatMap((task) => {
    const codes = task.reasons.map((known) => known.code).filter((code) => !MOVING.has(code));
    return [...new Set(codes)].map((code) => ({ code, issue: task.issue }));
  });
  return [...Map.groupBy(waits, ({ code }) => code)]
    .map(([code, own]) => ({ code, issues: own.map(({ issue }) => issue) }))
    .toSorted((a, b) => b.issues.length - a.issues.length || compareText(a.code, b.code));
}
