import { z } from "zod";
import { GateResult, Verdict } from "../gate/verdict.ts";
import { TaskLearnings } from "../knowledge/knowledge.ts";
import { Approval, Override } from "../pull/review.ts";
import { Cost, RunCost } from "../queue/cost/cost.ts";
import type { ReasonCode } from "../reasons.ts";
import { REASONS } from "../reasons.ts";
import { Actor } from "../repo.ts";
import { ChangeSummary, TriedAttempt } from "./earlier-attempts.ts";

export const TASK_STATES = [
  "queued",
  "running",
  "verifying",
  "blocked",
  "done",
  "failed",
  "cancelled",
] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** The class of a failed attempt; `infra` and `rate_limit` are nobody's fault here and burn no budget. */
export const FAILURE_CLASSES = ["task", "infra", "rate_limit", "timeout", "policy", "no_evidence"] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];

export const PRIORITIES = ["p0", "p1", "p2", "p3"] as const;
export type Priority = (typeof PRIORITIES)[number];

const Reason = z.object({
  code: z.custom<ReasonCode>((value) => typeof value === "string" && value in REASONS),
  message: z.string(),
  liftedBy: z.string(),
  deadline: z.number().nullable(),
});

/** Something a task waits for: an issue (of any repository) or another task of the roadmap. */
const Dependency = z.object({
  kind: z.enum(["issue", "roadmap"]),
  /** `owner/name#12` or a roadmap id. */
  ref: z.string(),
  state: z.enum(["open", "done", "not-done", "unknown"]),
});

/** The pull request of a task, as last seen. */
const TaskPull = z.object({
  number: z.number(),
  branch: z.string(),
  baseRef: z.string(),
  headSha: z.string(),
  /** The head that this one replaced: GitHub may show it a moment longer. */
  replacedSha: z.string().exactOptional(),
  /** Since when this head is there, ms since epoch. */
  headSince: z.number(),
  /** The head's verdict; null until evaluated. */
  verdict: Verdict.nullable(),
  verdictSha: z.string().nullable(),
  /** How often its merge was ordered. */
  mergeOrders: z.number(),
  approvals: z.array(Approval).readonly(),
  overrides: z.array(Override).readonly().default([]),
});

/** What becomes of a change after its merge, where critics are configured. */
const Aftermath = z.object({
  /**
   * The critics look at it; it is being taken back; the pull request that takes it back waits for people; they have decided,
   * and the branch is read again; or all of that is over, and the task goes its usual way.
   */
  phase: z.enum(["looking", "reverting", "waiting", "settling", "over"]),
  /** The pull request that was merged, as it was then. */
  merged: TaskPull,
  /** The commit that the merge left on the branch; null when GitHub did not say. */
  mergeSha: z.string().nullable(),
  /** How often the critics were dispatched for this merge. */
  tries: z.number(),
  /** The pull request that takes the change back. */
  revert: z.object({ number: z.number(), url: z.string().nullable() }).nullable(),
  /** How many changes of the task the critics refused. */
  refusals: z.number(),
});

/** One stage of one attempt, as the sticky comment's table shows it. */
const StageLine = z.object({
  attempt: z.number(),
  stage: z.string(),
  correlation: z.string(),
  state: z.enum(["dispatching", "running", "PASS", "FAIL", "BLOCKED", "trouble", "cancelled"]),
  runUrl: z.string().nullable(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  note: z.string(),
  /** What the run was expected to take when it was ordered; set aside until it has ended. */
  reserved: RunCost.exactOptional(),
  /** Whether its worker has yet to tell what the run used, which was ended without it; absent where it was not. */
  awaitsUsage: z.boolean().exactOptional(),
});

/** One line of a task's history; the sticky comment shows the last ten. */
const HistoryLine = z.object({ at: z.number(), text: z.string(), url: z.string().nullable() });

/** What a stage that passed reported of the things it made; later stages of the same attempt are told. */
const StageReport = z.object({
  attempt: z.number(),
  stage: z.string(),
  stageIndex: z.number(),
  runId: z.number(),
  artifacts: z
    .array(
      z.object({
        name: z.string(),
        count: z.number(),
        bytes: z.number(),
        sha256: z.string().nullable(),
      }),
    )
    .readonly(),
});

export const Task = z.object({
  /** `<repository id>.<issue>.<generation>`: one live task for each of them. */
  id: z.string(),
  repoId: z.number(),
  issue: z.number(),
  generation: z.number(),
  roadmapId: z.string().nullable(),
  /** Text at the moment of labelling; later edits do not reach the work. */
  title: z.string(),
  body: z.string(),
  labels: z.array(z.string()).readonly(),
  /** Files and globs that the text says the work is about; absent where it says nothing. */
  paths: z.array(z.string()).readonly().exactOptional(),
  /** Files, or folders with a slash at the end, that the last published commit changed; absent while there is none. */
  touched: z.array(z.string()).readonly().exactOptional(),
  kind: z.string(),
  role: z.string(),
  team: z.string(),
  /** There while another role works than the task's own: for which, since which attempt, and why. */
  standsIn: z
    .object({ for: z.string(), team: z.string(), attempt: z.number(), because: z.string() })
    .exactOptional(),
  priority: z.enum(PRIORITIES),
  revenue: z.boolean(),
  requestedBy: Actor,
  /** Who gave it its present text, where that is not the one of its hand-over. */
  textBy: Actor.exactOptional(),
  /** What started it: a label, whose removal stops it, or a command. */
  trigger: z.enum(["label", "command"]),
  enqueuedAt: z.number(),
  /** The virtual deadline that orders the queue, ms since epoch. */
  rankAt: z.number(),
  state: z.enum(TASK_STATES),
  reasons: z.array(Reason).readonly(),
  held: z.boolean(),
  /** Who let it start in a governed repository, and when; absent while nobody has. */
  allowed: z.object({ by: Actor, at: z.number() }).exactOptional(),
  dependencies: z.array(Dependency).readonly(),
  /** Index into the kind's stages. */
  stage: z.number(),
  /** The pass through the pipeline that is under way or next, from 1. */
  attempt: z.number(),
  /** Passes that count against the budget. */
  spent: z.number(),
  budget: z.number(),
  /** Correlation id of the attempt in flight. */
  correlation: z.string().nullable(),
  /** Re-dispatches of the same stage after trouble that was not the task's. */
  retries: z.number(),
  /** Re-dispatches that were nobody's trouble: after a stop, or a worker's rate limit. */
  restarts: z.number().exactOptional(),
  /** How often in a row a limit refused its worker; absent when it was not the last time. */
  refusals: z.number().exactOptional(),
  /** Gates of the last judgement; those that did not pass are what the next attempt is told. */
  feedback: z.array(GateResult).readonly(),
  fingerprints: z.array(z.string()).readonly(),
  /** The last attempts that failed, oldest first; absent while none has. */
  tried: z.array(TriedAttempt).readonly().exactOptional(),
  /** What the last attempt with a change changed; absent while there is none. */
  lastChange: ChangeSummary.exactOptional(),
  /** What the attempt learned; known to other tasks when this one is done. */
  learnings: TaskLearnings.exactOptional(),
  pull: TaskPull.nullable(),
  /** What the critics say of the change that was merged last; absent while nothing was merged. */
  aftermath: Aftermath.exactOptional(),
  /** The run that the next stage takes its input from. */
  lastRunId: z.number().nullable(),
  /** Reports of the attempt's stages so far; absent while none has passed. */
  stageReports: z.array(StageReport).readonly().exactOptional(),
  /** Not started again before this moment, ms since epoch. */
  notBefore: z.number().nullable(),
  /** Place in the queue when it last changed, from 1. */
  position: z.object({ rank: z.number(), of: z.number(), at: z.number() }).nullable(),
  timeline: z.array(StageLine).readonly(),
  usage: z.object({ minutes: z.number(), tokens: z.number(), usd: z.number() }),
  /** What had been used when somebody gave it a fresh budget; absent while nobody has. */
  usageAtReset: Cost.exactOptional(),
  history: z.array(HistoryLine).readonly(),
  updatedAt: z.number(),
  /** When somebody last changed or deleted what the app shows of it; 0 when nobody did. */
  renewedAt: z.number(),
  /** When the watchdog looks at it next; null only in terminal states. */
  wakeAt: z.number().nullable(),
});
export type Task = z.infer<typeof Task>;
export type TaskPull = z.infer<typeof TaskPull>;
export type Aftermath = z.infer<typeof Aftermath>;
export type Dependency = z.infer<typeof Dependency>;
export type StageReport = z.infer<typeof StageReport>;
export type StageLine = z.infer<typeof StageLine>;
export type HistoryLine = z.infer<typeof HistoryLine>;

const TERMINAL: ReadonlySet<TaskState> = new Set(["done", "failed", "cancelled"]);

/** Whether nothing will happen to the task any more unless somebody asks. */
export function isTerminal(task: Pick<Task, "state">): boolean {
  return TERMINAL.has(task.state);
}

/** Whether the task holds one of the repository's running slots. */
export function isRunning(task: Pick<Task, "state">): boolean {
  return task.state === "running";
}
