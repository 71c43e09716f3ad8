import type { Cost } from "../queue/cost/cost.ts";
import type { Attempt } from "../task/attempt.ts";
import { isTerminal, type Task } from "../task/task.ts";
import type { Figures, Span } from "./report.ts";

/** A report shows its own repository only, whatever it is given (I10). */
export function ownOf<T extends { readonly repoId: number }>(
  repoId: number,
  all: readonly T[],
): readonly T[] {
  return all.filter((one) => one.repoId === repoId);
}

export function isWithin(at: number, { from, to }: Span): boolean {
  return from <= at && at < to;
}

/** When a task ended; its last line of history says how. Later writing, such as of its comment, does not move that. */
export function endOf(task: Task): number | null {
  return isTerminal(task) ? lastMoment(task) : null;
}

/** When something was last worth a line in the task's history. */
export function lastMoment(task: Task): number {
  return task.history.at(-1)?.at ?? task.updatedAt;
}

/** Whether something happened in the task within the span. */
export function isTouched(task: Task, span: Span): boolean {
  return task.history.length === 0
    ? isWithin(task.updatedAt, span)
    : task.history.some((line) => isWithin(line.at, span));
}

export function endedWithin(tasks: readonly Task[], span: Span): readonly Task[] {
  return tasks.filter((task) => {
    const end = endOf(task);
    return end !== null && isWithin(end, span);
  });
}

export function attemptsWithin(attempts: readonly Attempt[], span: Span): readonly Attempt[] {
  return attempts.filter(({ endedAt }) => endedAt !== null && isWithin(endedAt, span));
}

/** Counts one week; the same for the week of the report and the one before. */
export function computeFigures(
  span: Span,
  history: { readonly tasks: readonly Task[]; readonly attempts: readonly Attempt[]; readonly used: Cost },
): Figures {
  const ended = endedWithin(history.tasks, span);
  const accepted = ended.filter((task) => task.state === "done");
  return {
    accepted: accepted.length,
    failed: ended.filter((task) => task.state === "failed").length,
    cancelled: ended.filter((task) => task.state === "cancelled").length,
    attempts: attemptsWithin(history.attempts, span).length,
    minutes: history.used.minutes,
    usd: history.used.usd,
    medianLeadMs: median(accepted.map((task) => Math.max(0, lastMoment(task) - task.enqueuedAt))),
  };
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
