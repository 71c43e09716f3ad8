import type { Roadmap, RoadmapTask } from "./roadmap.ts";

/** The task an issue is about: the one whose id its title begins with, bare or in brackets. */
export function findRoadmapTask(
  roadmap: Roadmap,
  { title }: { readonly title: string },
): RoadmapTask | undefined {
  const token = /^\s*[[(]?([A-Za-z0-9][A-Za-z0-9._-]*)/.exec(title)?.[1];
  if (token === undefined) return undefined;
  const spellings = [token, token.replace(/[._-]+$/, "")];
  return roadmap.tasks.find((task) => spellings.includes(task.id));
}

/** Whether the task, or an open one that depends on it however indirectly, is marked `revenue`. */
export function isOnRevenuePath(roadmap: Roadmap, id: string): boolean {
  const task = roadmap.tasks.find((candidate) => candidate.id === id);
  return task?.revenue === true || openDependents(roadmap, id).some((dependent) => dependent.revenue);
}

/** How many open tasks wait for this one, however indirectly. */
export function countUnblocked(roadmap: Roadmap, id: string): number {
  return openDependents(roadmap, id).length;
}

/** By the roadmap, which nobody changes: circles are looked for along many of its tasks. */
const knownTasks = new WeakMap<Roadmap, ReadonlyMap<string, RoadmapTask>>();

/** The open tasks of the roadmap that one of them depends on directly. */
export function findNeeded(roadmap: Roadmap, id: string): readonly RoadmapTask[] {
  const byId = knownTasks.get(roadmap) ?? new Map(roadmap.tasks.map((task) => [task.id, task]));
  knownTasks.set(roadmap, byId);
  return (byId.get(id)?.dependsOn ?? []).flatMap((needed) => {
    const task = byId.get(needed);
    return task === undefined || !isOpen(task) ? [] : [task];
  });
}

function isOpen({ status }: RoadmapTask): boolean {
  return status === "todo" || status === "in-progress";
}

type Dependents = ReadonlyMap<string, readonly { readonly task: RoadmapTask }[]>;

/** By the roadmap, which nobody changes: every task of a large one asks for them. */
const knownDependents = new WeakMap<Roadmap, Dependents>();

function dependentsIn(roadmap: Roadmap): Dependents {
  const known = knownDependents.get(roadmap);
  if (known !== undefined) return known;
  const open = roadmap.tasks.filter(isOpen);
  const dependents = Map.groupBy(
    open.flatMap((task) => task.dependsOn.map((needed) => ({ needed, task }))),
    ({ needed }) => needed,
  );
  knownDependents.set(roadmap, dependents);
  return dependents;
}

function openDependents(roadmap: Roadmap, id: string): readonly RoadmapTask[] {
  const dependents = dependentsIn(roadmap);
  const found = new Set<RoadmapTask>();
  const queue = [id];
  for (const needed of queue) {
    for (const { task } of dependents.get(needed) ?? []) {
      if (found.has(task)) continue;
      found.add(task);
      queue.push(task.id);
    }
  }
  return [...found];
}
