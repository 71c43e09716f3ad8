import { addCosts, type Cost, NO_COST, subtractCost } from "../queue/cost/cost.ts";
import type { Reason } from "../reasons.ts";
import { hasTaken, type Session } from "../session/session.ts";
import { startsByItself } from "../session/starts-by-itself.ts";
import type { Attempt } from "../task/attempt.ts";
import { isTerminal, type Task } from "../task/task.ts";
import { isUnderWay } from "../task/under-way.ts";
import { computeFigures, isTouched } from "./compute-figures.ts";
import { computeTestResults } from "./compute-test-results.ts";
import type { Figures, TestResults } from "./report.ts";

/** How a task of a session stands: over, going on by itself, or waiting for people. */
export type SessionTaskEnd = "done" | "failed" | "cancelled" | "going on" | "waiting";

export interface SessionTask {
  readonly issue: number;
  readonly title: string;
  readonly role: string;
  readonly end: SessionTaskEnd;
  /** Whether nobody had to help it on its way. */
  readonly isUnaided: boolean;
  readonly pull: number | null;
  readonly runUrl: string | null;
  /** What it used since the session took it, until another did. */
  readonly minutes: number;
  readonly usd: number;
  readonly reasons: readonly Reason[];
}

/** A session in numbers, as of a moment; how it reads is decided elsewhere. */
export interface SessionReport {
  readonly session: Session;
  readonly now: number;
  readonly figures: Figures;
  readonly tests: TestResults;
  /** In the order in which they were started. */
  readonly tasks: readonly SessionTask[];
  /** Taken tasks of which nothing is kept any more. */
  readonly lost: number;
  readonly queueLength: number;
  readonly pausedBy: string | null;
}

export interface SessionReportInput {
  readonly session: Session;
  /** Every session that is kept. What another has taken since is counted there. */
  readonly sessions: readonly Session[];
  readonly now: number;
  /** Tasks and attempts that changed since the session began, or since earlier. */
  readonly tasks: readonly Task[];
  readonly attempts: readonly Attempt[];
  readonly queueLength: number;
  readonly pausedBy: string | null;
}

const DAY_MS = 24 * 3_600_000;

/** Works a session out from what is known of its tasks. */
export function computeSessionReport(input: SessionReportInput): SessionReport {
  const { session, now, queueLength, pausedBy } = input;
  const known = new Map(input.tasks.map((task) => [task.id, task]));
  const tasks = session.taken.flatMap(({ id }) => known.get(id) ?? []);
  const attempts = input.attempts.filter(
    ({ taskId, dispatchedAt }) => hasTaken(session, taskId) && dispatchedAt >= session.startedAt,
  );
  const span = { from: session.startedAt, to: now + 1 };
  const rows = tasks.map((task) => toRow(task, { used: usedIn(input, task), now }));
  return {
    session,
    now,
    figures: {
      // Of every task, and only what the session used.
      ...computeFigures(span, { tasks, attempts, used: addCosts(...rows) }),
    },
    tests: computeTestResults({
      attempts: attempts.filter(({ endedAt }) => endedAt !== null),
      touched: tasks.filter((task) => isTouched(task, span)),
      issueOf: new Map(tasks.map((task) => [task.id, task.issue])),
    }),
    tasks: rows,
    lost: session.taken.length - tasks.length,
    queueLength,
    pausedBy,
  };
}

/** From when the session took a task until another did, so that no session counts another's. */
function usedIn({ session, sessions }: SessionReportInput, { id, usage }: Task): Cost {
  const usageIn = (one: Session | undefined) => one?.taken.find((task) => task.id === id);
  const later = sessions.filter((one) => one.number > session.number && hasTaken(one, id));
  const next = later.toSorted((a, b) => a.number - b.number)[0];
  return subtractCost(usageIn(next) ?? usage, usageIn(session) ?? NO_COST);
}

function toRow(task: Task, { used, now }: { readonly used: Cost; readonly now: number }): SessionTask {
  return {
    issue: task.issue,
    title: task.title,
    role: task.role,
    end: endOf(task, now),
    isUnaided: task.state === "done" && !wasHelped(task),
    pull: task.pull?.number ?? null,
    runUrl: task.timeline.findLast((line) => line.runUrl !== null)?.runUrl ?? null,
    minutes: used.minutes,
    usd: used.usd,
    reasons: isTerminal(task) ? [] : task.reasons,
  };
}

function endOf(task: Task, now: number): SessionTaskEnd {
  if (task.state === "done" || task.state === "failed" || task.state === "cancelled") return task.state;
  const goesOn =
    isUnderWay(task) ||
    (task.state === "queued" && startsByItself(task, { isAnyUnderWay: true, before: now + DAY_MS }));
  return goesOn ? "going on" : "waiting";
}

/** Lines of a task's history that are not people's, whatever names stand in them. */
const OWN_LINE = /^(?:Handed over by|Attempt \d|Done:|Pull request #)/u;

/**
 * Whether somebody did something for the task after it was handed over: gave a command, approved what was merged, or merged it.
 * Commands leave a line with the name of whoever gave them.
 */
function wasHelped({ history, pull, aftermath }: Task): boolean {
  const merged = aftermath?.merged ?? pull;
  const approval = merged?.verdict?.gates.find(({ gate }) => gate === "approval");
  return (
    history.some(({ text }) => !OWN_LINE.test(text) && /@[A-Za-z0-9]/u.test(text)) ||
    (merged !== null &&
      (merged.mergeOrders === 0 ||
        merged.approvals.length > 0 ||
        merged.overrides.length > 0 ||
        /^[1-9]/u.test(approval?.seen ?? "")))
  );
}
