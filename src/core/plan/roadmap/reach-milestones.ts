import type { Roadmap, RoadmapTask } from "../../roadmap/roadmap.ts";
import { findEntry, type RoadmapRecord } from "../../roadmap/roadmap-record.ts";
import type { Draft } from "../draft.ts";

/** The tasks of a milestone, without those that were dropped. */
export function tasksOf({ tasks }: Roadmap, milestone: string): readonly RoadmapTask[] {
  return tasks.filter((task) => task.milestone === milestone && task.status !== "dropped");
}

/** A milestone without tasks is a date, and nothing that is reached. */
export function isReached(roadmap: Roadmap, record: RoadmapRecord, milestone: string): boolean {
  const tasks = tasksOf(roadmap, milestone);
  return tasks.length > 0 && tasks.every((task) => isDone(task, record));
}

function isDone({ id, status }: RoadmapTask, record: RoadmapRecord): boolean {
  return status === "done" || findEntry(record, id)?.state === "done";
}

/** Notes milestones that are reached, each once. One that is taken back before it was told is forgotten again. */
export function reachMilestones(draft: Draft, record: RoadmapRecord, roadmap: Roadmap): RoadmapRecord {
  const kept = Object.entries(record.milestones).filter(
    ([id, { isTold }]) => isTold || isReached(roadmap, record, id),
  );
  const known = new Set(kept.map(([id]) => id));
  const fresh = roadmap.milestones.filter(({ id }) => !known.has(id) && isReached(roadmap, record, id));
  if (fresh.length === 0 && kept.length === Object.keys(record.milestones).length) return record;
  for (const { id, title } of fresh) {
    const tasks = tasksOf(roadmap, id).map((task) => task.id);
    draft.audit("milestone.reached", { data: { milestone: id, title, tasks } });
  }
  const added = fresh.map(({ id }) => [id, { at: draft.now, isTold: false }] as const);
  return { ...record, milestones: Object.fromEntries([...kept, ...added]) };
}
