import { missingLabelIssue } from "../../messages/missing-label.ts";
import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import { triggerLabel } from "../repository/repository-view.ts";
import { withHistory } from "./change-task.ts";

/**
 * The label that hands issues over may be renamed or deleted in the repository's settings. That takes it off every issue at
 * once, which is no word about any of them: their tasks go on, and people are told once, by an issue that is closed when
 * the label is back.
 */
export function noteTrigger(draft: Draft, renamedTo: string | null): void {
  const { hasTrigger } = draft.gathered;
  if (hasTrigger === undefined) return;
  if (hasTrigger) return noteReturn(draft);
  const kept = listLive(draft).filter((task) => task.trigger === "label");
  const label = triggerLabel(draft.view.config);
  for (const task of kept)
    keepTask(draft, task, "The repository has no trigger label any more: the task goes on");
  if (kept.length > 0 && draft.view.record.stored.missingLabel !== label)
    tell(draft, { label, renamedTo, issues: kept.map(({ issue }) => issue).toSorted((a, b) => a - b) });
}

/** Takes the label for gone without taking the work back; what stops the task from now on is a command. */
export function keepTask(draft: Draft, task: Task, why: string): void {
  draft.audit("task.kept", { taskId: task.id, data: { why } });
  draft.saveTask(withHistory({ ...task, trigger: "command" }, { at: draft.now, text: `${why}.`, url: null }));
}

/** Known tasks that have not ended. */
export function listLive(draft: Draft): readonly Task[] {
  return [...draft.activeTasks(), ...draft.queuedTasks()];
}

function tell(draft: Draft, facts: Parameters<typeof missingLabelIssue>[0]): void {
  const { stored, status } = draft.view.record;
  draft.saveRepository({ ...stored, missingLabel: facts.label }, status);
  draft.audit("label.missing", { data: { label: facts.label, renamedTo: facts.renamedTo } });
  draft.project(
    "label-issue",
    { kind: "issue", ...missingLabelIssue(facts), state: "open" },
    { subject: "label", taskId: null },
  );
}

function noteReturn(draft: Draft): void {
  const { stored, status } = draft.view.record;
  const { missingLabel, ...rest } = stored;
  if (missingLabel === undefined) return;
  draft.saveRepository(rest, status);
  draft.audit("label.returned", { data: { label: triggerLabel(draft.view.config) } });
  draft.project(
    "label-issue",
    {
      kind: "issue",
      ...missingLabelIssue({ label: missingLabel, renamedTo: null, issues: [] }),
      state: "absent",
    },
    { subject: "label", taskId: null },
  );
}
