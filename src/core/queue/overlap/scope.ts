import { kindOf, type RepositoryView } from "../../plan/repository/repository-view.ts";
import type { Task } from "../../task/task.ts";
import { type Area, areaOfGlob, areaOfPath } from "./areas.ts";

/** A task keeps no more paths than these. */
const MAX_TOUCHED = 200;

/** Every task of the queue is held against every one that is under way, and their lists stay the same meanwhile. */
const KNOWN = new WeakMap<readonly string[], readonly Area[]>();

/**
 * Where in the tree a task works: what its issue and its entry in the roadmap say, else what its kind says; and the files that
 * its last published commit changed. Nothing means that it is not known.
 */
export function scopeOf(task: Task, { config, roadmap }: RepositoryView): readonly Area[] {
  const entry = task.roadmapId === null ? undefined : roadmap?.tasks.find(({ id }) => id === task.roadmapId);
  const own = [...areasOf(task.paths, areaOfGlob), ...areasOf(entry?.paths, areaOfGlob)];
  const written = own.length > 0 ? own : areasOf(kindOf(config, task.kind)?.paths, areaOfGlob);
  return [...written, ...areasOf(task.touched, areaOfPath)];
}

function areasOf(paths: readonly string[] | undefined, read: (path: string) => Area): readonly Area[] {
  if (paths === undefined) return [];
  const known = KNOWN.get(paths) ?? paths.map(read);
  KNOWN.set(paths, known);
  return known;
}

/** The paths of a change as a task keeps them; of a very large one, the folders. */
export function keepTouched(paths: readonly string[]): readonly string[] {
  const files = [...new Set(paths)];
  if (files.length <= MAX_TOUCHED) return files;
  const folders = new Set(files.map((path) => path.slice(0, path.indexOf("/") + 1) || path));
  return [...folders].slice(0, MAX_TOUCHED);
}
