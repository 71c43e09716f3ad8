import type { Outcome } from "../core/effects.ts";
import type { IssueNow, IssueOutcome, PullNow, ResultFile, RunNow } from "../core/facts.ts";
import type { ListedPull } from "../core/plan/gathered.ts";
import type { BranchFacts } from "../core/plan/repository/repository.ts";
import type { Actor, Permission, RepoRef } from "../core/repo.ts";
import type { OutboxJob, Settlement } from "./outbox.ts";

/** Reading people and issues. */
export interface Issues {
  permissionOf(repo: RepoRef, login: string): Promise<Permission>;
  /** Undefined when the issue is deleted, transferred or not visible. */
  issue(repo: RepoRef, number: number): Promise<IssueNow | undefined>;
  /** Issues that block this one, natively declared; `owner/name#n` with their state. */
  blockedBy(
    repo: RepoRef,
    number: number,
  ): Promise<readonly { readonly ref: string; readonly state: IssueOutcome }[]>;
  /** State of any issue or pull request that is named, also of another repository; `unknown` when it cannot be read. */
  stateOf(repo: RepoRef, ref: string): Promise<IssueOutcome>;
  /** Who put the label on the issue last; undefined when GitHub does not say. */
  labeledBy(repo: RepoRef, issue: number, label: string): Promise<Actor | undefined>;
  /** Who took the label off the issue, when that is the last that its history says of the label. */
  unlabeledBy(repo: RepoRef, issue: number, label: string): Promise<Actor | undefined>;
  /** Whether the repository has a label of this name, on whatever issue or on none. */
  hasLabel(repo: RepoRef, label: string): Promise<boolean>;
  openIssuesWithLabel(repo: RepoRef, label: string): Promise<readonly IssueNow[]>;
}

/** Texts that stay in force while the branch holds broken ones, so that what they name is still read. */
export interface TextsInForce {
  readonly configText: string | null;
  readonly roadmapText: string | null;
}

/** Reports that are read with a pull request, when the checks that count have ended. */
export interface ReportsWanted {
  readonly artifact: string;
  readonly files: readonly { readonly format: string; readonly path: string }[];
  /** Names of the checks that count; none means every check. */
  readonly checks: readonly string[];
}

/** What is read of a pull request beside itself, its files and its checks; each costs requests. */
export interface PullWanted {
  /** Null when no reports are configured or the head is not going to be judged. */
  readonly reports: ReportsWanted | null;
  /** Approving reviews. */
  readonly reviews: boolean;
  /** Issues that its text closes. */
  readonly closes: boolean;
  /** `CODEOWNERS` and its teams. */
  readonly owners: boolean;
}

/** The commit of a merge queue, as its webhook names it. */
export interface GroupRef {
  readonly number: number;
  readonly sha: string;
  readonly headRef: string;
  readonly baseRef: string;
  readonly baseSha: string;
}

/** Reading code and pull requests. */
export interface Code {
  /** Undefined when the repository is gone, empty or not visible. */
  branchFacts(repo: RepoRef, inForce?: TextsInForce): Promise<BranchFacts | undefined>;
  pull(repo: RepoRef, number: number, wanted: PullWanted): Promise<PullNow | undefined>;
  /** The commit of a merge queue in the shape of a pull request; undefined when it is gone. */
  group(repo: RepoRef, group: GroupRef, wanted: PullWanted): Promise<PullNow | undefined>;
  /** Every open pull request; undefined when there are more than are read. */
  openPulls(repo: RepoRef): Promise<readonly ListedPull[] | undefined>;
  /** Problems of the configuration file at a commit that is not the default branch's; undefined when it has none. */
  fileAt(repo: RepoRef, sha: string, path: string): Promise<string | undefined>;
}

/** Reading workflow runs. */
export interface Runs {
  run(repo: RepoRef, runId: number): Promise<RunNow | undefined>;
  /** Runs whose title carries the correlation id, oldest first. */
  runsOf(repo: RepoRef, workflow: string, correlation: string, since: number): Promise<readonly RunNow[]>;
  resultFile(repo: RepoRef, runId: number): Promise<ResultFile>;
  /** Whether any step of any of its jobs has begun. */
  hasBegun(repo: RepoRef, runId: number): Promise<boolean>;
}

/** Why nothing may be written at this moment, and when to ask again; undefined means that it may. */
export type FindObstacle = () => Promise<Extract<Outcome, { readonly kind: "later" }> | undefined>;

/** Doing things. One method: each effect has a row of its own behind it. */
export interface Effector {
  /**
   * `findObstacle` is asked before every single request that writes, however often it is sent: an effect of many requests stops
   * between two of them, and is found half done and ended later.
   */
  perform(job: OutboxJob, findObstacle?: FindObstacle): Promise<Settlement>;
}

/** What reconciliation and the delivery sweep need of the app itself. */
export interface AppAccess {
  /** Every repository the app may work on now. */
  repositories(): Promise<readonly RepoRef[]>;
  /** Asks for redelivery of failed deliveries newer than `since`, oldest first; returns how many and the new cursor. */
  redeliverFailed(since: number): Promise<{ readonly redelivered: number; readonly newest: number }>;
}
