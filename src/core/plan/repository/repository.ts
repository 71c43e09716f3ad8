import { z } from "zod";
import type { RepoRef } from "../../repo.ts";

/** What is known of the default branch, read when it moves and by the reconciliation. */
export interface BranchFacts {
  readonly branch: string;
  readonly sha: string;
  /** Text of `.github/orchestrator.yml`; null when there is none. */
  readonly configText: string | null;
  readonly roadmapText: string | null;
  /** Paths that the roadmap requires, and whether they exist. */
  readonly paths: Readonly<Record<string, boolean>>;
  /** Declared `workflow_dispatch` inputs by workflow file; null when the file or the trigger is missing. */
  readonly workflows: Readonly<Record<string, readonly string[] | null>>;
}

/**
 * What is kept of a repository: texts and facts; configuration and roadmap are parsed from them when they are needed. The
 * last good texts stay in force while a newer one is broken.
 */
export const StoredRepository = z.object({
  pausedBy: z.string().nullable(),
  facts: z
    .object({
      branch: z.string(),
      sha: z.string(),
      configText: z.string().nullable(),
      roadmapText: z.string().nullable(),
      paths: z.record(z.string(), z.boolean()),
      workflows: z.record(z.string(), z.array(z.string()).readonly().nullable()),
    })
    .nullable(),
  /** Text of the last valid configuration and roadmap, and the commit it came from. */
  goodConfig: z.object({ text: z.string(), sha: z.string() }).nullable(),
  goodRoadmap: z.object({ text: z.string(), sha: z.string() }).nullable(),
});
export type StoredRepository = z.infer<typeof StoredRepository>;

/** A repository as the store gives it. */
export interface RepositoryRecord {
  readonly repo: RepoRef;
  readonly status: "active" | "suspended" | "removed";
  readonly stored: StoredRepository;
}
