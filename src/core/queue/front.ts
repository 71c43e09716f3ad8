import type { ReasonCode } from "../reasons.ts";
import { teamOf } from "../session/session.ts";
import type { Task } from "../task/task.ts";

/** How many queued tasks of one sort a plan looks at. */
export const QUEUE_WINDOW = 100;
/** How many it looks at in all: deciding costs the same at ten tasks and at a million. */
export const FRONT_SIZE = 400;
/** Of how many sorts it looks at any; the others wait for their tasks' own deadlines. */
export const MAX_SORTS = 20;

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

/** What holds back all tasks of a team alike: its limit, and what a session lifts for those that it covers. */
const OF_TEAM: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "limit.team",
  "repository.paused",
  "session.over",
]);

type Waiting = Pick<Task, "state" | "reasons" | "team" | "standsIn">;

/**
 * Which queued tasks one is looked at with: those of its team that could be next (`free`), that wait for their team's turn
 * (`full`), or that wait for something of their own, such as a dependency or a hold (`own`). What keeps one sort back fills no
 * place of another. In this order they go before each other where there are too many; empty for a task that is not queued.
 */
export function sortOf(task: Waiting): string {
  return task.state === "queued" ? `${waitOf(task)} ${teamOf(task)}` : "";
}

function waitOf({ reasons }: Waiting): "free" | "full" | "own" {
  const particular = reasons.filter(({ code }) => !SHARED.has(code));
  if (particular.length === 0) return "free";
  return particular.every(({ code }) => OF_TEAM.has(code)) ? "full" : "own";
}

/** How many of each sort a plan looks at where there are so many sorts. */
export function windowOf(sorts: number): number {
  return Math.min(QUEUE_WINDOW, Math.floor(FRONT_SIZE / Math.max(1, sorts)));
}

/** By what they wait for; which team's task comes first decides where that is the same. */
function byWait(a: string, b: string): number {
  const [one = "", other = ""] = [a.split(" ")[0], b.split(" ")[0]];
  return one === other ? 0 : one < other ? -1 : 1;
}

/** The queued tasks that a plan looks at, out of all in rank order: the first of each sort. */
export function frontOf(queue: readonly Task[]): readonly Task[] {
  const sorts = [...new Set(queue.map(sortOf))].toSorted(byWait).slice(0, MAX_SORTS);
  const left = new Map(sorts.map((sort) => [sort, windowOf(sorts.length)]));
  return queue.filter((task) => {
    const sort = sortOf(task);
    const more = left.get(sort) ?? 0;
    left.set(sort, more - 1);
    return more > 0;
  });
}
