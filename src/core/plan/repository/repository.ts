import { z } from "zod";
import { Breaker } from "../../breaker/breaker.ts";
import { Knowledge } from "../../knowledge/knowledge.ts";
import { Cost, RunCost } from "../../queue/cost/cost.ts";
import type { RepoRef } from "../../repo.ts";
import { RoadmapRecord } from "../../roadmap/roadmap-record.ts";
import { Session } from "../../session/session.ts";
import type { Stop } from "../../stop/stop.ts";
import { LastWord } from "./last-word.ts";

/** What is known of the default branch, read when it moves and by the reconciliation. */
export interface BranchFacts {
  readonly branch: string;
  readonly sha: string;
  /** Text of `.github/orchestrator.yml`; null when there is none. */
  readonly configText: string | null;
  readonly roadmapText: string | null;
  /** Text of the file that is told of milestones; absent where none is configured. */
  readonly contextText?: string | null;
  /** Who owns the repository, and the text of the owner's file; absent while nobody has looked. */
  readonly organisation?: { readonly owner: string; readonly text: string | null };
  /** Paths that the roadmap requires, and whether they exist. */
  readonly paths: Readonly<Record<string, boolean>>;
  /** Declared `workflow_dispatch` inputs by workflow file; null when the file or the trigger is missing. */
  readonly workflows: Readonly<Record<string, readonly string[] | null>>;
}

/** A change that was published for a task; equal changes have equal digests. */
const PublishedChange = z.object({ taskId: z.string(), issue: z.number(), digest: z.string() });
export type PublishedChange = z.infer<typeof PublishedChange>;

/** A role that was refused by a limit, and is not asked before a moment; kept until it has worked again. */
const RoleRest = z.object({
  /** Ms since epoch. */
  until: z.number(),
  /** The issue whose worker said so. */
  issue: z.number(),
  what: z.string(),
  /** How often in a row; absent where nobody counted. */
  refusals: z.number().exactOptional(),
});
export type RoleRest = z.infer<typeof RoleRest>;

/**
 * What is kept of a repository: texts and facts; configuration and roadmap are parsed from them when they are needed. The
 * last good texts stay in force while a newer one is broken.
 */
export const StoredRepository = z.object({
  pausedBy: z.string().nullable(),
  /** Account of whoever paused it. */
  pausedById: z.number().exactOptional(),
  facts: z
    .object({
      branch: z.string(),
      sha: z.string(),
      configText: z.string().nullable(),
      roadmapText: z.string().nullable(),
      contextText: z.string().nullable().exactOptional(),
      organisation: z.object({ owner: z.string(), text: z.string().nullable() }).exactOptional(),
      paths: z.record(z.string(), z.boolean()),
      workflows: z.record(z.string(), z.array(z.string()).readonly().nullable()),
    })
    .nullable(),
  /** Text of the last valid configuration and roadmap, and the commit it came from. */
  goodConfig: z.object({ text: z.string(), sha: z.string() }).nullable(),
  goodRoadmap: z.object({ text: z.string(), sha: z.string() }).nullable(),
  /** The last valid file of the owner, as long as the repository is that owner's. */
  goodOrganisation: z.object({ owner: z.string(), text: z.string() }).exactOptional(),
  /** The trigger label, while people are told that the repository has no such label any more. */
  missingLabel: z.string().exactOptional(),
  /** Changes that tasks published, newest last, so that the same change for another issue is noticed. */
  published: z.array(PublishedChange).readonly().exactOptional(),
  /** Breakers that have counted trouble, by the file of a workflow or by `role:<name>`. */
  breakers: z.record(z.string(), Breaker).exactOptional(),
  /** What became of the roadmap's tasks; absent until one is in force. */
  roadmap: RoadmapRecord.exactOptional(),
  /** The comment that lifted a stop last. */
  resumedBy: z.number().exactOptional(),
  /** Commands of the last hours that took others back, newest last. */
  lastWords: z.array(LastWord).readonly().exactOptional(),
  /** What the last runs of each workflow took, newest last, by its file. */
  costs: z.record(z.string(), z.array(RunCost).readonly()).exactOptional(),
  /** What each role has used in the ISO week of the last run that ended. */
  roleWeek: z.object({ week: z.string(), roles: z.record(z.string(), Cost) }).exactOptional(),
  /** Roles that rest, or that were refused when they worked last, by name. */
  rests: z.record(z.string(), RoleRest).exactOptional(),
  /** Sessions by their numbers; of those that are over, the last ones. */
  sessions: z.array(Session).readonly().exactOptional(),
  /** What tasks that were done have learned; absent until one has. */
  knowledge: Knowledge.exactOptional(),
});
export type StoredRepository = z.infer<typeof StoredRepository>;

/** A repository as the store gives it. */
export interface RepositoryRecord {
  readonly repo: RepoRef;
  readonly status: "active" | "suspended" | "removed";
  readonly stored: StoredRepository;
  /** Stops that are in force here, whoever ordered them; absent where there are none. */
  readonly stops?: readonly Stop[];
}
