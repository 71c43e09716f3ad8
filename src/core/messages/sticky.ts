import { reservedFor } from "../queue/cost/reserved-cost.ts";
import type { Reason } from "../reasons.ts";
import { isTerminal, type StageLine, type Task } from "../task/task.ts";
import { gateTable } from "./check.ts";
import { describeCost } from "./cost.ts";
import { isLeftOpen } from "./left-open.ts";
import { nextWhenLifted } from "./next-when-lifted.ts";
import {
  COMMENT_MAX_CHARS,
  clock,
  cutSafe,
  duration,
  folded,
  inline,
  link,
  paragraphs,
  plural,
  table,
} from "./text.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How much of a long task is shown; what is least looked at goes first. */
interface Room {
  readonly reasons: number;
  readonly stages: number;
  readonly gates: number;
  readonly findings: number;
  readonly history: number;
}

const ROOMS: readonly Room[] = [
  { reasons: 50, stages: 30, gates: 50, findings: 200, history: 10 },
  { reasons: 20, stages: 15, gates: 20, findings: 20, history: 10 },
  { reasons: 10, stages: 5, gates: 10, findings: 0, history: 3 },
  { reasons: 3, stages: 1, gates: 3, findings: 0, history: 0 },
  { reasons: 0, stages: 0, gates: 0, findings: 0, history: 0 },
];

/** The one comment that shows a task: state, reasons, what happens next and when, stages, history. */
export function stickyBody(task: Task, facts: StickyFacts): string {
  const bodies = ROOMS.values().map((room) => writeBody(task, facts, room));
  const body = bodies.find((text) => text.length <= COMMENT_MAX_CHARS);
  return body ?? paragraphs(headline(task, facts), nextStep(task));
}

export interface StickyFacts {
  /** The label that hands issues over. */
  readonly label: string;
  /** In how many ms a queued task may start; null or left out where nothing says. */
  readonly startsInMs?: number | null;
}

function writeBody(task: Task, facts: StickyFacts, room: Room): string {
  return paragraphs(
    headline(task, facts),
    nextStep(task),
    reasonTable(task, room.reasons),
    stageTable(task.timeline, room.stages),
    figures(task, room),
    folded(
      "History",
      lastOf(task.history, room.history)
        .map((line) => historyLine(line, task.updatedAt))
        .join("\n"),
    ),
    footer(task, facts.label),
  );
}

function lastOf<T>(items: readonly T[], most: number): readonly T[] {
  return items.slice(Math.max(0, items.length - most));
}

/** Says how many of a list are left out. */
function more(items: readonly unknown[], most: number): string {
  return items.length > most ? `(and ${items.length - most} more)` : "";
}

/** The word for a task's state that its label and its comment share. */
export type DisplayState =
  | "queued"
  | "running"
  | "blocked"
  | "needs-info"
  | "needs-review"
  | "failed"
  | "done"
  | "cancelled";

const NEEDS_INFO: ReadonlySet<Reason["code"]> = new Set([
  "config.absent",
  "config.invalid",
  "organisation.invalid",
  "kind.unknown",
  "requires.path",
  "requires.workflow",
  "requires.input",
  "requires.design-review",
  "issue.incomplete",
]);
const NEEDS_REVIEW: ReadonlySet<Reason["code"]> = new Set([
  "approval.dispatch",
  "approval.missing",
  "merge.by-hand",
  "merge.draft",
]);

/** How a task's state is called where people look: waiting for information and for review are named apart. */
export function displayState(task: Pick<Task, "state" | "reasons">): DisplayState {
  if (task.state === "blocked" && waitsFor(task, "worker.needs-info")) return "needs-info";
  if (task.state !== "queued" && task.state !== "verifying") return task.state;
  if (task.state === "queued" && task.reasons.some(({ code }) => NEEDS_INFO.has(code))) return "needs-info";
  if (task.reasons.some(({ code }) => NEEDS_REVIEW.has(code))) return "needs-review";
  return task.state === "queued" ? "queued" : "running";
}

const EMOJI: Readonly<Record<DisplayState, string>> = {
  queued: "⏳",
  running: "🔄",
  blocked: "✋",
  "needs-info": "❓",
  "needs-review": "👀",
  failed: "❌",
  done: "✅",
  cancelled: "⏹️",
};

function headline(task: Task, facts: StickyFacts): string {
  const state = displayState(task);
  return `${EMOJI[state]} **${state}**${placeOf(task)}${estimateOf(facts)}`;
}

function estimateOf({ startsInMs }: StickyFacts): string {
  if (startsInMs === null || startsInMs === undefined) return "";
  // A guess to the second would look like knowledge.
  return `, may start in about ${duration(Math.max(1, Math.ceil(startsInMs / MINUTE_MS)) * MINUTE_MS)}`;
}

function placeOf(task: Task): string {
  if (task.state === "done") {
    const endedAt = task.history.at(-1)?.at ?? task.updatedAt;
    return `: finished @${task.requestedBy.login}'s task in ${duration(endedAt - task.enqueuedAt)}`;
  }
  const place = task.position === null ? "" : `, position ${task.position.rank} of ${task.position.of}`;
  const hasBegun = task.timeline.length > 0 && task.state !== "cancelled";
  return `${place}${hasBegun ? `, attempt ${task.attempt}` : ""}`;
}

/** Every state says what happens next; a terminal one says how to go on. */
function nextStep(task: Task): string {
  const look = task.wakeAt === null ? "" : ` Looked at again ${nextLook(task)}.`;
  return `**Next:** ${NEXT_STEPS[task.state](task)}${look}`;
}

const LOOKS_MS: readonly number[] = [15 * MINUTE_MS, HOUR_MS, 24 * HOUR_MS];

/**
 * How soon a task is looked at by itself, at the latest. Not the moment: that moves with every look that finds nothing new,
 * and each time the comment would have to be edited to say so; `/orchestrate why` says it.
 */
function nextLook({ wakeAt, updatedAt }: Task): string {
  if (wakeAt === null) return "on the next event";
  const most = LOOKS_MS.find((ms) => wakeAt - updatedAt <= ms);
  return most === undefined ? `by ${clock(wakeAt, updatedAt)}` : `within ${duration(most)}`;
}

const NEXT_STEPS: Readonly<Record<Task["state"], (task: Task) => string>> = {
  queued: () => "it starts by itself when every reason below is lifted.",
  running: (task) => nextWhenLifted(task) ?? "the result of the run is verified.",
  verifying: nextOfPull,
  blocked: nextOfBlocked,
  done: nextOfDone,
  failed: () => "`/orchestrate retry --reset-budget` arms it again.",
  cancelled: () => "nothing, unless somebody adds the label again or writes `/orchestrate retry`.",
};

function nextOfDone(task: Task): string {
  if (task.pull !== null) return `nothing; pull request #${task.pull.number} is merged.`;
  return isLeftOpen(task) ? "nothing; the issue is left open." : "nothing; the issue is closed.";
}

function nextOfPull(task: Task): string {
  const { aftermath } = task;
  const isWritten = task.pull !== null && !waitsFor(task, "publish.pending");
  const lift = nextWhenLifted(task);
  if (lift !== undefined && !(isWritten && waitsFor(task, "task.held"))) return lift;
  if (aftermath?.phase === "reverting") return "a pull request that takes the merged change back is written.";
  if (aftermath?.phase === "looking")
    return `the critics say whether what pull request #${aftermath.merged.number} merged may stay; then the issue is closed, or the change is taken back.`;
  if (task.pull === null || !isWritten) return "the pull request is written.";
  const pull = `pull request #${task.pull.number}`;
  if (waitsFor(task, "approval.missing"))
    return `somebody reviews ${pull} and approves it; then it is merged.`;
  if (waitsFor(task, "merge.by-hand")) return `somebody reviews ${pull} and merges it; the app does not.`;
  if (waitsFor(task, "merge.draft")) return `somebody marks ${pull} as ready for review; then it is merged.`;
  if (waitsFor(task, "task.held")) return `${pull} is merged when the hold is lifted.`;
  return `${pull} is verified and merged as far as the autonomy goes.`;
}

function nextOfBlocked(task: Task): string {
  if (waitsFor(task, "issue.text-changed"))
    return "somebody with write access reads the new text, removes the label and adds it again.";
  if (waitsFor(task, "work.already-done"))
    return "somebody looks whether it is done, and closes the issue as completed; `/orchestrate retry` where it is not.";
  if (waitsFor(task, "worker.needs-info"))
    return "somebody adds what is named below; `/orchestrate retry` reads the issue anew and goes on.";
  const isJudged = task.pull !== null && task.pull.verdict !== null && task.pull.verdict.value !== "FAIL";
  return isJudged
    ? "a person does what is named below, and it is verified again; `/orchestrate retry` makes a new attempt."
    : "a person lifts the reasons below, then `/orchestrate retry`.";
}

function waitsFor({ reasons }: Pick<Task, "reasons">, code: Reason["code"]): boolean {
  return reasons.some((known) => known.code === code);
}

/** A reason that only time lifts has a moment of its own, which stays; all others are looked at with the task. */
function lookAtReason({ deadline }: Reason, task: Task): string {
  const isAhead = deadline !== null && deadline > task.updatedAt;
  return isAhead ? clock(deadline, task.updatedAt) : nextLook(task);
}

function reasonTable(task: Task, most: number): string {
  const { reasons } = task;
  return paragraphs(
    table(
      ["Reason", "Why", "Lifted by", "Looked at"],
      reasons
        .slice(0, most)
        .map((reason) => [`\`${reason.code}\``, reason.message, reason.liftedBy, lookAtReason(reason, task)]),
    ),
    more(reasons, most),
  );
}

const LINE_STATES: Readonly<Record<StageLine["state"], string>> = {
  dispatching: "⏳ ordered",
  running: "🔄 running",
  PASS: "✅ PASS",
  FAIL: "❌ FAIL",
  BLOCKED: "✋ BLOCKED",
  trouble: "⚠️ trouble, tried again",
  cancelled: "⏹️ cancelled",
};

function stageTable(lines: readonly StageLine[], most: number): string {
  return table(
    ["Attempt", "Stage", "State", "Run", "Time"],
    lastOf(lines, most).map((line) => [
      `${line.attempt}`,
      `${line.stage}${line.note === "" ? "" : ` (${inline(line.note, 120)})`}`,
      LINE_STATES[line.state],
      line.runUrl === null ? "" : link("run", line.runUrl),
      line.endedAt === null ? "" : duration(line.endedAt - line.startedAt),
    ]),
  );
}

/** What the last judgement saw: the gates, and the single figures folded away. */
function figures(task: Task, room: Room): string {
  if (task.feedback.length === 0) return "";
  const details = task.feedback.flatMap((gate) =>
    (gate.details ?? []).map((line) => `- ${gate.gate}: ${line}`),
  );
  const isOpen = !isTerminal(task) && task.feedback.some((gate) => gate.verdict !== "PASS");
  const title = isOpen ? "**Last verdict**, which the next attempt is told:" : "**Last verdict:**";
  return paragraphs(
    title,
    gateTable(task.feedback.slice(0, room.gates)),
    more(task.feedback, room.gates),
    folded(plural(details.length, "finding"), details.slice(0, room.findings).join("\n")),
  );
}

/** A line tells what happened; the figures have their own table. */
const HISTORY_MAX_CHARS = 1000;

function historyLine(line: Task["history"][number], now: number): string {
  return `- ${clock(line.at, now)} ${cutSafe(line.text.replace(/\s+/gu, " "), HISTORY_MAX_CHARS)}${line.url === null ? "" : ` (${link("run", line.url)})`}`;
}

function footer(task: Task, label: string): string {
  const usage = [`${task.spent} of ${plural(task.budget, "attempt")} spent`];
  if (task.usage.minutes >= 0.1) usage.push(`${task.usage.minutes.toFixed(1)} min`);
  if (task.usage.usd > 0) usage.push(`$${task.usage.usd.toFixed(2)}`);
  const reserved = describeCost(reservedFor(task));
  if (reserved !== "") usage.push(`${reserved} reserved`);
  const stop = isTerminal(task)
    ? ""
    : ` · stop: ${task.trigger === "label" ? `remove \`${label}\`` : "`/orchestrate cancel`"}`;
  return `<sub>Task \`${task.id}\` · ${task.kind} · ${task.role}${task.standsIn === undefined ? "" : ` for ${task.standsIn.for}`} · ${task.priority}${task.revenue ? " · revenue path" : ""} · ${usage.join(", ")} · why: \`/orchestrate why\` · help: \`/orchestrate help\`${stop}</sub>`;
}
