import type { ChangeSummary, TriedAttempt } from "../../task/earlier-attempts.ts";
import type { Task } from "../../task/task.ts";

/** How much is told beside the task's own text; less when there is no room for it. */
export interface BriefRoom {
  readonly gates: number;
  readonly files: number;
  readonly tried: number;
  readonly knowledge: number;
}

/** What the brief of a later attempt says of those before it, and where it has to stay. Data only, no sentence of ours. */
export interface Past {
  readonly tried?: readonly TriedAttempt[];
  readonly lastChange?: ChangeSummary;
  readonly focus?: {
    /** Gates that have to pass, those that failed last. */
    readonly mend: readonly string[];
    /** Files of the last change, and what the task's text names: nothing else is to be changed without need. */
    readonly stayIn: readonly string[];
    readonly changeNothingElse: true;
    /** How often the last failure came in a row, with the same figures: from two on, the way is wrong and not the detail. */
    readonly sameFailure: number;
  };
}

/** Nothing at the first attempt. */
export function describePast(task: Task, room: BriefRoom): Past {
  if (task.attempt === 1) return {};
  const { tried = [], lastChange } = task;
  const told = tried.slice(tried.length - Math.min(tried.length, room.tried));
  const mend = task.feedback.filter(({ verdict }) => verdict !== "PASS").map(({ gate }) => gate);
  return {
    ...(told.length > 0 && { tried: told }),
    ...(lastChange !== undefined && { lastChange: shorten(lastChange, room.files) }),
    ...(mend.length > 0 && { focus: focusOf(task, [...new Set(mend)], room) }),
  };
}

function focusOf(task: Task, mend: readonly string[], room: BriefRoom): NonNullable<Past["focus"]> {
  const files = (task.lastChange?.files ?? []).map(({ path }) => path);
  return {
    mend: mend.slice(0, room.gates),
    stayIn: [...new Set([...(task.paths ?? []), ...files])].slice(0, room.files),
    changeNothingElse: true,
    sameFailure: countSame(task.fingerprints),
  };
}

function countSame(fingerprints: readonly string[]): number {
  const last = fingerprints.at(-1);
  const others = fingerprints.findLastIndex((known) => known !== last);
  return fingerprints.length - 1 - others;
}

function shorten({ attempt, files, more }: ChangeSummary, most: number): ChangeSummary {
  const kept = files.slice(0, most);
  return { attempt, files: kept, more: more + files.length - kept.length };
}
