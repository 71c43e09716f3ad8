import { kindOf, type RepositoryView } from "../../plan/repository/repository-view.ts";
import type { Task } from "../../task/task.ts";
import { type Area, areaOfGlob, areaOfPath } from "./areas.ts";

/** A task keeps no more paths than these. */
const MAX_TOUCHED = 200;

/**
 * Where in the tree a task works: what its issue and its entry in the roadmap say, else what its kind says; and the files that
 * its last published commit changed. Nothing means that it is not known.
 */
export function scopeOf(task: Task, { config, roadmap }: RepositoryView): readonly Area[] {
  const entry = roadmap?.tasks.find(({ id }) => id === task.roadmapId);
  const own = [...(task.paths ?? []), ...(entry?.paths ?? [])];
  const written = own.length > 0 ? own : (kindOf(config, task.kind)?.paths ?? []);
  return [...written.map(areaOfGlob), ...(task.touched ?? []).map(areaOfPath)];
}

/** The paths of a change as a task keeps them; of a very large one, the folders. */
export function keepTouched(paths: readonly string[]): readonly string[] {
  const files = [...new Set(paths)];
  if (files.length <= MAX_TOUCHED) return files;
  const folders = new Set(files.map((path) => path.slice(0, path.indexOf("/") + 1) || path));
  return [...folders].slice(0, MAX_TOUCHED);
}
