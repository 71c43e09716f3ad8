import type { RepoRef } from "../repo.ts";
import { findNeeded } from "../roadmap/query-roadmap.ts";
import type { Roadmap } from "../roadmap/roadmap.ts";
import type { Task } from "../task/task.ts";

interface Surroundings {
  readonly repo: RepoRef;
  readonly roadmap: Roadmap | null;
  readonly doneRoadmapIds: readonly string[];
}

/**
 * A circle of issues of one repository that wait for each other and for this task, by what they or the roadmap say, edge by edge
 * from the task back to it; undefined when there is none among the given tasks.
 */
export function findCycle(
  task: Task,
  tasks: readonly Task[],
  around: Surroundings,
): readonly number[] | undefined {
  const { issues, roadmapIds } = openNeeds(task, around);
  if (issues.length + roadmapIds.length === 0) return undefined;
  const byIssue = new Map(tasks.map((known) => [known.issue, known]));
  const issueById = new Map(tasks.map(({ roadmapId, issue }) => [roadmapId, issue]));
  const seen = new Set<number>();
  const walk = (from: Task, path: readonly number[]): readonly number[] | undefined => {
    const needs = openNeeds(from, around);
    for (const issue of [...needs.issues, ...needs.roadmapIds.flatMap((id) => issueById.get(id) ?? [])]) {
      if (issue === task.issue) return [...path, issue];
      const next = byIssue.get(issue);
      if (next === undefined || seen.has(issue)) continue;
      seen.add(issue);
      const found = walk(next, [...path, issue]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(task, [task.issue]);
}

/** Issues of the same repository, and tasks of the roadmap, that a task waits for. */
function openNeeds(task: Task, { repo, roadmap, doneRoadmapIds }: Surroundings) {
  const prefix = `${repo.owner}/${repo.name}#`.toLowerCase();
  const issues = task.dependencies
    .filter(({ ref, state }) => state === "open" && ref.toLowerCase().startsWith(prefix))
    .map(({ ref }) => Number(ref.slice(prefix.length)));
  const needed = roadmap === null || task.roadmapId === null ? [] : findNeeded(roadmap, task.roadmapId);
  const roadmapIds = needed.map(({ id }) => id).filter((id) => !doneRoadmapIds.includes(id));
  return { issues, roadmapIds };
}
