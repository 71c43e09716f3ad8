import { z } from "zod";
import type { PullNow } from "../../../core/facts.ts";
import type { Approval } from "../../../core/pull/review.ts";
import { hasPermission } from "../../../core/repo.ts";
import { orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { Account } from "../reading/account.ts";
import { readPermission } from "../reading/read-permission.ts";

const Review = z.object({
  id: z.coerce.number(),
  /** Null when the account was deleted. */
  user: Account.nullable().catch(null),
  state: z.string(),
  commit_id: z.string().nullish().catch(null),
  submitted_at: z.string().nullish().catch(null),
  author_association: z.string().nullish().catch(null),
});
const Reviews = z.array(Review);
type Review = z.infer<typeof Review>;

const MAX_PAGES = 50;
/** Anybody may review a public repository; no more people than these are asked about. */
const MAX_PEOPLE = 30;
/** A comment says neither yes nor no, and leaves what was said before. */
const DECISIVE: ReadonlySet<string> = new Set(["APPROVED", "CHANGES_REQUESTED", "DISMISSED"]);
const INSIDERS: ReadonlySet<string> = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

/** Approving reviews that stand, of people who may write to the repository now. */
export async function readApprovals(
  api: RepositoryApi,
  { number, headSha }: Pick<PullNow, "number" | "headSha">,
): Promise<readonly Approval[]> {
  const reviews = await orUndefined(
    api.list(
      "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews",
      { pull_number: number },
      { maxPages: MAX_PAGES, pick: (page) => Reviews.parse(page) },
    ),
  );
  // A list that is not whole may lack what takes an approval back.
  const standing = findStanding(reviews ?? [], headSha).slice(0, MAX_PEOPLE);
  const approvals: Approval[] = [];
  for (const approval of standing) {
    if (hasPermission(await readPermission(api, approval.by.login), "write")) approvals.push(approval);
  }
  return approvals;
}

/** What each person said last where that is yes; those first that are likeliest to count. */
function findStanding(reviews: readonly Review[], headSha: string): readonly Approval[] {
  const lastByPerson = new Map<number, Review>();
  for (const review of reviews.toSorted(compareTimes)) {
    if (review.user && DECISIVE.has(review.state)) lastByPerson.set(review.user.id, review);
  }
  const rank = (review: Review) =>
    Number(review.commit_id !== headSha) * 2 + Number(!INSIDERS.has(review.author_association ?? ""));
  return [...lastByPerson.values()].toSorted((a, b) => rank(a) - rank(b)).flatMap(toApproval);
}

/** A review may be written before and handed in after another one, so its id says nothing. */
function compareTimes(a: Review, b: Review): number {
  return timeOf(a) - timeOf(b) || a.id - b.id;
}

/** What has no time is not overlooked as something old. */
function timeOf({ submitted_at: at }: Review): number {
  const time = Date.parse(at ?? "");
  return Number.isNaN(time) ? Number.MAX_SAFE_INTEGER : time;
}

function toApproval({ state, user, commit_id: sha, submitted_at: at }: Review): readonly Approval[] {
  if (state !== "APPROVED" || user?.type !== "User" || !sha || !at) return [];
  return [{ sha, by: user, at: Date.parse(at) }];
}
