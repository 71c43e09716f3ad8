import type { IssueNow, IssueOutcome, PullNow, ResultFile, RunNow } from "../facts.ts";
import type { Pull } from "../pull/pull.ts";
import type { Cost } from "../queue/cost/cost.ts";
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
  /** Who took the trigger label off it, where its history says so. */
  readonly unlabeledBy?: Actor;
}

/** An open pull request in GitHub's list: enough to see that something about it was not heard. */
export interface ListedPull {
  readonly number: number;
  readonly headSha: string;
  readonly headRef: string;
  readonly baseRef: string;
  readonly author: Actor;
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
  /** Files that a result names as evidence, and whether they are there at its base. */
  readonly evidence?: Readonly<Record<string, boolean>>;
  /** Whether any step of the run has begun; asked when that is overdue. */
  readonly hasBegun?: boolean;
  readonly pull?: PullNow | null;
  /** Whether the head that a webhook brings has a check of ours already; asked where no configuration is in force. */
  readonly isShown?: boolean;
  /** Why the pull request could not be read although it was tried for long. */
  readonly pullTrouble?: string;
  /** Null when the repository is gone or empty. */
  readonly facts?: BranchFacts | null;
  /** Null when the branch has the same files as the default one. */
  readonly branchFiles?: BranchFiles | null;
  /** Open pulls without a task that the store knows, for what concerns all of them. */
  readonly openPulls?: readonly Pull[];
  /** Every open pull request as GitHub lists them, found by the reconciliation; absent when there are too many. */
  readonly listedPulls?: readonly ListedPull[];
  readonly labeled?: readonly LabeledIssue[];
  /** Whether the repository has the trigger label at all. */
  readonly hasTrigger?: boolean;
  /** How the open dependencies of queued tasks stand now, by `owner/name#n`. */
  readonly outcomes?: ReadonlyMap<string, IssueOutcome>;
  readonly strayed?: readonly StrayedIssue[];
  /** Issues that were opened for the roadmap and that no task works on, as they are now; null for one that is gone. */
  readonly roadmapIssues?: ReadonlyMap<number, IssueNow | null>;
  /** Tasks that commands name, by issue number. */
  readonly targets?: ReadonlyMap<number, { readonly task: Task; readonly position: number | null }>;
  /** Issues of the tasks that a comment wants to let start or tried again, by number; null for one that is gone. */
  readonly texts?: ReadonlyMap<number, IssueNow | null>;
  /** What those of them depend on whose tasks take their text anew, by number. */
  readonly needs?: ReadonlyMap<number, readonly Dependency[]>;
  /** What the tasks of a week's report used in that week and in the one before. */
  readonly used?: { readonly week: Cost; readonly before: Cost };
  readonly history?: { readonly tasks: readonly Task[]; readonly attempts: readonly Attempt[] };
}
