import { optionalChoice, optionalText, pathNumber, requiredText } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { issueOf, presentPullSimple, presentReview } from "../../present/issues/pull.ts";
import type { Pull, Review } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import { actingUser } from "../acting-user.ts";
import { touchIssue } from "../issues/issue-events.ts";
import { pullOfPath } from "./find-pull.ts";

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

const STATE_OF_EVENT = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
} as const;
type ReviewEvent = keyof typeof STATE_OF_EVENT;
const EVENTS: readonly ReviewEvent[] = ["APPROVE", "REQUEST_CHANGES", "COMMENT"];

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
  const user = actingUser(call);
  const event = optionalChoice(body, "event", EVENTS);
  const text = optionalText(body, "body") ?? "";
  if (event !== undefined) checkEvent(call, { pull, event, text, user });
  const review: Review = {
    id: world.nextId(),
    user,
    state: "PENDING",
    body: text,
    commitId: optionalText(body, "commit_id") ?? pull.headSha,
    submittedAt: null,
  };
  pull.reviews.push(review);
  if (event !== undefined) submit(call, { pull, review, event });
  return { status: 200, body: presentReview(world, repo, { pull, review }) };
}

function getReview(call: Call): Answer {
  const { pull, review } = reviewOfPath(call);
  return { status: 200, body: presentReview(call.world, call.repo, { pull, review }) };
}

function postEvent(call: Call): Answer {
  const { pull, review } = reviewOfPath(call);
  const event = optionalChoice(call.body, "event", EVENTS);
  const user = actingUser(call);
  if (event === undefined) throw new Refusal(422, "Event is required");
  if (review.user.id !== user.id || review.state !== "PENDING")
    throw new Refusal(422, "Can not submit this review");
  const text = optionalText(call.body, "body") ?? review.body;
  checkEvent(call, { pull, event, text, user });
  review.body = text;
  submit(call, { pull, review, event });
  return { status: 200, body: presentReview(call.world, call.repo, { pull, review }) };
}

function putDismissal(call: Call): Answer {
  const { pull, review } = reviewOfPath(call);
  requiredText(call.body, "message");
  if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED") {
    throw new Refusal(422, "Can not dismiss a review that neither approves nor requests changes");
  }
  review.state = "DISMISSED";
  emitReview(call, { pull, review, action: "dismissed" });
  return { status: 200, body: presentReview(call.world, call.repo, { pull, review }) };
}

interface Submission {
  readonly pull: Pull;
  readonly event: ReviewEvent;
  readonly text: string;
  readonly user: User;
}

function checkEvent({ repo }: Call, { pull, event, text, user }: Submission): void {
  const isOwn = issueOf(repo, pull).user.id === user.id;
  if (isOwn && event === "APPROVE") throw new Refusal(422, "Can not approve your own pull request");
  if (isOwn && event === "REQUEST_CHANGES") {
    throw new Refusal(422, "Can not request changes on your own pull request");
  }
  if (event !== "APPROVE" && text.trim() === "") throw new Refusal(422, "Body can't be blank");
}

function submit(
  call: Call,
  { pull, review, event }: { readonly pull: Pull; readonly review: Review; readonly event: ReviewEvent },
): void {
  review.state = STATE_OF_EVENT[event];
  review.submittedAt = call.world.now();
  touchIssue(call.world, issueOf(call.repo, pull));
  emitReview(call, { pull, review, action: "submitted" });
}

function emitReview(
  call: Call,
  { pull, review, action }: { readonly pull: Pull; readonly review: Review; readonly action: string },
): void {
  const { world, repo } = call;
  const presented = presentReview(world, repo, { pull, review });
  world.emit({
    event: "pull_request_review",
    action,
    repo,
    sender: actingUser(call),
    payload: {
      // Webhooks write the state in small letters, the API in capitals.
      review: { ...presented, state: review.state.toLowerCase() },
      pull_request: presentPullSimple(world, repo, pull),
    },
  });
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
