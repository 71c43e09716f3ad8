import type { Reason } from "../../reasons.ts";
import { isTerminal, type Task } from "../../task/task.ts";
import { nextWhenLifted } from "../next-when-lifted.ts";
import { clock, duration, endSentence, paragraphs, table } from "../text.ts";

/** Every reason at once, who is first and why, and what happens next. */
export function whyMessage(facts: {
  readonly task: Task;
  readonly place: { readonly rank: number; readonly of: number } | null;
  /** The first of the queued tasks that are ranked before it. */
  readonly before: readonly Task[];
  readonly now: number;
  /** The command that tries it again, as it has to be written here. */
  readonly retry: string;
}): string {
  const { task, place, now } = facts;
  const where = place === null ? "" : `, position ${place.rank} of ${place.of}`;
  return paragraphs(
    `**#${task.issue}** is **${task.state}**${where}.`,
    reasonTable(task, now),
    queueSection(facts),
    `**Next:** ${NEXT[task.state](facts)}${nextLook(task, now)}`,
  );
}

function reasonTable(task: Task, now: number): string {
  const { reasons } = task;
  if (reasons.length === 0) return isTerminal(task) ? lastWords(task) : "Nothing stands in its way.";
  return table(
    ["Reason", "Why", "Lifted by", "Looked at next"],
    reasons.map((known) => [`\`${known.code}\``, known.message, known.liftedBy, clockOf(known, task, now)]),
  );
}

function clockOf({ deadline }: Reason, { wakeAt }: Task, now: number): string {
  const at = deadline ?? wakeAt;
  return at === null ? "on the next event" : clock(at, now);
}

function lastWords(task: Task): string {
  const last = task.history.at(-1);
  return last === undefined ? "" : `Last: ${endSentence(last.text)}`;
}

function queueSection({ task, place, before, now }: Parameters<typeof whyMessage>[0]): string {
  if (task.state !== "queued") return "";
  const count = place === null ? before.length : place.rank - 1;
  if (count === 0) return `No task is before it. ${rankOf(task, now)}`;
  const more = count > before.length ? ` The first ${before.length} of ${count}:` : "";
  return paragraphs(
    `Before it in the queue, since their rank is earlier; its own is the last row.${more}`,
    table(
      ["Task", "Waits for", "Rank", "Made of"],
      [...before, task].map((known) => queueRow(known, now)),
    ),
  );
}

function queueRow(task: Task, now: number): readonly string[] {
  const holding = task.reasons.map((known) => `\`${known.code}\``).join(", ");
  return [
    `#${task.issue}`,
    holding === "" ? "ready" : holding,
    clock(task.rankAt, now),
    `${task.priority}, handed over ${clock(task.enqueuedAt, now)}${task.revenue ? ", on the revenue path" : ""}`,
  ];
}

function rankOf(task: Task, now: number): string {
  return `Its rank is ${clock(task.rankAt, now)}: ${task.priority}, handed over ${duration(now - task.enqueuedAt)} ago${task.revenue ? ", on the revenue path" : ""}.`;
}

type Next = (facts: { readonly task: Task; readonly retry: string }) => string;

const NEXT: Readonly<Record<Task["state"], Next>> = {
  queued: ({ task }) =>
    task.reasons.length === 0
      ? "it is started."
      : "it is started by itself when every reason is lifted and it is its turn.",
  running: ({ task }) => nextWhenLifted(task) ?? "the run ends, and its result is verified.",
  verifying: ({ task }) => nextOfPull(task),
  blocked: ({ retry }) => `a person lifts the reasons, then \`${retry}\`.`,
  done: () => "nothing.",
  failed: ({ retry }) => `nothing, unless \`${retry} --reset-budget\` arms it again.`,
  cancelled: ({ retry }) => `nothing, unless \`${retry}\` arms it again.`,
};

function nextOfPull(task: Task): string {
  const { aftermath, pull } = task;
  const lift = nextWhenLifted(task);
  if (lift !== undefined) return lift;
  if (aftermath?.phase === "looking") return "the critics say whether the merged change may stay.";
  return pull === null
    ? "the pull request is opened."
    : `pull request #${pull.number} is verified and merged as far as the autonomy goes.`;
}

function nextLook(task: Task, now: number): string {
  return task.wakeAt === null ? "" : ` Looked at again by ${clock(task.wakeAt, now)}.`;
}
