import type { Task } from "../task/task.ts";
import type { Draft } from "./draft.ts";

/** Tells queued tasks of this repository how an issue they wait for stands. */
export function settleDependency(
  draft: Draft,
  issue: number,
  state: Task["dependencies"][number]["state"],
): void {
  const ref = `${draft.repo.owner}/${draft.repo.name}#${issue}`.toLowerCase();
  for (const task of draft.queuedTasks()) {
    if (!task.dependencies.some((known) => known.ref.toLowerCase() === ref && known.state !== state))
      continue;
    const dependencies = task.dependencies.map((known) =>
      known.ref.toLowerCase() === ref ? { ...known, state } : known,
    );
    draft.saveTask({ ...task, dependencies });
  }
}
