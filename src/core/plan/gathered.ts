import type { IssueNow, IssueOutcome, PullNow, ResultFile, RunNow } from "../facts.ts";
import type { Actor, Permission } from "../repo.ts";
import type { Attempt } from "../task/attempt.ts";
import type { Dependency, Task } from "../task/task.ts";
import type { BranchFacts } from "./repository/repository.ts";

/** An open issue that carries the trigger label, with who labelled it; found by the reconciliation. */
export interface LabeledIssue {
  readonly issue: IssueNow;
  readonly labeledBy: Actor;
}

/** A live task's issue that is not among the open labelled ones; null when it is gone. */
export interface StrayedIssue {
  readonly number: number;
  readonly issue: IssueNow | null;
}

/** Configuration and roadmap of a branch that is not the default one; null where there is none. */
export interface BranchFiles {
  readonly config: string | null;
  readonly roadmap: string | null;
}

/** What was read from GitHub for one event. A key is absent when the event needs no such reading. */
export interface Gathered {
  /** Live permission of the event's sender. */
  readonly permission?: Permission;
  /** Null when the issue is gone. */
  readonly issue?: IssueNow | null;
  readonly dependencies?: readonly Dependency[];
  readonly run?: RunNow | null;
  readonly result?: ResultFile;
  readonly pull?: PullNow | null;
  /** Null when the repository is gone or empty. */
  readonly facts?: BranchFacts | null;
  /** Null when the branch has the same files as the default one. */
  readonly branchFiles?: BranchFiles | null;
  readonly labeled?: readonly LabeledIssue[];
  /** How the open dependencies of queued tasks stand now, by `owner/name#n`. */
  readonly outcomes?: ReadonlyMap<string, IssueOutcome>;
  readonly strayed?: readonly StrayedIssue[];
  /** Tasks that commands name, by issue number. */
  readonly targets?: ReadonlyMap<number, { readonly task: Task; readonly position: number | null }>;
  readonly history?: { readonly tasks: readonly Task[]; readonly attempts: readonly Attempt[] };
}
