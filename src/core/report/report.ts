import type { KnowledgeObject } from "../knowledge/knowledge.ts";
import type { ReasonCode } from "../reasons.ts";
import type { Phase } from "../roadmap/roadmap.ts";
import type { FailureClass, Priority } from "../task/task.ts";

/** A stretch of time, ms since epoch; `to` is outside. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The numbers of a week that are held against those of the week before. */
export interface Figures {
  readonly accepted: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Attempts that ended in the week. */
  readonly attempts: number;
  /** What runs took that ended in the week, whatever became of their tasks, so that no week counts another's. */
  readonly minutes: number;
  readonly usd: number;
  /** From label to done, of the accepted tasks; null when there are none. */
  readonly medianLeadMs: number | null;
}

export interface EndedTask {
  readonly issue: number;
  readonly title: string;
  readonly role: string;
  readonly state: "done" | "failed" | "cancelled";
  readonly endedAt: number;
  readonly pull: { readonly number: number; readonly sha: string } | null;
  readonly runUrl: string | null;
}

export type AttemptEnd = "PASS" | "FAIL" | "BLOCKED" | "stopped";

export interface StageTally {
  readonly stage: string;
  /** `stopped` is an attempt that ended without a verdict. */
  readonly ends: Readonly<Record<AttemptEnd, number>>;
  readonly total: number;
}

export interface AttemptLine {
  /** Null when the attempt's task is not among the given ones. */
  readonly issue: number | null;
  readonly stage: string;
  readonly number: number;
  readonly end: AttemptEnd;
  readonly runUrl: string | null;
  readonly endedAt: number;
}

export interface TestResults {
  readonly stages: readonly StageTally[];
  /** Newest first. */
  readonly attempts: readonly AttemptLine[];
  readonly failures: readonly { readonly failureClass: FailureClass; readonly attempts: number }[];
  /** Numbers of pull requests by their latest verdict. */
  readonly pulls: Readonly<Record<"PASS" | "FAIL" | "BLOCKED", readonly number[]>>;
  /** Gates that the last judgement of a task failed, worst first. */
  readonly gates: readonly { readonly gate: string; readonly issues: readonly number[] }[];
}

export interface MilestoneProgress {
  readonly title: string;
  readonly date: string | null;
  readonly done: number;
  readonly total: number;
  /** Issues of its tasks that were done in the week. */
  readonly issues: readonly number[];
}

/** What the app makes of the roadmap by itself. */
export interface RoadmapProgress {
  /** Issues that it opened and that are open, and how many may be. */
  readonly opened: readonly number[];
  readonly cap: number;
  /** Ids of tasks that are ready and have no issue yet, and how many wait for something. */
  readonly ready: readonly string[];
  readonly waiting: number;
  /** Ids of tasks that are done although the file does not say so yet. */
  readonly unwritten: readonly string[];
}

export interface RemainingRow {
  readonly priority: Priority;
  readonly running: number;
  readonly verifying: number;
  readonly blocked: number;
  readonly queued: number;
  readonly issues: readonly number[];
}

export interface Remaining {
  readonly rows: readonly RemainingRow[];
  readonly queueLength: number;
  /** Queued tasks beyond those that were looked at. */
  readonly unseen: number;
}

export interface Blocker {
  readonly code: ReasonCode;
  readonly issues: readonly number[];
}

export type RecommendationRule =
  | "repository-paused"
  | "budget-exhausted"
  | "week-spent"
  | "gate-failing"
  | "trouble"
  | "no-evidence"
  | "unblocks-most"
  | "longest-blocked";

/** Something to do, found by a rule; `count` and `issues` are the numbers that speak for it. */
export interface Recommendation {
  readonly rule: RecommendationRule;
  readonly count: number;
  readonly issues: readonly number[];
  /** A gate or a dependency by name; foreign text. */
  readonly subject: string | null;
  readonly since: number | null;
}

/** One ISO week of one repository in numbers; how it reads is decided elsewhere. */
export interface Report extends Span {
  readonly week: string;
  readonly now: number;
  readonly figures: Figures;
  readonly previous: Figures | null;
  readonly phase: Phase;
  readonly roles: readonly { readonly role: string; readonly tasks: number }[];
  /** Accepted first, then failed, then cancelled; each in the order of their ends. */
  readonly ended: readonly EndedTask[];
  readonly tests: TestResults;
  readonly milestones: readonly MilestoneProgress[];
  /** Null where no roadmap is in force. */
  readonly roadmap: RoadmapProgress | null;
  readonly feedback: {
    readonly approvals: readonly { readonly pull: number; readonly approvals: number }[];
    /** Issues of tasks that somebody cancelled. */
    readonly cancelled: readonly number[];
    /** Issues of tasks that are on hold now. */
    readonly held: readonly number[];
  };
  /** What tasks learned in the week, or learned again; the surest first. */
  readonly knowledge: readonly Pick<KnowledgeObject, "id" | "title" | "issue" | "seen">[];
  readonly remaining: Remaining;
  readonly blockers: readonly Blocker[];
  readonly recommendations: readonly Recommendation[];
}
