import { z } from "zod";
import { Verdict } from "../gate/verdict.ts";
import { Actor } from "../repo.ts";
import { Approval, Override } from "./review.ts";

/**
 * A head that no task made and that gets a verdict all the same: a person's pull request, or the commit that the merge queue
 * made of several.
 */
export const Pull = z.object({
  /** `<repository id>.<number>`, or `<repository id>.group.<sha>`. */
  id: z.string(),
  repoId: z.number(),
  kind: z.enum(["pull", "group"]),
  /** Of a merge group, the last of its pull requests. */
  number: z.number(),
  state: z.enum(["open", "closed"]),
  /** Who answers for the change: its author, or whoever asked for the task that made it. */
  requester: Actor,
  baseRef: z.string(),
  /** Of a merge group, the commit it is put upon; null for a pull request. */
  baseSha: z.string().nullable(),
  headRef: z.string(),
  headSha: z.string(),
  /** Who pushed this head, where GitHub told; absent where it did not. */
  pusher: Actor.exactOptional(),
  /** Since when this head is there, ms since epoch. */
  headSince: z.number(),
  /** The newest moment at which it was to be merged into another branch, ms since epoch; absent where it never was. */
  elsewhereUntil: z.number().exactOptional(),
  /** The head's verdict; null while something is awaited. */
  verdict: Verdict.nullable(),
  /** What there is to wait for while there is no verdict. */
  waitingFor: z.array(z.string()).readonly(),
  approvals: z.array(Approval).readonly(),
  overrides: z.array(Override).readonly(),
  updatedAt: z.number(),
  /** When it is looked at next, ms since epoch; null when it is closed. */
  wakeAt: z.number().nullable(),
});
export type Pull = z.infer<typeof Pull>;

export function pullId(repoId: number, number: number): string {
  return `${repoId}.${number}`;
}

export function groupId(repoId: number, sha: string): string {
  return `${repoId}.group.${sha}`;
}
