import { setDraft } from "../areas/pulls/pull-records.ts";
import { createReview, dismissReview, type ReviewEvent } from "../areas/pulls/review-records.ts";
import { dequeue, enqueue } from "../areas/queue/merge-queue.ts";
import type { World } from "../world/world.ts";
import { actIn, type InRepository } from "./act-in.ts";
import { requirePull } from "./require-records.ts";

export interface OnPull extends InRepository {
  readonly number: number;
}

export interface WrittenReview {
  readonly event: ReviewEvent;
  readonly body?: string | undefined;
  /** The commit that was looked at; the head when left out. */
  readonly commitId?: string | undefined;
}

export interface WrittenRules {
  readonly branch: string;
  readonly requiredChecks: readonly string[];
  readonly mergeQueue: boolean;
}

/** What people do with pull requests on GitHub's pages. */
export function controlPulls(world: World) {
  const find = (where: OnPull) => {
    const { repo, sender } = actIn(world, where);
    return { repo, sender, pull: requirePull(repo, where.number) };
  };
  return {
    setDraft: ({ draft, ...where }: OnPull & { readonly draft: boolean }): void => {
      const { repo, ...change } = find(where);
      setDraft(world, repo, { ...change, draft });
    },
    /** Reviews a pull request; returns the review's id. */
    review: ({ event, body = "", commitId, ...where }: OnPull & WrittenReview): number => {
      const { repo, pull, sender: user } = find(where);
      return createReview(world, repo, { pull, user, event, body, commitId }).id;
    },
    dismissReview: ({ reviewId, ...where }: OnPull & { readonly reviewId: number }): void => {
      const { repo, pull, sender } = find(where);
      const review = pull.reviews.find((one) => one.id === reviewId);
      if (!review) throw new Error(`#${pull.number} has no review ${reviewId}`);
      dismissReview(world, repo, { pull, review, sender });
    },
    /** Says what a branch asks of whoever merges into it; replaces what was said before. */
    setBranchRules: ({ branch, requiredChecks, mergeQueue, ...where }: InRepository & WrittenRules): void => {
      const { repo } = actIn(world, where);
      repo.branchRules.set(branch, { id: world.nextId(), requiredChecks, mergeQueue });
    },
    /** Puts a pull request into the merge queue of its base branch. */
    enqueue: (where: OnPull): void => {
      const { repo, ...change } = find(where);
      enqueue(world, repo, change);
    },
    dequeue: (where: OnPull): void => {
      const { repo, ...change } = find(where);
      dequeue(world, repo, change);
    },
  };
}
