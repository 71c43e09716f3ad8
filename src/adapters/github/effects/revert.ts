import type { Action } from "../../../core/effects.ts";
import { isFailure, orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { cutText } from "../cut-markdown.ts";
import { hiddenMarker } from "../marker.ts";
import { createEffectRow, done, type EffectContext, type Performed, refused } from "./effect-row.ts";
import { findOwnText } from "./find-own-text.ts";
import { markBody } from "./issue-comments.ts";
import { undoMerge } from "./undo-merge.ts";

type Revert = Extract<Action, { kind: "revert" }>;

const TRAILER = "Orchestrator-Reverts: ";
const MAX_TITLE_CHARACTERS = 256;
const MAX_PAGES = 1;

/** Git objects are no content in GitHub's sense; opening the pull request is, and is counted by itself. */
export const revertRow = createEffectRow("revert", { content: false, perform: revert });

/** Pull request, branch and commit are each looked for before they are made, so this can be repeated at any point. */
async function revert(context: EffectContext, action: Revert): Promise<Performed> {
  const { api } = context;
  const known = await findPull(context, action);
  if (known !== undefined) return finish(api, action, known);
  const problem = await prepareBranch(context, action);
  if (problem !== undefined) return problem;
  return finish(api, action, await openPull(context, action));
}

interface Opened {
  readonly number: number;
  readonly html_url: string;
  readonly head: { readonly sha: string };
}

async function finish(api: RepositoryApi, { issue, branch }: Revert, pull: Opened): Promise<Performed> {
  await reopenIssue(api, issue);
  return done({ pull: pull.number, headSha: pull.head.sha, branch, url: pull.html_url }, pull.number);
}

/** Also one that people have merged or closed meanwhile: they were asked once. */
async function findPull(context: EffectContext, { branch }: Revert): Promise<Opened | undefined> {
  const { api } = context;
  const about = { head: `${api.repo.owner}:${branch}`, state: "all" } as const;
  const pages = api.pages("GET /repos/{owner}/{repo}/pulls", about, MAX_PAGES);
  return findOwnText(context, pages, hiddenMarker("pull", context.key));
}

/** Makes the branch when it is not there; what stands against that is the answer. */
async function prepareBranch(
  { api, mayHaveHappened }: EffectContext,
  action: Revert,
): Promise<Performed | undefined> {
  const { branch, mergeSha, title } = action;
  const trailer = `${TRAILER}${mergeSha}`;
  const head = await readLastLine(api, branch);
  // Anybody may write that line: before a first try nothing there is ours.
  if (head === trailer && mayHaveHappened) return undefined;
  if (head !== undefined) return refused(409, `The branch ${branch} was made by somebody else.`);
  const message = `${cutText(title, MAX_TITLE_CHARACTERS)}\n\nThis takes back ${mergeSha}.\n\n${trailer}`;
  const undone = await undoMerge(api, { ...action, message });
  if (undone.kind === "refused") return refused(409, undone.why);
  await api.write("POST /repos/{owner}/{repo}/git/refs", { ref: `refs/heads/${branch}`, sha: undone.sha });
  return undefined;
}

/** Of the message of a branch's last commit; undefined when there is no branch. */
async function readLastLine(api: RepositoryApi, branch: string): Promise<string | undefined> {
  const ref = await orUndefined(
    api.read("GET /repos/{owner}/{repo}/git/ref/{ref}", { ref: `heads/${branch}` }),
  );
  if (!ref) return undefined;
  const { sha } = ref.object;
  const commit = await api.read("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", { commit_sha: sha });
  return commit.message.trimEnd().split("\n").at(-1) ?? "";
}

async function openPull(context: EffectContext, action: Revert): Promise<Opened> {
  const { branch, baseRef, title, body } = action;
  try {
    const { data } = await context.api.counted().write("POST /repos/{owner}/{repo}/pulls", {
      head: branch,
      base: baseRef,
      title: cutText(title, MAX_TITLE_CHARACTERS),
      body: markBody(hiddenMarker("pull", context.key), body),
    });
    return data;
  } catch (error) {
    // Lists lag: it may have been opened by an earlier try after all.
    const isThere = isFailure(error, "refused") && error.failure.status === 422;
    const found = isThere ? await findPull(context, action) : undefined;
    if (found !== undefined) return found;
    throw error;
  }
}

/** The work is not done any more, if somebody or the merge itself had said that it was. */
async function reopenIssue(api: RepositoryApi, number: number): Promise<void> {
  const about = { issue_number: number };
  const issue = await orUndefined(api.read("GET /repos/{owner}/{repo}/issues/{issue_number}", about));
  if (issue?.state !== "closed") return;
  await orUndefined(
    api.write("PATCH /repos/{owner}/{repo}/issues/{issue_number}", { ...about, state: "open" }),
  );
}
