import { pullCommits } from "../../git/pull-facts.ts";
import { optionalChoice, optionalText, pathNumber, requiredText } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { presentReview } from "../../present/issues/pull.ts";
import type { Pull, Review } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import { actingUser } from "../acting-user.ts";
import { pullOfPath } from "./find-pull.ts";
import { createReview, dismissReview, REVIEW_EVENTS, submitReview } from "./review-records.ts";

const READ = { permission: "pull_requests", level: "read" } as const;
const WRITE = { permission: "pull_requests", level: "write" } as const;
/** Whoever may read may review; only an approval by a writer counts for the rules. */
const REVIEW = { ...WRITE, role: "read" } as const;
const REVIEWS = "/repos/{owner}/{repo}/pulls/{pull_number}/reviews";

export const reviewRoutes: readonly Route[] = [
  { method: "GET", path: REVIEWS, access: READ, handle: listReviews },
  { method: "POST", path: REVIEWS, access: REVIEW, content: true, handle: postReview },
  { method: "GET", path: `${REVIEWS}/{review_id}`, access: READ, handle: getReview },
  { method: "POST", path: `${REVIEWS}/{review_id}/events`, access: REVIEW, handle: postEvent },
  { method: "PUT", path: `${REVIEWS}/{review_id}/dismissals`, access: WRITE, handle: putDismissal },
];

function listReviews(call: Call): Answer {
  const { world, repo, user } = call;
  const pull = pullOfPath(call);
  const visible = pull.reviews.filter((review) => isVisible(review, user));
  const { items, headers } = paginate(call, visible);
  return { status: 200, headers, body: items.map((review) => presentReview(world, repo, { pull, review })) };
}

function postReview(call: Call): Answer {
  const { world, repo, body } = call;
  const pull = pullOfPath(call);
  const review = createReview(world, repo, {
    pull,
    user: actingUser(call),
    body: optionalText(body, "body") ?? "",
    commitId: readCommitId(call, pull),
    event: optionalChoice(body, "event", REVIEW_EVENTS),
  });
  return { status: 200, body: presentReview(world, repo, { pull, review }) };
}

function readCommitId({ repo, body }: Call, pull: Pull): string | undefined {
  const sha = optionalText(body, "commit_id");
  if (sha !== undefined && !pullCommits(repo, pull).includes(sha)) {
    throw new Refusal(422, "commit_id is not part of the pull request");
  }
  return sha;
}

function getReview(call: Call): Answer {
  const { pull, review } = reviewOfPath(call);
  return { status: 200, body: presentReview(call.world, call.repo, { pull, review }) };
}

function postEvent(call: Call): Answer {
  const { world, repo } = call;
  const { pull, review } = reviewOfPath(call);
  const event = optionalChoice(call.body, "event", REVIEW_EVENTS);
  if (event === undefined) throw new Refusal(422, "Event is required");
  if (review.user.id !== actingUser(call).id || review.state !== "PENDING")
    throw new Refusal(422, "Can not submit this review");
  const body = optionalText(call.body, "body") ?? review.body;
  submitReview(world, repo, { pull, review, body, event });
  return { status: 200, body: presentReview(world, repo, { pull, review }) };
}

function putDismissal(call: Call): Answer {
  const { world, repo } = call;
  const { pull, review } = reviewOfPath(call);
  requiredText(call.body, "message");
  dismissReview(world, repo, { pull, review, sender: actingUser(call) });
  return { status: 200, body: presentReview(world, repo, { pull, review }) };
}

function reviewOfPath(call: Call): { readonly pull: Pull; readonly review: Review } {
  const pull = pullOfPath(call);
  const id = pathNumber(call.params, "review_id");
  const review = pull.reviews.find((one) => one.id === id && isVisible(one, call.user));
  if (review === undefined) throw new Refusal(404, "Not Found");
  return { pull, review };
}

/** A review that is not submitted is its author's own. */
function isVisible(review: Review, user: User | null): boolean {
  return review.state !== "PENDING" || review.user.id === user?.id;
}
