import type { RepoRef } from "../repo.ts";
import type { Task } from "../task/task.ts";

/**
 * A circle of issues of one repository that wait for each other and for this task, edge by edge from the task back to it;
 * undefined when there is none among the given tasks.
 */
export function findCycle(task: Task, tasks: readonly Task[], repo: RepoRef): readonly number[] | undefined {
  const byIssue = new Map(tasks.map((known) => [known.issue, known]));
  const seen = new Set<number>();
  const walk = (from: Task, path: readonly number[]): readonly number[] | undefined => {
    for (const issue of openDependencies(from, repo)) {
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

function openDependencies(task: Task, repo: RepoRef): readonly number[] {
  const prefix = `${repo.owner}/${repo.name}#`.toLowerCase();
  return task.dependencies
    .filter(({ ref, state }) => state === "open" && ref.toLowerCase().startsWith(prefix))
    .map(({ ref }) => Number(ref.slice(prefix.length)));
}
