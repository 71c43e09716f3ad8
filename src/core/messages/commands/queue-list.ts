import type { Limits } from "../../config/config.ts";
import { addRunCosts, type Cost, reservedUsd } from "../../queue/cost/cost.ts";
import { reservedFor } from "../../queue/cost/reserved-cost.ts";
import type { Reason } from "../../reasons.ts";
import { describeStanding, nameSession } from "../../session/explain-session.ts";
import type { Session } from "../../session/session.ts";
import type { Task, TaskState } from "../../task/task.ts";
import { describeCost } from "../cost.ts";
import { inline, paragraphs, plural, table } from "../text.ts";

/** What is under way in a repository; reasons of queued tasks are those that hold now. */
export interface Overview {
  readonly active: readonly Task[];
  readonly queued: readonly Task[];
  readonly queueLength: number;
  readonly limits: Limits | null;
  readonly weekUsage: Cost;
  readonly pausedBy: string | null;
  /** Sessions that are not over, or that hold something back. */
  readonly sessions: readonly Session[];
  readonly mode: "active" | "shadow" | null;
  /** How many tasks are listed. */
  readonly limit: number;
}

const TITLE_CHARS = 60;
const ORDER: readonly TaskState[] = ["running", "verifying", "blocked"];

/** Running tasks first, then the queue in its order. */
export function queueMessage(overview: Overview): string {
  const { active, queued, queueLength, limit } = overview;
  const under = active.toSorted(
    (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.issue - b.issue,
  );
  const rows = [
    ...under.map((task) => rowOf(task, "")),
    ...queued.map((task, index) => rowOf(task, `${index + 1}`)),
  ].slice(0, limit);
  const rest = active.length + queueLength - rows.length;
  return paragraphs(
    headline(overview),
    sessionLines(overview),
    table(["Place", "Task", "State", "Priority", "Why"], rows),
    rest > 0 ? `and ${rest} more.` : undefined,
  );
}

function rowOf(task: Task, place: string): readonly string[] {
  return [
    place,
    `${issueLink(task.issue)} ${inline(task.title, TITLE_CHARS)}`,
    task.state,
    `${task.priority}${task.revenue ? " 💰" : ""}`,
    why(task),
  ];
}

/** A link that GitHub does not count as a mention: a list must not write into the history of all its issues. */
function issueLink(issue: number): string {
  return `[#${issue}](../issues/${issue})`;
}

function why(task: Task): string {
  const [first, ...more] = task.reasons;
  if (first === undefined) return task.state === "queued" ? "starts now" : "";
  return more.length === 0 ? first.message : `${first.message} (and ${more.length} more)`;
}

function headline({ active, queueLength, pausedBy, limits, mode }: Overview): string {
  const running = active.filter((task) => task.state === "running").length;
  const others = ORDER.slice(1)
    .map((state) => ({ state, count: active.filter((task) => task.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `, ${count} ${state}`)
    .join("");
  const cap = limits === null ? "" : ` of ${limits.running}`;
  const paused = pausedBy === null ? "" : ` ⏸️ Paused by ${pausedBy}.`;
  const shadow = mode === "shadow" ? " Shadow mode: decided and shown, not done." : "";
  return `**${running}${cap} running**${others}, **${queueLength} queued**.${paused}${shadow}`;
}

function sessionLines({ sessions }: Overview): string {
  return sessions
    .map(
      (session) =>
        `- ${nameSession(session)} by ${inline(session.startedBy.login)}: ${describeStanding(session)}.`,
    )
    .join("\n");
}

/** Counts for an issue that has no task itself. */
export function repositoryStatusMessage(overview: Overview): string {
  const { weekUsage, limits } = overview;
  const minutes = Math.round(weekUsage.minutes);
  const most = limits?.minutesPerWeek;
  const ofMinutes =
    most === undefined ? plural(minutes, "minute") : `${minutes} of ${plural(most, "minute")}`;
  const ofUsd = limits?.usdPerWeek === undefined ? "" : ` of $${limits.usdPerWeek}`;
  const running = overview.active.filter((task) => task.state === "running");
  const all = addRunCosts(overview.active.map(reservedFor));
  const reserved = describeCost({ ...all, usd: reservedUsd(all, weekUsage.usd, limits?.usdPerWeek) });
  const ofReserved = reserved === "" ? "" : `, and ${reserved} reserved for what is running`;
  return paragraphs(
    "This issue has no task.",
    headline(overview),
    sessionLines(overview),
    table(
      ["Running", "Attempt", "Why"],
      running.map((task) => [
        `${issueLink(task.issue)} ${inline(task.title, TITLE_CHARS)}`,
        `${task.attempt}`,
        why(task),
      ]),
    ),
    `This week: ${ofMinutes}, $${weekUsage.usd.toFixed(2)}${ofUsd}${ofReserved}. The whole list: \`/orchestrate queue\``,
  );
}

/** Reasons that go away without anybody doing anything about the task. */
const PASSING: ReadonlySet<Reason["code"]> = new Set([
  "queue.behind",
  "limit.running",
  "limit.team",
  "overlap.task",
  "limit.pulls",
  "retry.later",
]);

/** The task that starts next, or the first one and everything it waits for. */
export function nextMessage({ queued, pausedBy }: Overview): string {
  const [first] = queued;
  if (first === undefined) return "Nothing is queued.";
  const ready = queued.find((task) => task.reasons.every((known) => PASSING.has(known.code)));
  const task = ready ?? first;
  const skipped = queued.indexOf(task);
  const paused = pausedBy === null ? "" : ` ⏸️ Paused by ${pausedBy}.`;
  const lead =
    ready === undefined
      ? `Nothing can start by itself. First in the queue is ${nameOf(task)}.${paused}`
      : `Next is ${nameOf(task)}.${skipped === 0 ? "" : ` ${skipped === 1 ? "The one" : `The ${skipped}`} before it cannot start.`}`;
  return paragraphs(
    lead,
    task.reasons.map((known) => `- ${known.message} Lifted by: ${known.liftedBy}.`).join("\n"),
  );
}

function nameOf(task: Task): string {
  return `**#${task.issue}** ${inline(task.title, TITLE_CHARS)}`;
}
