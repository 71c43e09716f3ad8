import type { Projection } from "../../../core/effects.ts";
import { orUndefined } from "../client/github-problem.ts";
import { cutText } from "../cut-markdown.ts";
import { hiddenMarker } from "../marker.ts";
import { createEffectRow, done, type EffectContext, type Performed } from "./effect-row.ts";
import { findOwnText } from "./find-own-text.ts";
import { markBody } from "./issue-comments.ts";

type IssueProjection = Extract<Projection, { kind: "issue" }>;

const MAX_TITLE_CHARACTERS = 256;
const MAX_PAGES = 10;

export const issueRow = createEffectRow("issue", { content: true, perform: projectIssue });

async function projectIssue(context: EffectContext, wanted: IssueProjection): Promise<Performed> {
  const marker = hiddenMarker("issue", context.key);
  const title = cutText(wanted.title, MAX_TITLE_CHARACTERS);
  const body = markBody(marker, wanted.body);
  const present = (await readKnown(context)) ?? (await findIssue(context, marker));
  if (wanted.state === "absent") {
    if (present?.state === "open") await closeIssue(context, present.number);
    return done({}, present?.number ?? null);
  }
  if (!present) {
    const { data } = await context.api.write("POST /repos/{owner}/{repo}/issues", { title, body });
    return done({}, data.number);
  }
  if (present.state !== "open" || present.title !== title || present.body !== body) {
    const change = { title, body, state: "open" as const };
    await context.api.write(ISSUE_ROUTE, { issue_number: present.number, ...change });
  }
  return done({}, present.number);
}

const ISSUE_ROUTE = "PATCH /repos/{owner}/{repo}/issues/{issue_number}";

async function readKnown(context: EffectContext) {
  if (context.remoteId === null) return undefined;
  const route = "GET /repos/{owner}/{repo}/issues/{issue_number}";
  return orUndefined(context.api.read(route, { issue_number: Number(context.remoteId) }));
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

async function closeIssue(context: EffectContext, number: number): Promise<void> {
  await context.api.write(ISSUE_ROUTE, { issue_number: number, state: "closed", state_reason: "completed" });
}
