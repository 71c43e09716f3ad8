import type { IssueNow } from "../../facts.ts";
import { UNKNOWN_ACTOR } from "../../repo.ts";
import type { Draft } from "../draft.ts";
import { settleKind } from "../events/plan-intake.ts";
import { triggerLabel } from "../repository/repository-view.ts";
import { keepTask, listLive, noteTrigger } from "./note-trigger.ts";
import { settleReference } from "./settle-dependency.ts";

/** Makes up for whatever events did not say: kinds, dependencies, issues that came, went or were closed. */
export function reconcileTasks(draft: Draft): void {
  settleQueued(draft);
  emitMissed(draft);
  noteTrigger(draft, null);
  emitStrayed(draft);
}

/** Tells queued tasks what kind they are, by the configuration in force, and how that stands what they wait for, as it was read. */
export function settleQueued(draft: Draft): void {
  for (const task of draft.queuedTasks()) {
    const settled = settleKind(draft, task);
    if (settled !== task) draft.saveTask(settled);
  }
  for (const [ref, state] of draft.gathered.outcomes ?? []) settleReference(draft, ref, state);
}

/** Issues that carry the label although no task knows them: their event was lost, so it is made up for (F024). */
function emitMissed(draft: Draft): void {
  const label = triggerLabel(draft.view.config);
  const live = new Set(listLive(draft).map((task) => task.issue));
  for (const { issue, labeledBy } of draft.gathered.labeled ?? []) {
    if (live.has(issue.number)) continue;
    draft.emit({
      kind: "issue.labeled",
      repo: draft.repo,
      issue: issue.number,
      sender: labeledBy,
      label,
      text: { title: issue.title, body: issue.body, labels: issue.labels },
      isPull: false,
    });
  }
}

/** Issues of live tasks that were closed, unlabelled or deleted although no event said so. */
function emitStrayed(draft: Draft): void {
  const label = triggerLabel(draft.view.config);
  for (const { number, issue, unlabeledBy } of draft.gathered.strayed ?? []) {
    const about = { repo: draft.repo, issue: number, sender: UNKNOWN_ACTOR };
    if (issue === null) draft.emit({ kind: "issue.gone", ...about });
    else if (issue.state === "closed")
      draft.emit({ kind: "issue.closed", ...about, reason: issue.stateReason });
    else if (hasLabel(issue, label)) continue;
    else if (unlabeledBy !== undefined)
      draft.emit({ kind: "issue.unlabeled", ...about, sender: unlabeledBy, label, isPull: false });
    else keepUnlabeled(draft, number);
  }
}

function hasLabel({ labels }: IssueNow, label: string): boolean {
  return labels.some((known) => known.toLowerCase() === label.toLowerCase());
}

/**
 * The label is not on the issue, but nobody took it off: it was deleted or renamed for the whole repository, or another
 * one was configured. That takes no work back (F103).
 */
function keepUnlabeled(draft: Draft, issue: number): void {
  const task = listLive(draft).find((known) => known.issue === issue && known.trigger === "label");
  if (task === undefined) return;
  keepTask(draft, task, "The label is gone from the issue, though nobody took it off: the task goes on");
}
