import type { Reason } from "../../reasons.ts";
import type { HistoryLine, StageLine, Task, TaskState } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import { learnFrom } from "./keep-knowledge.ts";

const HISTORY_LINES = 10;
const TIMELINE_LINES = 30;

/** Moves a task into a state with its reasons and the moment it is looked at next; writes history and audit. */
export function moveTask(
  draft: Draft,
  task: Task,
  to: {
    readonly state: TaskState;
    readonly reasons: readonly Reason[];
    /** Null only for terminal states. */
    readonly wakeAt: number | null;
    readonly note?: string;
    readonly url?: string | null;
    readonly actor?: string;
  },
): Task {
  const changed = task.state !== to.state || codesOf(task.reasons) !== codesOf(to.reasons);
  if (changed) {
    draft.audit("task.moved", {
      taskId: task.id,
      ...(to.actor === undefined ? {} : { actor: to.actor }),
      data: { from: task.state, to: to.state, reasons: to.reasons.map((reason) => reason.code) },
    });
  }
  const noted =
    to.note === undefined ? task : withHistory(task, { at: draft.now, text: to.note, url: to.url ?? null });
  return draft.saveTask({
    ...noted,
    state: to.state,
    reasons: to.reasons,
    wakeAt: to.wakeAt,
    position: to.state === "queued" ? noted.position : null,
  });
}

function codesOf(reasons: readonly Reason[]): string {
  return reasons.map((reason) => `${reason.code} ${reason.message}`).join("\n");
}

/** Ends a task for good; its history says why. */
export function endTask(
  draft: Draft,
  task: Task,
  end: {
    readonly state: "done" | "failed" | "cancelled";
    readonly note: string;
    readonly actor?: string;
    readonly url?: string | null;
  },
): Task {
  const ended = end.state === "done" ? learnFrom(draft, task) : task;
  const noted = withHistory(ended, { at: draft.now, text: end.note, url: end.url ?? null });
  return moveTask(
    draft,
    { ...noted, correlation: null, notBefore: null },
    { state: end.state, reasons: [], wakeAt: null, ...(end.actor === undefined ? {} : { actor: end.actor }) },
  );
}

export function withHistory(task: Task, line: HistoryLine): Task {
  return { ...task, history: [...task.history, line].slice(-HISTORY_LINES) };
}

/** Adds a stage to the task's table, or replaces the line of the same dispatch. */
export function withStageLine(task: Task, line: StageLine): Task {
  const others = task.timeline.filter((known) => known.correlation !== line.correlation);
  return { ...task, timeline: [...others, line].slice(-TIMELINE_LINES) };
}

/** Changes some of a stage's line, when it is there. */
export function changeStageLine(task: Task, correlation: string, change: Partial<StageLine>): Task {
  return {
    ...task,
    timeline: task.timeline.map((line) => (line.correlation === correlation ? { ...line, ...change } : line)),
  };
}
