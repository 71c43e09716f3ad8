import type { Pull } from "../pull/pull.ts";
import type { Attempt } from "../task/attempt.ts";
import { isTerminal, type Task } from "../task/task.ts";
import type { RepositoryRecord } from "./repository/repository.ts";

/** What the store knows that a plan may need; one repository, at one moment, bounded in size. */
export interface Snapshot {
  readonly repository: RepositoryRecord;
  /** Every task that is neither queued nor terminal. */
  readonly active: readonly Task[];
  /** Queued tasks in rank order: the first of each sort, of which `frontOf` tells. */
  readonly queue: readonly Task[];
  /** Queued tasks whose pull request is open, those beyond `queue` included: they go on standing for their commit. */
  readonly queuedPulls: readonly Task[];
  readonly queueLength: number;
  /** The newest task of the event's issue, pull request, run or id, whatever its state. */
  readonly focus: Task | null;
  /** Queued tasks ranked before `focus`; null when it is not queued. */
  readonly focusPosition: number | null;
  /** Attempts in flight of the active tasks, and all attempts of `focus`. */
  readonly attempts: readonly Attempt[];
  /**
   * Pulls without a task: those that the event is about, the open ones with the same head, and the merge groups that these or
   * the pull request of `focus` are in.
   */
  readonly pulls: readonly Pull[];
  /** Roadmap ids whose task is done, among those that the roadmap names. */
  readonly doneRoadmapIds: readonly string[];
  /** What tasks of this repository used since the beginning of the ISO week (UTC). */
  readonly weekUsage: { readonly minutes: number; readonly usd: number };
}

/** The task that an event is about, unless it has ended. */
export function liveFocus({ focus }: Snapshot): Task | null {
  return focus === null || isTerminal(focus) ? null : focus;
}
