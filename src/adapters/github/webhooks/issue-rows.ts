import type { EventOf } from "../../../core/events.ts";
import type { Actor, RepoRef } from "../../../core/repo.ts";
import { cleanText } from "../clean-text.ts";
import { AboutComment, AboutIssue, type IssuePayload } from "./payloads.ts";
import {
  aboutRepository,
  createRow,
  isOwnSender,
  labelNames,
  OWN_TRACE,
  type OwnIds,
  type Translation,
  type WebhookRow,
} from "./webhook-row.ts";

interface AboutOneIssue {
  readonly repo: RepoRef;
  readonly sender: Actor;
  readonly issue: number;
}

type IssueDelivery = typeof AboutIssue._output;

const ISSUE_ACTIONS: Readonly<Record<string, (base: AboutOneIssue, delivery: IssueDelivery) => Translation>> =
  {
    labeled: (base, { issue, label }) =>
      label
        ? [
            {
              kind: "issue.labeled",
              ...base,
              label: cleanText(label.name),
              text: issueText(issue),
              isPull: isPull(issue),
            },
          ]
        : "names no label",
    unlabeled: (base, { issue, label }) =>
      label
        ? [{ kind: "issue.unlabeled", ...base, label: cleanText(label.name), isPull: isPull(issue) }]
        : // The label itself was deleted: nobody took it off this issue.
          "names no label",
    edited: (base, { issue }) => [{ kind: "issue.edited", ...base, text: issueText(issue) }],
    closed: (base, { issue }) => [{ kind: "issue.closed", ...base, reason: issue.state_reason ?? null }],
    reopened: (base) => [{ kind: "issue.reopened", ...base }],
    unlocked: (base) => [{ kind: "issue.unlocked", ...base }],
    deleted: (base) => [{ kind: "issue.gone", ...base }],
    transferred: (base) => [{ kind: "issue.gone", ...base }],
  };

export const issuesRow: WebhookRow = createRow({
  event: "issues",
  actions: Object.keys(ISSUE_ACTIONS),
  schema: AboutIssue,
  translate(payload, own) {
    if (isOwnSender(payload.sender, own)) return OWN_TRACE;
    const translate = ISSUE_ACTIONS[payload.action ?? ""];
    return aboutRepository(
      payload,
      (repo, sender) =>
        translate?.({ repo, sender, issue: payload.issue.number }, payload) ?? "unknown action",
    );
  },
});

type CommentDelivery = typeof AboutComment._output;

/** A stop does not wait for what came before it; whether it is one is found out by the command's own parser. */
const MAY_STOP = /\/orchestrate\s+(?:stop|halt)\b/iu;

const COMMENT_ACTIONS: Readonly<
  Record<
    string,
    (base: AboutOneIssue & { readonly commentId: number }, delivery: CommentDelivery) => Translation
  >
> = {
  created: ({ repo, sender, ...base }, { issue, comment }) => {
    const body = cleanText(comment.body);
    const createdAt = Date.parse(comment.created_at);
    const { commentId } = base;
    return [
      { kind: "comment.created", repo, sender, ...base, body, isPull: isPull(issue), createdAt },
      ...(MAY_STOP.test(body)
        ? [{ kind: "stop.asked" as const, repo, sender, commentId, body, createdAt }]
        : []),
    ];
  },
  edited: (base, { comment, changes }) =>
    changes?.body
      ? [
          {
            kind: "comment.edited",
            ...base,
            body: cleanText(comment.body),
            before: cleanText(changes.body.from),
          },
        ]
      : "the text did not change",
  deleted: (base) => [{ kind: "comment.deleted", ...base }],
};

export const issueCommentRow: WebhookRow = createRow({
  event: "issue_comment",
  actions: Object.keys(COMMENT_ACTIONS),
  schema: AboutComment,
  translate(payload, own) {
    if (isOwnComment(payload, own)) return OWN_TRACE;
    const translate = COMMENT_ACTIONS[payload.action ?? ""];
    return aboutRepository(payload, (repo, sender) => {
      const base = { repo, sender, issue: payload.issue.number, commentId: payload.comment.id };
      return translate?.(base, payload) ?? "unknown action";
    });
  },
});

/** A person who deletes our comment is not us, though the comment is ours. */
function isOwnComment(payload: CommentDelivery, own: OwnIds): boolean {
  if (isOwnSender(payload.sender, own)) return true;
  return payload.action !== "deleted" && payload.comment.performed_via_github_app?.id === own.appId;
}

export function issueText(
  issue: Pick<IssuePayload, "body" | "labels"> & { readonly title?: string | undefined },
): EventOf<"issue.edited">["text"] {
  return { title: cleanText(issue.title), body: cleanText(issue.body), labels: labelNames(issue.labels) };
}

function isPull(issue: IssuePayload): boolean {
  return issue.pull_request !== undefined && issue.pull_request !== null;
}
