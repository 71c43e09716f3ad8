import type { BranchRules } from "./branch-rules.ts";
import type { IssueEventRecord } from "./issue-event-record.ts";
import type { QueueEntry } from "./queue-entry.ts";
import type { User } from "./user.ts";

/** The records of the local GitHub, in GitHub's own words; presenters turn them into API answers and webhook payloads. */

/** A repository role as `role_name` shows it. */
export type Role = "none" | "read" | "triage" | "write" | "maintain" | "admin";

export interface Repo {
  readonly id: number;
  readonly owner: User;
  /** Id of the repository it was forked from, null for one of its own. */
  readonly parentId: number | null;
  name: string;
  private: boolean;
  archived: boolean;
  description: string | null;
  defaultBranch: string;
  readonly createdAt: Date;
  /** Path of the bare git repository on disk. */
  readonly gitDir: string;
  readonly roles: Map<number, Role>;
  /** Issues and pull requests share one sequence. */
  nextNumber: number;
  nextRunNumber: Map<string, number>;
  readonly labels: Map<string, Label>;
  readonly issues: Map<number, Issue>;
  /** Numbers of issues that were deleted; they answer 410. */
  readonly deletedIssues: Set<number>;
  /** Where issues that were transferred are now, by their number here. */
  readonly movedIssues: Map<number, { readonly repoId: number; readonly number: number }>;
  readonly pulls: Map<number, Pull>;
  readonly branchRules: Map<string, BranchRules>;
  readonly queue: QueueEntry[];
  readonly comments: Map<number, Comment>;
  readonly checkSuites: Map<number, CheckSuite>;
  readonly checkRuns: Map<number, CheckRun>;
  readonly statuses: CommitStatus[];
  readonly workflows: Map<string, Workflow>;
  readonly runs: Map<number, WorkflowRun>;
  readonly jobs: Map<number, WorkflowJob>;
  readonly artifacts: Map<number, Artifact>;
  readonly secrets: Map<string, string>;
  readonly variables: Map<string, string>;
}

export interface Label {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface Reaction {
  readonly id: number;
  readonly content: string;
  readonly user: User;
  readonly createdAt: Date;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  state: "open" | "closed";
  stateReason: "completed" | "not_planned" | "duplicate" | "reopened" | null;
  readonly user: User;
  readonly labels: Set<string>;
  readonly assignees: Set<number>;
  locked: boolean;
  lockReason: "off-topic" | "too heated" | "resolved" | "spam" | null;
  readonly reactions: Reaction[];
  /** What happened to it that its history shows, oldest first. */
  readonly events: IssueEventRecord[];
  /** Database ids of the issues that block this one. */
  readonly blockedBy: Set<number>;
  readonly createdAt: Date;
  updatedAt: Date;
  closedAt: Date | null;
  closedBy: User | null;
  /** Id of the app that opened it, null when a person did. */
  readonly appId: number | null;
  readonly isPull: boolean;
}

export interface Comment {
  readonly id: number;
  readonly issueNumber: number;
  body: string;
  readonly user: User;
  /** Id of the app that wrote it, null when a person did. */
  readonly appId: number | null;
  readonly reactions: Reaction[];
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface Pull {
  readonly id: number;
  readonly number: number;
  draft: boolean;
  headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  /** The repository may be gone: forks get deleted. */
  readonly headRepoId: number;
  readonly headOwner: User;
  merged: boolean;
  mergedAt: Date | null;
  mergedBy: User | null;
  mergeCommitSha: string | null;
  readonly reviews: Review[];
}

export interface Review {
  readonly id: number;
  readonly user: User;
  state: "PENDING" | "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED";
  body: string;
  readonly commitId: string;
  /** Null while only its author sees it. */
  submittedAt: Date | null;
}

export type Conclusion =
  | "action_required"
  | "cancelled"
  | "failure"
  | "neutral"
  | "success"
  | "skipped"
  | "stale"
  | "timed_out"
  | "startup_failure";

export interface CheckSuite {
  readonly id: number;
  readonly appId: number;
  readonly headSha: string;
  readonly headBranch: string | null;
  status: "queued" | "in_progress" | "completed";
  conclusion: Conclusion | null;
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface CheckRun {
  readonly id: number;
  readonly suiteId: number;
  readonly appId: number;
  name: string;
  readonly headSha: string;
  externalId: string | null;
  detailsUrl: string | null;
  status: "queued" | "in_progress" | "completed";
  conclusion: Conclusion | null;
  startedAt: Date;
  completedAt: Date | null;
  output: { title: string | null; summary: string | null; text: string | null };
  readonly annotations: Record<string, unknown>[];
  actions: { label: string; description: string; identifier: string }[];
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: "error" | "failure" | "pending" | "success";
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: User;
  readonly createdAt: Date;
}

export interface Workflow {
  readonly id: number;
  readonly path: string;
  name: string;
  state: "active" | "disabled_manually";
  readonly createdAt: Date;
}

export interface WorkflowRun {
  readonly id: number;
  readonly workflowId: number;
  readonly path: string;
  readonly name: string;
  /** The evaluated `run-name`. */
  readonly displayTitle: string;
  readonly event: string;
  readonly headBranch: string;
  readonly headSha: string;
  readonly runNumber: number;
  runAttempt: number;
  status: "queued" | "in_progress" | "completed" | "waiting" | "requested" | "pending";
  conclusion: Conclusion | null;
  readonly actor: User;
  readonly checkSuiteId: number;
  readonly inputs: Record<string, string>;
  /** The `github.event` object the run sees. */
  readonly eventPayload: Record<string, unknown>;
  readonly pullNumbers: readonly number[];
  readonly createdAt: Date;
  startedAt: Date;
  updatedAt: Date;
}

export interface WorkflowJob {
  readonly id: number;
  readonly runId: number;
  readonly runAttempt: number;
  readonly checkRunId: number;
  readonly name: string;
  status: "queued" | "in_progress" | "completed";
  conclusion: Conclusion | null;
  readonly createdAt: Date;
  startedAt: Date;
  completedAt: Date | null;
  readonly steps: JobStep[];
  log: string;
}

export interface JobStep {
  readonly name: string;
  readonly number: number;
  status: "queued" | "in_progress" | "completed";
  conclusion: Conclusion | null;
  startedAt: Date | null;
  completedAt: Date | null;
}

export interface Artifact {
  readonly id: number;
  readonly runId: number;
  readonly name: string;
  readonly zip: Uint8Array;
  readonly digest: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  expired: boolean;
}

/** The one GitHub App that the local GitHub knows. */
export interface AppRegistration {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly owner: User;
  /** The bot account that acts for the app: `slug[bot]`. */
  readonly bot: User;
  /** PEM of the public key that verifies the app's JWT. */
  readonly publicKey: string;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  readonly permissions: Readonly<Record<string, "read" | "write">>;
  readonly events: readonly string[];
  readonly createdAt: Date;
}

export interface Installation {
  readonly id: number;
  readonly account: User;
  readonly repositoryIds: Set<number>;
  suspendedAt: Date | null;
  readonly createdAt: Date;
}

/** One attempt to deliver a webhook; a redelivery is a new record with the same guid. */
export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly payload: string;
  readonly redelivery: boolean;
  deliveredAt: Date;
  durationMs: number;
  statusCode: number;
  status: string;
}
