import type { IssueNow, IssueOutcome, PullNow, ResultFile, RunNow } from "../core/facts.ts";
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

/** Reading code and pull requests. */
export interface Code {
  /** Undefined when the repository is gone, empty or not visible. */
  branchFacts(repo: RepoRef, inForce?: TextsInForce): Promise<BranchFacts | undefined>;
  pull(repo: RepoRef, number: number, reports?: ReportsWanted | null): Promise<PullNow | undefined>;
  /** Problems of the configuration file at a commit that is not the default branch's; undefined when it has none. */
  fileAt(repo: RepoRef, sha: string, path: string): Promise<string | undefined>;
}

/** Reading workflow runs. */
export interface Runs {
  run(repo: RepoRef, runId: number): Promise<RunNow | undefined>;
  /** Runs whose title carries the correlation id, oldest first. */
  runsOf(repo: RepoRef, workflow: string, correlation: string, since: number): Promise<readonly RunNow[]>;
  resultFile(repo: RepoRef, runId: number): Promise<ResultFile>;
}

/** Doing things. One method: each effect has a row of its own behind it. */
export interface Effector {
  perform(job: OutboxJob): Promise<Settlement>;
}

/** What reconciliation and the delivery sweep need of the app itself. */
export interface AppAccess {
  /** Every repository the app may work on now. */
  repositories(): Promise<readonly RepoRef[]>;
  /** Asks for redelivery of failed deliveries newer than `since`, oldest first; returns how many and the new cursor. */
  redeliverFailed(since: number): Promise<{ readonly redelivered: number; readonly newest: number }>;
}
