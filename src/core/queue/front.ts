import type { ReasonCode } from "../reasons.ts";
import type { Task } from "../task/task.ts";

/**
 * How many queued tasks of each sort a plan looks at, those that are sidelined and those that are not: deciding costs the same
 * at ten tasks and at a million.
 */
export const QUEUE_WINDOW = 100;

/** What holds back all tasks of a repository alike: whoever waits for nothing else starts once it is lifted. */
const SHARED: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "config.absent",
  "config.invalid",
  "organisation.invalid",
  "mode.shadow",
  "installation.suspended",
  "repository.stopped",
  "limit.running",
  "limit.pulls",
  "limit.minutes",
  "limit.usd",
  "queue.behind",
  "window.closed",
]);

/** Whether a queued task waits for something of its own, such as a dependency, a hold or its team's limit. */
export function isSidelined({ state, reasons }: Pick<Task, "state" | "reasons">): boolean {
  return state === "queued" && reasons.some(({ code }) => !SHARED.has(code));
}

/** The queued tasks that a plan looks at, out of all in rank order: however many are sidelined, the others have their turn. */
export function frontOf(queue: readonly Task[]): readonly Task[] {
  const seen = { open: 0, sidelined: 0 };
  return queue.filter((task) => {
    const sort = isSidelined(task) ? "sidelined" : "open";
    seen[sort] += 1;
    return seen[sort] <= QUEUE_WINDOW;
  });
}
