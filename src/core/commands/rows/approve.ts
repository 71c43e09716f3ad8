import { code } from "../../messages/text.ts";
import type { Answer } from "../../plan/draft.ts";
import type { Approval } from "../../pull/review.ts";
import { refused, started, told } from "../answers.ts";
import { type CommandContext, type CommandRow, TAKES_ISSUE } from "../command-row.ts";
import { askGatesAgain, type Review, refuseElsewhereBound, withReview } from "../find-review.ts";

export const approveCommand: CommandRow = {
  verb: "approve",
  aliases: [],
  group: "Reviewing and releasing",
  permission: "write",
  mutates: true,
  takes: {
    ...TAKES_ISSUE,
    word: {
      name: "sha",
      isRequired: true,
      pattern: /^[0-9a-f]{7,40}$/u,
      expected: "the 40 digits of the commit",
    },
  },
  summary: "Approves one commit of a pull request.",
  details:
    "The approval counts for exactly this commit: after a push it has to be given again. All 40 digits are needed, since two commits with the same first digits are easily made. Whoever asked for the work or wrote it cannot approve it, and bots cannot.",
  examples: [
    {
      line: "/orchestrate approve 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d",
      does: "approves the head of the pull request",
    },
  ],
  plan: (context) => withReview(context, (review) => approve(context, review)),
};

export const unapproveCommand: CommandRow = {
  verb: "unapprove",
  aliases: [],
  group: "Reviewing and releasing",
  permission: "write",
  mutates: true,
  takes: TAKES_ISSUE,
  overrules: { verbs: ["approve"], about: "task", own: true },
  summary: "Takes your approval back.",
  details: "Only your own; what is merged already stays merged.",
  examples: [{ line: "/orchestrate unapprove", does: "takes back what you approved" }],
  plan: (context) => withReview(context, (review) => unapprove(context, review)),
};

function approve(context: CommandContext, review: Review): Answer {
  const { draft, origin, word } = context;
  const { sender } = origin;
  const { headSha: head, baseRef: base, number } = review;
  if (sender.type !== "User") return refused("Only people can approve; your account is a bot's.");
  if (sender.id === review.requester.id) return refused(refuseOwn(review));
  if (sender.id === review.pusher?.id)
    return refused("You pushed this commit, so somebody else has to approve it.");
  if (word === null || !head.startsWith(word)) {
    return refused(
      `The head of pull request #${number} is ${code(head.slice(0, 12))}, not ${code(word ?? "")}. Look at it again, then \`/orchestrate approve ${head}\`.`,
    );
  }
  // Whoever pushes can make two commits that begin alike, and show one of them (a collision of 12 digits takes seconds).
  if (word !== head) {
    return refused(
      `${code(word)} may be the beginning of two commits. If you looked at ${code(head)}, write \`/orchestrate approve ${head}\`.`,
    );
  }
  const elsewhere = refuseElsewhereBound(context, review);
  if (elsewhere !== undefined) return elsewhere;
  const isKnown = review.approvals.some(
    (known) => known.sha === head && known.by.id === sender.id && (known.base ?? base) === base,
  );
  if (isKnown) return told(`Nothing changed: you approved ${code(head.slice(0, 12))} before.`);
  const others = review.approvals.filter((known) => known.sha === head);
  saveApprovals(context, review, {
    approvals: [...others, { sha: head, base, by: sender, at: draft.now }],
    what: `approved ${head.slice(0, 7)}`,
  });
  return started(
    `✅ Approved: ${code(head.slice(0, 12))} of pull request #${number}. The gates look at it again. Undo: \`${review.commandFor("unapprove")}\``,
  );
}

function refuseOwn({ taskId }: Review): string {
  return taskId === null
    ? "It is your own change, so somebody else has to approve it."
    : "You asked for this work, so somebody else has to approve it.";
}

function unapprove(context: CommandContext, review: Review): Answer {
  const own = context.origin.sender.id;
  const approvals = review.approvals.filter((known) => known.by.id !== own);
  if (approvals.length === review.approvals.length)
    return told(`Nothing changed: you have not approved pull request #${review.number}.`);
  saveApprovals(context, review, { approvals, what: "took the approval back" });
  const again = review.commandFor(`approve ${review.headSha}`);
  return started(`Your approval of pull request #${review.number} is taken back. Undo: \`${again}\``);
}

function saveApprovals(
  context: CommandContext,
  review: Review,
  { approvals, what }: { readonly approvals: readonly Approval[]; readonly what: string },
): void {
  review.save({ approvals }, what);
  askGatesAgain(context, review, {
    kind: "pull.approvals",
    data: { what, approvals: approvals.map(({ sha, by }) => `${sha} ${by.id}`) },
  });
}
