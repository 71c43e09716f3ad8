import { convertToDiscussion, deleteIssue, pinIssue } from "../areas/issues/issue-records.ts";
import { transferIssue } from "../areas/issues/transfer-issue.ts";
import type { World } from "../world/world.ts";
import { actIn, type InRepository } from "./act-in.ts";
import { requireIssue, requireRepo } from "./require-records.ts";

/** An issue of a repository, and the person who does something to it. */
export interface OfIssue extends InRepository {
  readonly number: number;
}

/** What happens to issues on GitHub's pages only. */
export function controlIssues(world: World) {
  return {
    deleteIssue: (about: OfIssue): void => deleteIssue(world, actOn(world, about)),
    pinIssue: (about: OfIssue): void => pinIssue(world, actOn(world, about)),
    convertToDiscussion: (about: OfIssue): void => convertToDiscussion(world, actOn(world, about)),
    /** Moves an issue to another repository of the same owner; returns its number there. */
    transferIssue: ({ to, ...about }: OfIssue & { readonly to: string }): number => {
      const { repo, issue, user } = actOn(world, about);
      return transferIssue(world, { from: repo, issue, to: requireRepo(world, to), sender: user }).number;
    },
  };
}

function actOn(world: World, { number, ...about }: OfIssue) {
  const { repo, sender } = actIn(world, about);
  return { repo, issue: requireIssue(repo, number), user: sender };
}
