import type { Action } from "../../../core/effects.ts";
import { cutText } from "../cut-markdown.ts";
import { hiddenMarker } from "../marker.ts";
import { createEffectRow, done, type EffectContext, type Performed } from "./effect-row.ts";
import { findOwnText } from "./find-own-text.ts";
import { markBody } from "./issue-comments.ts";
import { ensureLabel } from "./labels.ts";

type OpenIssue = Extract<Action, { kind: "open-issue" }>;

const MAX_TITLE_CHARACTERS = 256;
const MAX_PAGES = 10;

export const openIssueRow = createEffectRow("open-issue", { content: true, perform: openIssue });

/** Always looked for first: the database may be younger than the issue. What people made of it since stays. */
async function openIssue(context: EffectContext, action: OpenIssue): Promise<Performed> {
  const marker = hiddenMarker("issue", `${context.api.repo.id}:${action.about}`);
  const issue = (await findIssue(context, marker)) ?? (await createIssue(context, action, marker));
  const { number, state, state_reason: reason, html_url: url } = issue;
  const isLabelled = issue.labels.some(
    (label) => nameOf(label).toLowerCase() === action.label?.toLowerCase(),
  );
  return done({ issue: number, url, state, reason: reason ?? null, isLabelled: isLabelled ? 1 : 0 }, number);
}

async function findIssue(context: EffectContext, marker: string) {
  const { slug } = await context.self();
  const pages = context.api.pages(
    "GET /repos/{owner}/{repo}/issues",
    { creator: `${slug}[bot]`, state: "all", sort: "created", direction: "desc" },
    MAX_PAGES,
  );
  return findOwnText(context, pages, marker);
}

async function createIssue(context: EffectContext, { title, body, label }: OpenIssue, marker: string) {
  if (label !== null) await ensureLabel(context, label);
  const { data } = await context.api.write("POST /repos/{owner}/{repo}/issues", {
    title: cutText(title, MAX_TITLE_CHARACTERS),
    body: markBody(marker, body),
    labels: label === null ? [] : [label],
  });
  return data;
}

function nameOf(label: string | { readonly name?: string | null }): string {
  return typeof label === "string" ? label : (label.name ?? "");
}
