import type { Event } from "../../events.ts";
import { UNKNOWN_ACTOR } from "../../repo.ts";
import type { Draft } from "../draft.ts";
import { followIssue, followPull, followTasks, noteWritten, startRecord } from "./follow-roadmap.ts";
import { orderIssues } from "./order-issues.ts";
import { projectUpdates } from "./project-updates.ts";
import { reachMilestones } from "./reach-milestones.ts";

/**
 * Keeps the roadmap and the world in step: ready tasks get their issue, and what is done comes back into the file. Asked with
 * every event, since anything may make a task ready or done.
 */
export function planRoadmap(draft: Draft, event: Event): void {
  const { roadmap, record } = draft.view;
  if (roadmap === null || record.status === "removed") return;
  emitUnheard(draft);
  const before = record.stored.roadmap;
  const followed = followTasks(draft, before ?? startRecord(draft, roadmap));
  const heard = followPull(followIssue(draft, followed, event), event);
  const known = noteWritten(heard, roadmap);
  const reached = reachMilestones(draft, known, roadmap);
  const ordered = record.status === "active" ? orderIssues(draft, reached, roadmap) : reached;
  const after = projectUpdates(draft, ordered, roadmap);
  if (after === before || JSON.stringify(after) === JSON.stringify(before)) return;
  draft.saveRepository({ ...draft.view.record.stored, roadmap: after }, draft.view.record.status);
}

/** Issues of the roadmap that were closed or deleted although no event said so. */
function emitUnheard(draft: Draft): void {
  for (const [issue, now] of draft.gathered.roadmapIssues ?? []) {
    const about = { repo: draft.repo, issue, sender: UNKNOWN_ACTOR };
    if (now === null) draft.emit({ kind: "issue.gone", ...about });
    else if (now.state === "closed") draft.emit({ kind: "issue.closed", ...about, reason: now.stateReason });
  }
}
