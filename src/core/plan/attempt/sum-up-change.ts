import type { WorkerResult } from "../../evidence/worker-result.ts";
import type { ChangedFile } from "../../facts.ts";
import type { ChangeSummary } from "../../task/earlier-attempts.ts";
import type { Task } from "../../task/task.ts";

const MAX_FILES = 30;
const MAX_PATH_CHARS = 200;

type File = ChangeSummary["files"][number];

/** The task with what its pull request changes, as GitHub compares it with the base. */
export function keepPullChange(task: Task, files: readonly ChangedFile[] | null): Task {
  if (files === null) return task;
  const listed = files.map(
    ({ path, status, additions, deletions }): File => ({
      path,
      change: status,
      added: additions,
      removed: deletions,
    }),
  );
  return keep(task, listed);
}

/** The task with what a worker's answer would change; without any, what was known stays. */
export function keepResultChange(task: Task, result: WorkerResult | null): Task {
  if (result === null || result.changes.length === 0) return task;
  const listed = result.changes.map(
    ({ path, contentBase64 }): File => ({
      path,
      change: contentBase64 === null ? "removed" : "written",
      added: null,
      removed: null,
    }),
  );
  return keep(task, listed);
}

function keep(task: Task, listed: readonly File[]): Task {
  const files = listed.filter(({ path }) => isPlain(path)).slice(0, MAX_FILES);
  return { ...task, lastChange: { attempt: task.attempt, files, more: listed.length - files.length } };
}

/** Git allows nearly any name; one that people could not read on one line says nothing to a worker either. */
function isPlain(path: string): boolean {
  return path.length <= MAX_PATH_CHARS && path.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(path);
}
