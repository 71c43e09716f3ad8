import { allows } from "../../autonomy/autonomy.ts";
import { roadmapIssueText } from "../../messages/roadmap/roadmap-issue.ts";
import type { Roadmap } from "../../roadmap/roadmap.ts";
import { findEntry, type RoadmapRecord, withEntry } from "../../roadmap/roadmap-record.ts";
import type { Draft } from "../draft.ts";
import { triggerLabel } from "../repository/repository-view.ts";
import { listReady, type RoadmapStanding } from "./explain-roadmap.ts";

const OCCUPYING: ReadonlySet<string> = new Set(["ordered", "open", "active", "stopped"]);

/** How many issues of the app's own are open for the roadmap. */
export function countOpen({ entries }: RoadmapRecord): number {
  return Object.values(entries).filter(({ isOpened, state }) => isOpened && OCCUPYING.has(state)).length;
}

/** Orders an issue for what is ready, as many as may be open at once. Each task of the roadmap gets one, ever. */
export function orderIssues(draft: Draft, record: RoadmapRecord, roadmap: Roadmap): RoadmapRecord {
  const { config } = draft.view;
  if (config === null || config.mode !== "active" || draft.stops().length > 0) return record;
  const room = config.roadmapIssues.open - countOpen(record);
  if (room <= 0) return record;
  return listReady(draft, record, roadmap)
    .slice(0, room)
    .reduce((known, standing) => orderIssue(draft, known, standing), record);
}

function orderIssue(
  draft: Draft,
  record: RoadmapRecord,
  { task, autonomy, role }: RoadmapStanding,
): RoadmapRecord {
  const tries = (findEntry(record, task.id)?.tries ?? 0) + 1;
  const trigger = triggerLabel(draft.view.config);
  const isHandedOver = allows(autonomy, "draft-pr");
  draft.act(
    `roadmap-issue:${task.id}:${tries}`,
    {
      kind: "open-issue",
      about: `roadmap:${task.id}`,
      ...roadmapIssueText(task, isHandedOver ? null : trigger),
      label: isHandedOver ? trigger : null,
      role,
    },
    { subject: `roadmap-issue:${task.id}`, taskId: null },
  );
  draft.audit("roadmap.issue-ordered", { data: { roadmapId: task.id, autonomy, tries } });
  return withEntry(record, task.id, { issue: null, isOpened: true, state: "ordered", tries, refusal: null });
}
