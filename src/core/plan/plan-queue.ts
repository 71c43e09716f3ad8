import { admit, measureLoad } from "../queue/admit.ts";
import { assessReadiness } from "../queue/assess-readiness.ts";
import { explainWindows } from "../queue/explain-windows.ts";
import { cyclesAmong, type FindCycle } from "../queue/find-cycle.ts";
import { explainOverlap } from "../queue/overlap/explain-overlap.ts";
import { type Reason, reason } from "../reasons.ts";
import { explainSession } from "../session/explain-session.ts";
import type { Task } from "../task/task.ts";
import { askPerson } from "./attempt/ask-person.ts";
import { explainBreakers } from "./attempt/breakers.ts";
import { chooseWorker } from "./attempt/choose-worker.ts";
import { nextLook } from "./attempt/next-look.ts";
import { explainRest } from "./attempt/rest-role.ts";
import { startStage } from "./attempt/start-stage.ts";
import { awaitsRevert } from "./critics/critics-stage.ts";
import type { Draft } from "./draft.ts";
import { sessionsOf, takeIntoSession } from "./session/follow-sessions.ts";
import { explainSpending } from "./spending/explain-spending.ts";
import { moveTask } from "./task/change-task.ts";

/** How many queued tasks have their place kept up to date in their comments; further back it is shown when something else changes. */
const SHOWN_POSITIONS = 5;
/**
 * How far back in the queue a task gets its comment. A thousand issues that are labelled at once are no thousand comments:
 * who waits behind this place has the label, and the comment when its turn comes near (F111).
 */
const COMMENTED_POSITIONS = 50;

/** Starts what is ready and admitted, in order, and tells every task it looked at why it waits. */
export function planQueue(draft: Draft): void {
  // What is started on the way waits for nothing, and so closes no circle.
  const findCycle = cyclesIn(draft);
  for (const task of draft.queuedTasks()) {
    const reasons = explainWait(draft, task, findCycle);
    if (reasons.length === 0) startQueued(draft, task);
    else if (isOverdrawn(reasons)) askPerson(draft, task, reasons);
    else if (isNews(task, reasons))
      moveTask(draft, task, { state: "queued", reasons, wakeAt: nextWake(draft, task, reasons) });
  }
  updatePositions(draft);
}

function startQueued(draft: Draft, task: Task): void {
  takeIntoSession(draft, task);
  startStage(draft, task);
}

/** Whether nothing but the task's own cost is in the way, which no time changes: a person decides. */
function isOverdrawn(reasons: readonly Reason[]): boolean {
  return reasons.every(({ code }) => code === "limit.task");
}

/** A task that is due already is looked at as it was going to be, and one that looks at a revert is not put off by other news. */
function nextWake(draft: Draft, task: Task, reasons: readonly Reason[]): number {
  const { wakeAt } = task;
  const isKept = wakeAt !== null && (wakeAt <= draft.now || awaitsRevert(task));
  return isKept ? Math.min(wakeAt, nextLook(draft, reasons)) : nextLook(draft, reasons);
}

/** All reasons at once why a queued task is not started now; the same answer serves `/orchestrate why`. */
export function explainWait(
  draft: Draft,
  queued: Task,
  findCycle: FindCycle = cyclesIn(draft),
): readonly Reason[] {
  const task = chooseWorker(draft, queued);
  const { config } = draft.view;
  const readiness = assessReadiness(task, draft.view, draft.doneRoadmapIds());
  const resting =
    task.notBefore !== null && task.notBefore > draft.now
      ? [
          reason("retry.later", "The last run ended by trouble that is not the task's own.", {
            deadline: task.notBefore,
          }),
        ]
      : [];
  const circling = explainCycle(findCycle(task));
  const over = explainSession(sessionsOf(draft), task);
  if (config === null) return [...over, ...readiness, ...circling, ...resting];
  const load = measureLoad(draft.activeTasks());
  return [
    ...over,
    ...readiness,
    ...circling,
    ...resting,
    ...explainWindows(config, draft.now),
    ...explainRest(draft, task),
    ...explainBreakers(draft, task),
    ...admit(task, config, load),
    ...explainSpending(draft, task),
    ...explainOverlap(task, {
      view: draft.view,
      active: draft.activeTasks(),
      queued: draft.queuedTasks(),
      now: draft.now,
    }),
  ];
}

function cyclesIn(draft: Draft): FindCycle {
  const { repo, view } = draft;
  const doneRoadmapIds = new Set(draft.doneRoadmapIds());
  return cyclesAmong(draft.queuedTasks(), { repo, roadmap: view.roadmap, doneRoadmapIds });
}

function explainCycle(cycle: readonly number[] | undefined): readonly Reason[] {
  if (cycle === undefined) return [];
  const edges = cycle.map((issue) => `#${issue}`).join(" → ");
  return [reason("dependency.cycle", `These wait for each other and so for ever: ${edges}.`)];
}

function isNews(task: Task, reasons: readonly Reason[]): boolean {
  const before = task.reasons.map((known) => `${known.code} ${known.message}`).join("\n");
  return before !== reasons.map((known) => `${known.code} ${known.message}`).join("\n");
}

function updatePositions(draft: Draft): void {
  const of = draft.queueLength();
  const focus = draft.snapshot.focus?.id;
  for (const [index, task] of draft.queuedTasks().entries()) {
    const rank = task.id === focus ? rankOfFocus(draft, index) : index + 1;
    const isCommented = task.position !== null || rank <= COMMENTED_POSITIONS;
    const isShown = index < SHOWN_POSITIONS || task.id === focus || task.position === null;
    if (isCommented && isShown && task.position?.rank !== rank)
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
