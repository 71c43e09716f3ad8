import { mentionsPrefix } from "../../../core/commands/find-lines.ts";
import type { Event, EventOf } from "../../../core/events.ts";
import type { Actor, RepoRef } from "../../../core/repo.ts";
import { cleanText } from "../clean-text.ts";
import { issueText } from "./issue-rows.ts";
import { AboutLine, AboutPull, AboutReview } from "./payloads.ts";
import { aboutRepository, createRow, isOwnSender, OWN_TRACE, type WebhookRow } from "./webhook-row.ts";

const PULL_ACTIONS = [
  ...["opened", "edited", "closed", "reopened", "synchronize", "ready_for_review"],
  ...["converted_to_draft", "labeled", "unlabeled", "enqueued", "dequeued"],
  ...["auto_merge_enabled", "auto_merge_disabled"],
];

type PullDelivery = typeof AboutPull._output;

export const pullRequestRow: WebhookRow = createRow({
  event: "pull_request",
  actions: PULL_ACTIONS,
  schema: AboutPull,
  translate(payload, own) {
    if (isOwnSender(payload.sender, own)) return OWN_TRACE;
    if (payload.action === "edited" && !isEdit(payload)) return "neither the base nor the text changed";
    return aboutRepository(payload, (repo, sender) => [
      ...labelEvents(payload, repo, sender),
      {
        kind: "pull.changed",
        repo,
        pull: payload.pull_request.number,
        action: payload.action ?? "",
        sender,
        ...headOf(payload),
      },
    ]);
  },
});

const NEW_HEAD_ACTIONS: ReadonlySet<string> = new Set(["opened", "reopened", "synchronize"]);

function headOf({ action, pull_request: { head, base } }: PullDelivery) {
  if (!NEW_HEAD_ACTIONS.has(action ?? "")) return {};
  return { head: { sha: head.sha, ref: cleanText(head.ref), base: cleanText(base.ref) } };
}

function isEdit({ changes }: PullDelivery): boolean {
  return [changes?.base, changes?.title, changes?.body].some((change) => change !== undefined);
}

export const pullReviewRow: WebhookRow = createRow({
  event: "pull_request_review",
  actions: ["submitted", "edited", "dismissed"],
  schema: AboutReview,
  translate(payload, own) {
    if (isOwnSender(payload.sender, own)) return OWN_TRACE;
    const { number } = payload.pull_request;
    return aboutRepository(payload, (repo, sender) => [
      { kind: "pull.changed", repo, pull: number, action: `review_${payload.action ?? ""}`, sender },
      ...(payload.action === "submitted"
        ? elsewhere({ repo, sender, issue: number, place: "review" }, payload.review)
        : []),
    ]);
  },
});

export const lineCommentRow: WebhookRow = createRow({
  event: "pull_request_review_comment",
  actions: ["created"],
  schema: AboutLine,
  translate(payload, own) {
    if (isOwnSender(payload.sender, own)) return OWN_TRACE;
    return aboutRepository(payload, (repo, sender) => {
      const events = elsewhere(
        { repo, sender, issue: payload.pull_request.number, place: "line" },
        payload.comment,
      );
      return events.length === 0 ? "no command" : events;
    });
  },
});

/** A text that no command is read in, if there may be one in it. */
function elsewhere(
  about: Pick<EventOf<"comment.elsewhere">, "repo" | "sender" | "issue" | "place">,
  { id, body }: { readonly id: number; readonly body?: string | null | undefined },
): Event[] {
  const text = cleanText(body);
  return mentionsPrefix(text) ? [{ kind: "comment.elsewhere", ...about, id, body: text }] : [];
}

/** GitHub tells of a pull request's label under `pull_request` only; who labels one deserves the same answer as on an issue. */
function labelEvents(payload: PullDelivery, repo: RepoRef, sender: Actor): Event[] {
  if (!payload.label) return [];
  const base = {
    repo,
    sender,
    issue: payload.pull_request.number,
    label: cleanText(payload.label.name),
    isPull: true,
  };
  if (payload.action === "labeled") {
    return [{ kind: "issue.labeled", ...base, text: issueText(payload.pull_request) }];
  }
  return payload.action === "unlabeled" ? [{ kind: "issue.unlabeled", ...base }] : [];
}
