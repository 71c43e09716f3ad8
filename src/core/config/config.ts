import type { Autonomy } from "../autonomy/autonomy.ts";
import type { FindingLevel } from "../evidence/reports/report.ts";

/** The configuration as the rest of the program reads it: complete, normalised, checked. */
export interface Config {
  readonly version: 1;
  readonly mode: "active" | "shadow";
  readonly autonomy: Autonomy;
  readonly label: string;
  readonly limits: Limits;
  readonly roles: Readonly<Record<string, Role>>;
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly gates: GatesConfig;
  readonly reports: { readonly weekly: WeeklyReport | undefined };
  /** Path of the roadmap file, from the root of the repository. */
  readonly roadmap: string | undefined;
  /** Ids of the bot accounts whose events count like a person's. */
  readonly allowedBots: readonly number[];
}

export interface Limits {
  readonly running: number;
  readonly perTeam: Readonly<Record<string, number>>;
  readonly openPulls: number;
  readonly minutesPerWeek: number | undefined;
  readonly usdPerWeek: number | undefined;
}

export interface Role {
  readonly name: string;
  readonly team: string;
  readonly workflow: string | undefined;
  /** Prefix of the branches its pull requests come from, with the closing slash. */
  readonly branch: string;
  readonly attempts: number;
  readonly timeoutMs: number;
  readonly autonomy: Autonomy | undefined;
}

export interface Kind {
  readonly name: string;
  readonly match: { readonly labels: readonly string[] };
  readonly role: string;
  readonly stages: readonly Stage[];
}

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
  readonly minSamples: number | undefined;
}

export interface GatesConfig {
  /** An empty list of required checks means every check on the head. */
  readonly checks: { readonly required: readonly string[] };
  readonly paths: { readonly allow: readonly string[]; readonly protect: readonly string[] };
  readonly size: { readonly files: number; readonly lines: number };
  readonly assertions: boolean;
  /** Read only where the autonomy is `merge-with-approval`. */
  readonly approvals: number;
  readonly evidence: { readonly artifacts: readonly string[] };
  readonly reports?: ReportsConfig;
  /** There when a test report is listed; so are the two below for their kinds of reports. */
  readonly tests?: { readonly newlySkipped: number; readonly lost: number };
  readonly findings?: { readonly level: FindingLevel; readonly new: number };
  readonly coverage?: CoverageConfig;
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

export interface WeeklyReport {
  readonly issue: number;
  readonly cron: string;
  readonly timezone: string;
}
