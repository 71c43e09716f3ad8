import type { EventOf } from "../events.ts";
import { reason } from "../reasons.ts";
import { explainStops } from "../stop/explain-stop.ts";
import type { Stop } from "../stop/stop.ts";
import type { Attempt } from "../task/attempt.ts";
import type { Task } from "../task/task.ts";
import { isUnderCritics } from "./critics/critics-stage.ts";
import { PULL_POLL_MS, QUEUE_POLL_MS } from "./deadlines.ts";
import type { Draft } from "./draft.ts";
import { stopRun } from "./events/plan-issue.ts";
import { isBetweenCommits } from "./events/plan-pull.ts";
import { moveTask } from "./task/change-task.ts";

/** The operator set or lifted a stop; what that means for tasks is worked out with every event, so here it is only told. */
export function planStopChanged(draft: Draft, _event: EventOf<"stop.changed">): void {
  const stops = draft.stops();
  const kind = stops.length === 0 ? "repository.resumed" : "repository.stopped";
  draft.conclude("processed", kind);
  draft.audit(kind, {
    actor: "operator",
    data: { stops: stops.map(({ scope, by }) => `${scope} by ${by}`) },
  });
}

/**
 * While anything is stopped here, runs that are under way are broken off and every task says so; afterwards tasks go on
 * from where they were. Asked with every event, so that it does not matter who stopped what, and how that was heard of.
 */
export function heedStops(draft: Draft): void {
  const stops = draft.stops();
  for (const task of draft.activeTasks()) {
    if (stops.length > 0) haltTask(draft, task, stops);
    else if (isHalted(task)) releaseTask(draft, task);
  }
}

/** Whether a task was stopped and has not been looked at since. */
export function isHalted({ reasons }: Pick<Task, "reasons">): boolean {
  return reasons.some(({ code }) => code === "repository.stopped");
}

function haltTask(draft: Draft, task: Task, stops: readonly Stop[]): void {
  const attempt = draft.attempt(task.correlation);
  // What GitHub has not confirmed is not under way yet.
  const mayGoOn = stops.every(({ keepsRuns }) => keepsRuns) && attempt?.state !== "dispatching";
  if (attempt !== undefined && isInFlight(attempt) && !mayGoOn) breakOff(draft, task, stops);
  else showStops(draft, task, stops);
}

function isInFlight({ state }: Attempt): boolean {
  return state === "dispatching" || state === "dispatched" || state === "running";
}

/** The run is cancelled and costs nothing: its stage begins anew when the stop is lifted. */
function breakOff(draft: Draft, task: Task, stops: readonly Stop[]): void {
  const stopped = stopRun(draft, task, "cancelled");
  moveTask(
    draft,
    { ...stopped, correlation: null, restarts: (task.restarts ?? 0) + 1 },
    {
      state: isUnderCritics(task) ? "verifying" : "queued",
      reasons: explainStops(stops),
      wakeAt: draft.now + QUEUE_POLL_MS,
      note: `Stopped by ${stops.map(({ by }) => by).join(", ")}`,
    },
  );
}

function showStops(draft: Draft, task: Task, stops: readonly Stop[]): void {
  const reasons = [...explainStops(stops), ...withoutStops(task)];
  if (textOf(reasons) !== textOf(task.reasons)) draft.saveTask({ ...task, reasons });
}

function textOf(reasons: Task["reasons"]): string {
  return reasons.map(({ message }) => message).join("\n");
}

function withoutStops({ reasons }: Task): Task["reasons"] {
  return reasons.filter(({ code }) => code !== "repository.stopped");
}

/** What the task knew may be out of date, so it is worked out again before anything is done with it. */
function releaseTask(draft: Draft, task: Task): void {
  if (isUnderCritics(task) && task.state === "verifying" && task.correlation === null) {
    // Where nothing else is known, the look says what holds; where it does, the stop must not be found again by it.
    const others = withoutStops(task);
    draft.saveTask({ ...task, reasons: others.length === 0 ? task.reasons : others, wakeAt: draft.now });
    draft.emit({ kind: "task.due", repo: draft.repo, taskId: task.id });
    return;
  }
  draft.saveTask({ ...task, reasons: withoutStops(task) });
  if (task.pull !== null && !isBetweenCommits(task)) judgeAgain(draft, task, task.pull.number);
}

function judgeAgain(draft: Draft, task: Task, pull: number): void {
  if (task.reasons.some(({ code }) => code === "merge.pending")) {
    const again = `Pull request #${pull}: verified again after the stop.`;
    moveTask(draft, task, {
      state: "verifying",
      reasons: [reason("checks.pending", again)],
      wakeAt: draft.now + PULL_POLL_MS,
    });
  }
  draft.emit({ kind: "pull.changed", repo: draft.repo, pull, action: "resumed", sender: task.requestedBy });
}
