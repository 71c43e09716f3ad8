import { Refusal } from "../../http/route.ts";
import { issueOf, presentPullSimple, presentReview } from "../../present/issues/pull.ts";
import type { Pull, Repo, Review } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";
import { touchIssue } from "../issues/issue-events.ts";

const STATE_OF_EVENT = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
} as const;

/** What a review says once it is submitted. */
export type ReviewEvent = keyof typeof STATE_OF_EVENT;
export const REVIEW_EVENTS = [
  "APPROVE",
  "REQUEST_CHANGES",
  "COMMENT",
] as const satisfies readonly ReviewEvent[];

export interface NewReview {
  readonly pull: Pull;
  readonly user: User;
  readonly body: string;
  /** The commit that was looked at; the head when not given. */
  readonly commitId?: string | undefined;
  /** Without it the review stays its author's own. */
  readonly event?: ReviewEvent | undefined;
}

export function createReview(world: World, repo: Repo, values: NewReview): Review {
  const { pull, user, body, commitId, event } = values;
  if (event !== undefined) checkEvent(repo, { pull, user, body, event });
  const review: Review = {
    id: world.nextId(),
    user,
    state: "PENDING",
    body,
    commitId: commitId ?? pull.headSha,
    submittedAt: null,
  };
  pull.reviews.push(review);
  if (event !== undefined) announce(world, repo, { pull, review, event });
  return review;
}

export interface Submission {
  readonly pull: Pull;
  readonly review: Review;
  readonly body: string;
  readonly event: ReviewEvent;
}

/** Submits a review that was kept back. */
export function submitReview(world: World, repo: Repo, { pull, review, body, event }: Submission): void {
  checkEvent(repo, { pull, user: review.user, body, event });
  review.body = body;
  announce(world, repo, { pull, review, event });
}

export interface Dismissal {
  readonly pull: Pull;
  readonly review: Review;
  readonly sender: User;
}

/** Takes the weight from a review; what it said stays to be read. */
export function dismissReview(world: World, repo: Repo, { pull, review, sender }: Dismissal): void {
  if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED") {
    throw new Refusal(422, "Can not dismiss a review that neither approves nor requests changes");
  }
  review.state = "DISMISSED";
  emitReview(world, repo, { pull, review, action: "dismissed", sender });
}

function checkEvent(
  repo: Repo,
  { pull, user, body, event }: Pick<NewReview, "pull" | "user" | "body"> & { readonly event: ReviewEvent },
): void {
  const isOwn = issueOf(repo, pull).user.id === user.id;
  if (isOwn && event === "APPROVE") throw new Refusal(422, "Can not approve your own pull request");
  if (isOwn && event === "REQUEST_CHANGES") {
    throw new Refusal(422, "Can not request changes on your own pull request");
  }
  if (event !== "APPROVE" && body.trim() === "") throw new Refusal(422, "Body can't be blank");
}

function announce(
  world: World,
  repo: Repo,
  { pull, review, event }: { readonly pull: Pull; readonly review: Review; readonly event: ReviewEvent },
): void {
  review.state = STATE_OF_EVENT[event];
  review.submittedAt = world.now();
  touchIssue(world, issueOf(repo, pull));
  emitReview(world, repo, { pull, review, action: "submitted", sender: review.user });
}

function emitReview(
  world: World,
  repo: Repo,
  { pull, review, action, sender }: Dismissal & { readonly action: string },
): void {
  world.emit({
    event: "pull_request_review",
    action,
    repo,
    sender,
    payload: {
      // Webhooks write the state in small letters, the API in capitals.
      review: { ...presentReview(world, repo, { pull, review }), state: review.state.toLowerCase() },
      pull_request: presentPullSimple(world, repo, pull),
    },
  });
}
