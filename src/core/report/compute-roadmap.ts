import { type Phase, phases, type Roadmap, type RoadmapTask } from "../roadmap/roadmap.ts";
import type { Task } from "../task/task.ts";
import type { MilestoneProgress } from "./report.ts";
import { tally } from "./tally.ts";

/** Where the week's tasks stand in the life cycle: the phase of most of them, the earlier one of equals. */
export function findPhase(touched: readonly Task[], roadmap: Roadmap | null): Phase {
  const phaseOf = new Map((roadmap?.tasks ?? []).map((entry) => [entry.id, entry.phase]));
  const counts = tally(touched.flatMap((task) => phaseOf.get(task.roadmapId ?? "") ?? []));
  const most = counts[0]?.count;
  const winners = new Set(counts.filter(({ count }) => count === most).map(({ name }) => name));
  return phases.find((phase) => winners.has(phase)) ?? "build";
}

/** How far each milestone is; dropped tasks do not count. */
export function computeMilestones(facts: {
  readonly roadmap: Roadmap | null;
  readonly doneRoadmapIds: ReadonlySet<string>;
  /** Tasks that were done in the week. */
  readonly accepted: readonly Task[];
}): readonly MilestoneProgress[] {
  const { roadmap, doneRoadmapIds, accepted } = facts;
  if (roadmap === null) return [];
  const entries = Map.groupBy(
    roadmap.tasks.filter((entry) => entry.status !== "dropped"),
    (entry) => entry.milestone,
  );
  return roadmap.milestones.map((milestone) => {
    const own = entries.get(milestone.id) ?? [];
    const ids = new Set(own.map((entry) => entry.id));
    return {
      title: `${milestone.id}: ${milestone.title}`,
      date: milestone.date ?? null,
      done: own.filter((entry) => isDone(entry, doneRoadmapIds)).length,
      total: own.length,
      issues: accepted.filter((task) => ids.has(task.roadmapId ?? "")).map((task) => task.issue),
    };
  });
}

/** Done by the file's own word, or by a task of ours that the file does not know of yet. */
export function isDone(entry: RoadmapTask, doneRoadmapIds: ReadonlySet<string>): boolean {
  return entry.status === "done" || doneRoadmapIds.has(entry.id);
}
