import type { Reason } from "../reasons.ts";
import { isTerminal, type StageLine, type Task } from "../task/task.ts";
import { gateTable } from "./check.ts";
import { clock, duration, folded, inline, link, paragraphs, table } from "./text.ts";

/** The one comment that shows a task: state, reasons, what happens next and when, stages, history. */
export function stickyBody(task: Task, facts: { readonly label: string }): string {
  return paragraphs(
    headline(task),
    nextStep(task),
    reasonTable(task.reasons, task.updatedAt),
    stageTable(task.timeline),
    figures(task),
    folded("History", task.history.map((line) => historyLine(line, task.updatedAt)).join("\n")),
    footer(task, facts.label),
  );
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
  "kind.unknown",
  "requires.path",
  "requires.workflow",
  "requires.input",
]);
const NEEDS_REVIEW: ReadonlySet<Reason["code"]> = new Set(["approval.missing", "merge.by-hand"]);

/** How a task's state is called where people look: waiting for information and for review are named apart. */
export function displayState(task: Pick<Task, "state" | "reasons">): DisplayState {
  if (task.state === "queued")
    return task.reasons.some((reason) => NEEDS_INFO.has(reason.code)) ? "needs-info" : "queued";
  if (task.state === "verifying")
    return task.reasons.some((reason) => NEEDS_REVIEW.has(reason.code)) ? "needs-review" : "running";
  return task.state;
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

function headline(task: Task): string {
  const state = displayState(task);
  const place = task.position === null ? "" : `, position ${task.position.rank} of ${task.position.of}`;
  const attempt = task.timeline.length === 0 || task.state === "cancelled" ? "" : `, attempt ${task.attempt}`;
  const took = task.state === "done" ? ` in ${duration(task.updatedAt - task.enqueuedAt)}` : "";
  const who = task.state === "done" ? `: finished @${task.requestedBy.login}'s task${took}` : "";
  return `${EMOJI[state]} **${state}**${place}${task.state === "done" ? who : attempt}`;
}

/** Every state says what happens next; a terminal one says how to go on. */
function nextStep(task: Task): string {
  const look = task.wakeAt === null ? "" : ` Looked at again by ${clock(task.wakeAt, task.updatedAt)}.`;
  switch (task.state) {
    case "queued":
      return `**Next:** it starts by itself when every reason below is lifted.${look}`;
    case "running":
      return `**Next:** the result of the run is verified.${look}`;
    case "verifying":
      return `**Next:** ${task.pull === null ? "the pull request is opened" : `pull request #${task.pull.number} is verified and merged as far as the autonomy goes`}.${look}`;
    case "blocked":
      return `**Next:** a person lifts the reasons below, then \`/orchestrate retry\`.${look}`;
    case "done":
      return task.pull === null
        ? "**Next:** nothing; the issue is closed."
        : `**Next:** nothing; pull request #${task.pull.number} is merged.`;
    case "failed":
      return "**Next:** `/orchestrate retry --reset-budget` arms it again.";
    case "cancelled":
      return "**Next:** nothing, unless somebody adds the label again.";
  }
}

function reasonTable(reasons: readonly Reason[], now: number): string {
  return table(
    ["Reason", "Why", "Lifted by", "Looked at"],
    reasons.map((reason) => [
      `\`${reason.code}\``,
      reason.message,
      reason.liftedBy,
      reason.deadline === null ? "on the next event" : clock(reason.deadline, now),
    ]),
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

function stageTable(lines: readonly StageLine[]): string {
  return table(
    ["Attempt", "Stage", "State", "Run", "Time"],
    lines.map((line) => [
      `${line.attempt}`,
      `${line.stage}${line.note === "" ? "" : ` (${inline(line.note, 120)})`}`,
      LINE_STATES[line.state],
      line.runUrl === null ? "" : link("run", line.runUrl),
      line.endedAt === null ? "" : duration(line.endedAt - line.startedAt),
    ]),
  );
}

/** What the last judgement saw: the gates, and the single figures folded away. */
function figures(task: Task): string {
  if (task.feedback.length === 0) return "";
  const details = task.feedback.flatMap((gate) =>
    (gate.details ?? []).map((line) => `- ${gate.gate}: ${line}`),
  );
  const isOpen = !isTerminal(task) && task.feedback.some((gate) => gate.verdict !== "PASS");
  const title = isOpen ? "**Last verdict**, which the next attempt is told:" : "**Last verdict:**";
  return paragraphs(
    title,
    gateTable(task.feedback),
    folded(`${details.length} single findings`, details.join("\n")),
  );
}

function historyLine(line: Task["history"][number], now: number): string {
  return `- ${clock(line.at, now)} ${link(line.text.replaceAll("\n", " "), null)}${line.url === null ? "" : ` (${link("run", line.url)})`}`;
}

function footer(task: Task, label: string): string {
  const usage = [`${task.spent} of ${task.budget} attempts used`];
  if (task.usage.minutes >= 0.1) usage.push(`${task.usage.minutes.toFixed(1)} min`);
  if (task.usage.usd > 0) usage.push(`$${task.usage.usd.toFixed(2)}`);
  const stop = isTerminal(task) ? "" : ` · stop: remove \`${label}\``;
  return `<sub>Task \`${task.id}\` · ${task.kind} · ${task.role} · ${task.priority}${task.revenue ? " · revenue path" : ""} · ${usage.join(", ")} · why: \`/orchestrate why\` · help: \`/orchestrate help\`${stop}</sub>`;
}
