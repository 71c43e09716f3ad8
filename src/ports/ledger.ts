import type { Plan } from "../core/plan/plan.ts";
import type { RepositoryRecord } from "../core/plan/repository/repository.ts";
import type { Snapshot } from "../core/plan/snapshot.ts";
import type { Pull } from "../core/pull/pull.ts";
import type { Cost } from "../core/queue/cost/cost.ts";
import type { RepoRef } from "../core/repo.ts";
import type { Attempt } from "../core/task/attempt.ts";
import type { Task } from "../core/task/task.ts";
import type { InboxJob } from "./inbox.ts";

/** What an event is about; the snapshot's `focus` is found by it. */
export type Focus =
  | { readonly by: "issue"; readonly issue: number }
  | { readonly by: "pull"; readonly pull: number }
  | { readonly by: "sha"; readonly sha: string }
  | { readonly by: "correlation"; readonly correlation: string }
  | { readonly by: "run"; readonly runId: number }
  | { readonly by: "task"; readonly taskId: string }
  | { readonly by: "nothing" };

/** Tasks and everything about them, as handlers read and write it. */
export interface Ledger {
  /** Makes the repository known if it is not, and refreshes its names. */
  snapshot(repo: RepoRef, focus: Focus, weekStart: number): Promise<Snapshot>;
  /** The newest task of an issue with its 0-based place among the queued ones; for commands about other issues. */
  taskOfIssue(
    repoId: number,
    issue: number,
  ): Promise<{ readonly task: Task; readonly position: number | null } | null>;
  /**
   * Writes a plan and ends the job, in one transaction: domain rows, audit rows, effects with their outbox jobs, follow-up
   * events. Throws when the lease was lost; then nothing is written.
   */
  settle(job: InboxJob, plan: Plan): Promise<void>;
  /** Non-terminal tasks whose deadline has passed: the oldest of every repository, then the next of every repository. */
  dueTasks(
    now: number,
    limit: number,
  ): Promise<readonly { readonly repo: RepoRef; readonly taskId: string }[]>;
  /** Open pulls without a task whose deadline has passed; repositories take turns, each with its oldest first. */
  duePulls(now: number, limit: number): Promise<readonly { readonly repo: RepoRef; readonly pull: Pull }[]>;
  /** Open pulls without a task, the one that changed least recently first. */
  openPulls(repoId: number, limit: number): Promise<readonly Pull[]>;
  repositories(): Promise<readonly RepositoryRecord[]>;
  /** Tasks of a repository that changed since a moment, newest first, with their attempts: for reports. */
  tasksSince(
    repoId: number,
    since: number,
  ): Promise<{ readonly tasks: readonly Task[]; readonly attempts: readonly Attempt[] }>;
  /** Whether a projection of this key, such as `verify:<sha>`, was ever ordered. */
  isShown(repoId: number, key: string): Promise<boolean>;
  /** What tasks of a repository used on the UTC days that begin within a span; `to` is outside. */
  usageBetween(repoId: number, span: { readonly from: number; readonly to: number }): Promise<Cost>;
}
