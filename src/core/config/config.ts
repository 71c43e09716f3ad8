import type { Autonomy } from "../autonomy/autonomy.ts";
import type { FindingLevel } from "../evidence/reports/report.ts";

/** The configuration as the rest of the program reads it: complete, normalised, checked. */
export interface Config {
  readonly version: 1;
  readonly mode: "active" | "shadow";
  readonly autonomy: Autonomy;
  /** People let each task start and merge, and no text of the repository is shown anywhere else. */
  readonly governed: boolean;
  readonly label: string;
  readonly limits: Limits;
  readonly roles: Readonly<Record<string, Role>>;
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly gates: GatesConfig;
  /** Lower ceilings for parts of the tree; the lowest that matches counts. */
  readonly ceilings: readonly Ceiling[];
  /** Times in which something must not happen. */
  readonly windows: readonly Window[];
  /** The run that looks at the default branch after a merge of the app's; undefined when there is none. */
  readonly critics: Critics | undefined;
  readonly breaker: BreakerConfig;
  readonly knowledge: KnowledgeConfig;
  readonly reports: { readonly weekly: WeeklyReport | undefined };
  /** Path of the roadmap file, from the root of the repository. */
  readonly roadmap: string | undefined;
  readonly roadmapIssues: RoadmapIssues;
  readonly roadmapUpdates: RoadmapUpdates;
  /** Ids of the bot accounts whose events count like a person's. */
  readonly allowedBots: readonly number[];
}

/** Whether tasks are told what others learned. */
export interface KnowledgeConfig {
  readonly brief: boolean;
}

export interface Limits {
  readonly running: number;
  readonly perTeam: Readonly<Record<string, number>>;
  readonly openPulls: number;
  readonly minutesPerWeek: number | undefined;
  readonly usdPerWeek: number | undefined;
  readonly minutesPerTask: number | undefined;
  readonly usdPerTask: number | undefined;
}

export interface Role {
  readonly name: string;
  readonly team: string;
  readonly workflow: string | undefined;
  /** Whose model does its work; its troubles count for all roles of the same one. */
  readonly provider: string | undefined;
  /** The role that takes over while this one cannot work. */
  readonly backup: string | undefined;
  /** Prefix of the branches its pull requests come from, with the closing slash. */
  readonly branch: string;
  readonly attempts: number;
  readonly timeoutMs: number;
  readonly autonomy: Autonomy | undefined;
  readonly minutesPerWeek: number | undefined;
  readonly usdPerWeek: number | undefined;
}

export interface Ceiling {
  readonly paths: readonly string[];
  readonly autonomy: Autonomy;
}

/** From each moment that `starts` (five-field cron) names, for `lastsMs`, what `stops` names does not happen. */
export interface Window {
  readonly name: string;
  readonly starts: string;
  readonly timezone: string;
  readonly lastsMs: number;
  readonly stops: readonly ("dispatch" | "merge")[];
}

export interface Critics {
  readonly workflow: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly accept: readonly Acceptance[];
  readonly timeoutMs: number;
}

/** After `failures` troubles in a row nothing more is started for `pauseMs`; then one attempt is let through as a probe. */
export interface BreakerConfig {
  readonly failures: number;
  readonly pauseMs: number;
}

export interface Kind {
  readonly name: string;
  /** Whether a change of documents alone is what its tasks ask for. */
  readonly documentation: boolean;
  readonly match: { readonly labels: readonly string[] };
  /** Globs of what its tasks work on, where neither issue nor roadmap says more. */
  readonly paths: readonly string[];
  /** What the issue has to have before work starts. */
  readonly needs: readonly Need[];
  readonly role: string;
  readonly stages: readonly Stage[];
}

export const NEEDS = ["description", "acceptance", "paths"] as const;
export type Need = (typeof NEEDS)[number];

export interface Stage {
  readonly name: string;
  readonly workflow: string;
  /** One value per attempt; the last repeats. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  readonly accept: readonly Acceptance[];
  readonly timeoutMs: number;
}

/** A metric of the result that has to lie within bounds for every sample matching `where`. */
export interface Acceptance {
  readonly metric: string;
  readonly where: Readonly<Record<string, string>>;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Bounds that a value must not reach. */
  readonly above: number | undefined;
  readonly below: number | undefined;
  readonly minSamples: number | undefined;
}

/** A metric that a pull request reports, held against bounds and against the same metric of its base. */
export interface MetricGate extends Acceptance {
  /** Which way is better; undefined when it is not compared with the base. */
  readonly better: "higher" | "lower" | undefined;
  /** How much worse than at the base it may be: in its own unit, and in percent of the base. */
  readonly maxWorse: number | undefined;
  readonly maxWorsePercent: number | undefined;
}

export interface GatesConfig {
  /** An empty list of required checks means every check on the head. */
  readonly checks: { readonly required: readonly string[] };
  readonly paths: { readonly allow: readonly string[]; readonly protect: readonly string[] };
  readonly size: { readonly files: number; readonly lines: number };
  readonly assertions: boolean;
  /** Read only where the autonomy is `merge-with-approval`. */
  readonly approvals: number;
  /** People's own pull requests; `verify: false` gives them a neutral check. */
  readonly people: PeopleConfig;
  /** Whether whoever `CODEOWNERS` names has to approve the commit. */
  readonly owners: boolean;
  readonly integrity: IntegrityConfig;
  readonly metrics: readonly MetricGate[];
  readonly evidence: { readonly artifacts: readonly string[] };
  readonly reports?: ReportsConfig;
  /** There when a test report is listed; so are the two below for their kinds of reports. */
  readonly tests?: { readonly newlySkipped: number; readonly lost: number };
  readonly findings?: { readonly level: FindingLevel; readonly new: number };
  readonly coverage?: CoverageConfig;
}

export interface PeopleConfig {
  readonly verify: boolean;
  readonly approvals: number;
  /** Globs of branch names; none allows every name. */
  readonly branches: readonly string[];
  /** Whether the text has to close an issue of the repository. */
  readonly linkedIssue: boolean;
}

/** Changes of what proves the work need a person; `evaluation` are globs of scripts and data that metrics come from. */
export interface IntegrityConfig {
  readonly enabled: boolean;
  readonly evaluation: readonly string[];
}

/** The reports of a commit: files of an artifact that a workflow run of it uploaded. */
export interface ReportsConfig {
  readonly artifact: string;
  readonly files: readonly { readonly format: string; readonly path: string }[];
}

/** Percent and points, for each measure that is judged. */
export type CoverageConfig = Readonly<Partial<Record<"lines" | "branches", CoverageLimits>>>;

export interface CoverageLimits {
  readonly min: number | undefined;
  readonly maxDrop: number | undefined;
  readonly changedMin: number | undefined;
}

/** How many issues that the app opened for the roadmap may be open at once. */
export interface RoadmapIssues {
  readonly open: number;
}

/** What is written back into the roadmap, and the file that is told of milestones. */
export interface RoadmapUpdates {
  readonly pullRequest: boolean;
  readonly context: string | undefined;
}

export interface WeeklyReport {
  readonly issue: number;
  readonly cron: string;
  readonly timezone: string;
}
