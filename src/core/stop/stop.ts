import { z } from "zod";
import type { RepoRef } from "../repo.ts";

/** An order that nothing is done any more, in force until it is lifted. */
export const Stop = z
  .object({
    /** `all`, `owner:<login>` in lower case, or `repo:<id>`. */
    scope: z.string(),
    /** Who may lift it: maintainers what a comment ordered, the operator the rest. */
    source: z.enum(["command", "operator", "environment"]),
    /** As people read it. */
    by: z.string(),
    /** Account of whoever wrote the comment that ordered it. */
    byId: z.number().exactOptional(),
    /** Ms since epoch. */
    at: z.number(),
    why: z.string().nullable(),
    /** Runs that are under way go on. */
    keepsRuns: z.boolean(),
    /** The comment that ordered it: its answer is the one thing that is still written. */
    commentId: z.number().nullable(),
  })
  .readonly();
export type Stop = z.infer<typeof Stop>;

/** A stop that is set, or the one of a scope and source that is lifted. */
export type StopChange =
  | { readonly kind: "set"; readonly stop: Stop }
  | { readonly kind: "lifted"; readonly scope: string; readonly source: Stop["source"] };

export const ALL = "all";

export function scopeOfOwner(owner: string): string {
  return `owner:${owner.toLowerCase()}`;
}

export function scopeOfRepository(repoId: number): string {
  return `repo:${repoId}`;
}

/** Every scope that a repository is in, the widest first. */
export function scopesOf({ id, owner }: Pick<RepoRef, "id" | "owner">): readonly string[] {
  return [ALL, scopeOfOwner(owner), scopeOfRepository(id)];
}
