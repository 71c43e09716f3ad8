import { admit, measureLoad } from "../queue/admit.ts";
import { assessReadiness } from "../queue/assess-readiness.ts";
import { findCycle } from "../queue/find-cycle.ts";
import { type Reason, reason } from "../reasons.ts";
import type { Task } from "../task/task.ts";
import { startStage } from "./attempt/start-stage.ts";
import { QUEUE_POLL_MS } from "./deadlines.ts";
import type { Draft } from "./draft.ts";
import { moveTask } from "./task/change-task.ts";

/** How many queued tasks have their place kept up to date in their comments; further back it is shown when something else changes. */
const SHOWN_POSITIONS = 5;

/** Starts what is ready and admitted, in order, and tells every task it looked at why it waits. */
export function planQueue(draft: Draft): void {
  for (const task of draft.queuedTasks()) {
    const reasons = explainWait(draft, task);
    if (reasons.length === 0) startStage(draft, task);
    else if (isNews(task, reasons))
      moveTask(draft, task, { state: "queued", reasons, wakeAt: nextLook(draft, task) });
  }
  updatePositions(draft);
}

/** All reasons at once why a queued task is not started now; the same answer serves `/orchestrate why`. */
export function explainWait(draft: Draft, task: Task): readonly Reason[] {
  const { config } = draft.view;
  const readiness = assessReadiness(task, draft.view, draft.snapshot.doneRoadmapIds);
  const resting =
    task.notBefore !== null && task.notBefore > draft.now
      ? [
          reason("retry.later", "The last run ended by trouble that is not the task's own.", {
            deadline: task.notBefore,
          }),
        ]
      : [];
  const circling = explainCycle(draft, task);
  if (config === null) return [...readiness, ...circling, ...resting];
  const load = measureLoad(draft.activeTasks(), draft.snapshot.weekUsage);
  return [...readiness, ...circling, ...resting, ...admit(task, config, load)];
}

function explainCycle(draft: Draft, task: Task): readonly Reason[] {
  const cycle = findCycle(task, draft.queuedTasks(), draft.repo);
  if (cycle === undefined) return [];
  const edges = cycle.map((issue) => `#${issue}`).join(" → ");
  return [reason("dependency.cycle", `These wait for each other and so for ever: ${edges}.`)];
}

function nextLook(draft: Draft, task: Task): number {
  const poll = draft.now + QUEUE_POLL_MS;
  return task.notBefore !== null && task.notBefore > draft.now ? Math.min(poll, task.notBefore) : poll;
}

function isNews(task: Task, reasons: readonly Reason[]): boolean {
  const before = task.reasons.map((known) => `${known.code} ${known.message}`).join("\n");
  return before !== reasons.map((known) => `${known.code} ${known.message}`).join("\n");
}

function updatePositions(draft: Draft): void {
  const of = draft.queueLength();
  const focus = draft.snapshot.focus?.id;
  for (const [index, task] of draft.queuedTasks().entries()) {
    const isShown = index < SHOWN_POSITIONS || task.id === focus;
    const rank = task.id === focus ? rankOfFocus(draft, index) : index + 1;
    if (isShown && task.position?.rank !== rank)
      draft.saveTask({ ...task, position: { rank, of, at: draft.now } });
  }
}

/** The focus may be queued beyond the window; then the store knows its place. */
function rankOfFocus(draft: Draft, index: number): number {
  return Math.max(index + 1, (draft.snapshot.focusPosition ?? 0) + 1 - startedAhead(draft));
}

function startedAhead(draft: Draft): number {
  return draft.snapshot.queue.filter((task) => draft.current(task).state !== "queued").length;
}
