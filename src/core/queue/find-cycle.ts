import type { RepoRef } from "../repo.ts";
import { findNeeded } from "../roadmap/query-roadmap.ts";
import type { Roadmap } from "../roadmap/roadmap.ts";
import type { Task } from "../task/task.ts";

interface Surroundings {
  readonly repo: RepoRef;
  readonly roadmap: Roadmap | null;
  readonly doneRoadmapIds: ReadonlySet<string>;
}

/**
 * A circle of issues of one repository that wait for each other and for this task, by what they or the roadmap say, edge by edge
 * from the task back to it; undefined when there is none among the tasks it is looked for in.
 */
export type FindCycle = (task: Task) => readonly number[] | undefined;

/** Prepares looking for circles among tasks, once for all that are asked about. */
export function cyclesAmong(tasks: readonly Task[], around: Surroundings): FindCycle {
  const issueById = new Map(tasks.map(({ roadmapId, issue }) => [roadmapId, issue]));
  const listNeeds = (task: Task): readonly number[] => [
    ...openIssues(task, around),
    ...openRoadmapIds(task, around).flatMap((id) => issueById.get(id) ?? []),
  ];
  const needsOf = new Map(tasks.map((known) => [known.issue, listNeeds(known)]));
  return (task) => walk([task.issue], listNeeds(task), { needsOf, seen: new Set() });
}

interface Walk {
  readonly needsOf: ReadonlyMap<number, readonly number[]>;
  readonly seen: Set<number>;
}

/** Goes on along what the end of a path waits for, until that is the path's beginning. */
function walk(
  path: readonly number[],
  needs: readonly number[],
  { needsOf, seen }: Walk,
): readonly number[] | undefined {
  for (const issue of needs) {
    if (issue === path[0]) return [...path, issue];
    if (seen.has(issue)) continue;
    seen.add(issue);
    const found = walk([...path, issue], needsOf.get(issue) ?? [], { needsOf, seen });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Issues of the same repository that a task waits for. */
function openIssues(task: Task, { repo }: Surroundings): readonly number[] {
  const prefix = `${repo.owner}/${repo.name}#`.toLowerCase();
  return task.dependencies
    .filter(({ ref, state }) => state === "open" && ref.toLowerCase().startsWith(prefix))
    .map(({ ref }) => Number(ref.slice(prefix.length)));
}

/** Tasks of the roadmap that a task waits for. */
function openRoadmapIds(task: Task, { roadmap, doneRoadmapIds }: Surroundings): readonly string[] {
  const needed = roadmap === null || task.roadmapId === null ? [] : findNeeded(roadmap, task.roadmapId);
  return needed.map(({ id }) => id).filter((id) => !doneRoadmapIds.has(id));
}
