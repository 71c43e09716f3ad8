import type { Action } from "../../../core/effects.ts";
import { isFailure, orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { cutMarkdown, cutText, MAX_BODY_CHARACTERS } from "../cut-markdown.ts";
import { commitChanges, writeTree } from "./commit-changes.ts";
import { createEffectRow, done, type EffectContext, type Performed, refused } from "./effect-row.ts";

type Publish = Extract<Action, { kind: "publish" }>;

const TRAILER = "Orchestrator-Attempt: ";
const MAX_TITLE_CHARACTERS = 256;

/** Git objects are no content in GitHub's sense; opening the pull request is, and is counted by itself. */
export const publishRow = createEffectRow("publish", { content: false, perform: publish });

/** Commit, branch and pull request are each looked for before they are made, so this can be repeated at any point. */
async function publish({ api }: EffectContext, action: Publish): Promise<Performed> {
  const head = await readHead(api, action.branch);
  if (head && !(await isOurs(api, action, head)))
    return refused(409, `The branch ${action.branch} was changed by somebody else.`);
  const headSha = head?.attempt === action.correlation ? head.sha : await moveBranch(api, action, head?.sha);
  if (headSha === undefined) return refused(422, "The changes leave every file as it is.");
  const pull = (await findPull(api, action)) ?? (await openPull(api, action));
  return done({ pull: pull.number, headSha, branch: action.branch, url: pull.html_url }, pull.number);
}

interface Head {
  readonly sha: string;
  readonly tree: string;
  /** The attempt that it says it belongs to. */
  readonly attempt: string | undefined;
}

/** Anybody may write a trailer, so what says that it is this attempt's has to hold what the attempt changed, and nothing else. */
async function isOurs(api: RepositoryApi, action: Publish, { attempt, tree }: Head): Promise<boolean> {
  if (attempt !== action.correlation) return Boolean(attempt);
  return (await writeTree(api, action)).after === tree;
}

/** Where the branch is; undefined when there is none. */
async function readHead(api: RepositoryApi, branch: string): Promise<Head | undefined> {
  const ref = await orUndefined(
    api.read("GET /repos/{owner}/{repo}/git/ref/{ref}", { ref: `heads/${branch}` }),
  );
  if (!ref) return undefined;
  const { sha } = ref.object;
  const commit = await api.read("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", { commit_sha: sha });
  // Only the last line: above it stands text that came from elsewhere.
  const last = commit.message.trimEnd().split("\n").at(-1) ?? "";
  const attempt = last.startsWith(TRAILER) ? last.slice(TRAILER.length) : undefined;
  return { sha, tree: commit.tree.sha, attempt };
}

/** Undefined when there is nothing to commit. */
async function moveBranch(
  api: RepositoryApi,
  { branch, baseSha, message, correlation, changes }: Publish,
  from: string | undefined,
): Promise<string | undefined> {
  const sha = await commitChanges(api, {
    baseSha,
    headSha: from ?? null,
    message: `${message.trimEnd()}\n\n${TRAILER}${correlation}`,
    changes,
  });
  if (sha === undefined) return undefined;
  if (from === undefined) {
    await api.write("POST /repos/{owner}/{repo}/git/refs", { ref: `refs/heads/${branch}`, sha });
  } else {
    await api.write("PATCH /repos/{owner}/{repo}/git/refs/{ref}", {
      ref: `heads/${branch}`,
      sha,
      force: false,
    });
  }
  return sha;
}

/** Whatever its base: somebody may have pointed it at another branch, which is for the gates to say. */
async function findPull(api: RepositoryApi, { branch }: Publish) {
  const pulls = await api.read("GET /repos/{owner}/{repo}/pulls", {
    head: `${api.repo.owner}:${branch}`,
    state: "open",
  });
  return pulls.find((pull) => pull.head.ref === branch && Number(pull.head.repo?.id) === api.repo.id);
}

async function openPull(api: RepositoryApi, action: Publish) {
  const { branch, baseRef, title, body, draft } = action;
  try {
    const { data } = await api.counted().write("POST /repos/{owner}/{repo}/pulls", {
      head: branch,
      base: baseRef,
      title: cutText(title, MAX_TITLE_CHARACTERS),
      body: cutMarkdown(body, MAX_BODY_CHARACTERS),
      draft,
    });
    return data;
  } catch (error) {
    // Lists lag: it may have been opened by an earlier try after all.
    const found =
      isFailure(error, "refused") && error.failure.status === 422 && (await findPull(api, action));
    if (found) return found;
    throw error;
  }
}
