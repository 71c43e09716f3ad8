import type { ReasonCode } from "../reasons.ts";
import { isPaused } from "../session/session.ts";
import { explainPause } from "../stop/explain-stop.ts";
import type { Task } from "../task/task.ts";
import type { Draft } from "./draft.ts";

/** Orders that were given, and are not carried out in a pause. */
const KEPT_BACK: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "publish.pending",
  "merge.pending",
  "critics.reverting",
]);

/**
 * In a pause a task whose publication or merge was ordered says that it waits for people, not for GitHub. Asked with every
 * event, so that it does not matter whether the order or the pause came first.
 */
export function heedPause(draft: Draft): void {
  const { stored } = draft.view.record;
  for (const task of draft.activeTasks()) {
    if (task.state !== "verifying") continue;
    const known = task.reasons.filter(isOfPause);
    const now = isKeptBack(draft, task) ? explainPause(stored.pausedBy) : [];
    if (textOf(known) === textOf(now)) continue;
    draft.saveTask({ ...task, reasons: [...now, ...task.reasons.filter((one) => !isOfPause(one))] });
  }
}

function isOfPause({ code }: Task["reasons"][number]): boolean {
  return code === "repository.paused";
}

function isKeptBack({ view }: Draft, { id, reasons }: Task): boolean {
  return isPaused(view.record.stored, id) && reasons.some(({ code }) => KEPT_BACK.has(code));
}

function textOf(reasons: Task["reasons"]): string {
  return reasons.map(({ message }) => message).join("\n");
}
