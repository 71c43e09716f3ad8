import type { Acceptance } from "../config/config.ts";

/** The roadmap as the rest of the program reads it; every id in it exists and no dependency is circular. */
export interface Roadmap {
  readonly version: 1;
  readonly epics: readonly RoadmapEpic[];
  readonly milestones: readonly RoadmapMilestone[];
  readonly tasks: readonly RoadmapTask[];
}

export interface RoadmapEpic {
  readonly id: string;
  readonly title: string;
}

export interface RoadmapMilestone {
  readonly id: string;
  readonly title: string;
  /** Day of the programme, counted from its start. */
  readonly day: number | undefined;
  /** ISO date, `2026-09-30`. */
  readonly date: string | undefined;
}

export const roadmapStatuses = ["todo", "in-progress", "done", "dropped"] as const;
export type RoadmapStatus = (typeof roadmapStatuses)[number];

export const phases = ["plan", "build", "test", "release", "deploy", "monitor", "learn", "sustain"] as const;
export type Phase = (typeof phases)[number];

export const priorities = ["p0", "p1", "p2", "p3"] as const;
export type Priority = (typeof priorities)[number];

export interface RoadmapTask {
  readonly id: string;
  readonly title: string;
  readonly status: RoadmapStatus;
  readonly kind: string | undefined;
  readonly phase: Phase | undefined;
  readonly priority: Priority;
  readonly revenue: boolean;
  readonly epic: string | undefined;
  readonly milestone: string | undefined;
  readonly dependsOn: readonly string[];
  /** Globs of what it works on. */
  readonly paths: readonly string[];
  readonly requires: RoadmapRequirements;
  readonly acceptance: RoadmapAcceptance | undefined;
  readonly owner: string | undefined;
  readonly supporting: readonly string[];
  readonly deliverables: readonly string[];
  readonly evidence: readonly string[];
  /** Path of a file that has to be on the default branch before work starts. */
  readonly designReview: string | undefined;
}

/** What must exist on the default branch before the task can start. */
export interface RoadmapRequirements {
  readonly paths: readonly string[];
  readonly workflows: readonly string[];
  readonly inputs: readonly string[];
  /** Names only. */
  readonly secrets: readonly string[];
}

export interface RoadmapAcceptance {
  readonly metrics: readonly Acceptance[];
  readonly artifacts: readonly string[];
}
