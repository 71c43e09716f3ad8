import { orUndefined } from "../client/github-problem.ts";
import { cutMarkdown, MAX_BODY_CHARACTERS } from "../cut-markdown.ts";
import { type EffectContext, type Performed, refused } from "./effect-row.ts";
import { findOwnText } from "./find-own-text.ts";

const MAX_PAGES = 100;
/** GitHub's clock and ours need not agree. */
const CLOCK_MARGIN_MS = 5 * 60_000;

/** A text below its marker, as long as GitHub takes it. */
export function markBody(marker: string, body: string): string {
  return cutMarkdown(`${marker}\n${body}`, MAX_BODY_CHARACTERS);
}

/** GitHub lets no app write into a locked conversation, whatever its permissions; asking first spares it the attempt (F105). */
export async function isLocked({ api }: EffectContext, issue: number): Promise<boolean> {
  const route = "GET /repos/{owner}/{repo}/issues/{issue_number}";
  const found = await orUndefined(api.read(route, { issue_number: issue }, { remember: true }));
  return found?.locked === true;
}

/** How a text ends that a locked conversation does not take; it is written when the lock is lifted, if it still holds. */
export function refuseLocked(): Performed {
  return refused(403, "The conversation is locked.");
}

interface OwnComment {
  readonly id: number;
  readonly url: string;
  readonly body: string;
}

export async function findOwnComment(
  context: EffectContext,
  { issue, marker, since }: { readonly issue: number; readonly marker: string; readonly since?: number },
): Promise<OwnComment | undefined> {
  const route = "GET /repos/{owner}/{repo}/issues/{issue_number}/comments";
  const from = since === undefined ? {} : { since: new Date(since - CLOCK_MARGIN_MS).toISOString() };
  const pages = context.api.pages(route, { issue_number: issue, ...from }, MAX_PAGES);
  const found = await findOwnText(context, pages, marker);
  return found && toOwnComment(found);
}

export async function createComment(
  context: EffectContext,
  issue: number,
  body: string,
): Promise<OwnComment> {
  const route = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
  const { data } = await context.api.write(route, { issue_number: issue, body });
  return toOwnComment(data);
}

function toOwnComment(comment: {
  readonly id: number | bigint;
  readonly html_url: string;
  readonly body?: string;
}): OwnComment {
  return { id: Number(comment.id), url: comment.html_url, body: comment.body ?? "" };
}
