import type { FileText, Projection } from "../../../core/effects.ts";
import { isFailure, orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { cutText } from "../cut-markdown.ts";
import { hiddenMarker } from "../marker.ts";
import { commitChanges } from "./commit-changes.ts";
import { createEffectRow, done, type EffectContext, type Performed, refused } from "./effect-row.ts";
import { markBody } from "./issue-comments.ts";

type FilePull = Extract<Projection, { kind: "file-pull" }>;

/** Ends the message of every commit that is made here. */
const TRAILER = "Orchestrator-Update: ";
const MAX_TITLE_CHARACTERS = 256;
const PULL_ROUTE = "PATCH /repos/{owner}/{repo}/pulls/{pull_number}";

/** Git objects are no content in GitHub's sense; opening the pull request is, and is counted by itself. */
export const filePullRow = createEffectRow("file-pull", { content: false, perform: projectFilePull });

/** Branch and pull request become what is wanted. What somebody else pushed is theirs, and the base is never written to. */
async function projectFilePull(context: EffectContext, wanted: FilePull): Promise<Performed> {
  const { api } = context;
  if (wanted.branch === wanted.baseRef) return refused(422, "The default branch is not written to.");
  const head = await readHead(api, wanted.branch);
  if (head !== undefined && !head.isOurs)
    return refused(409, `The branch ${wanted.branch} was changed by somebody else.`);
  const pull = head === undefined ? undefined : await findPull(api, wanted);
  if (wanted.state === "absent") return remove(api, wanted, { hasBranch: head !== undefined, pull });
  const problem = await writeBranch(api, wanted, { headSha: head?.sha ?? null, isOpen: pull !== undefined });
  if (problem !== undefined) return problem;
  const number =
    pull === undefined ? await openPull(context, wanted) : await updatePull(context, wanted, pull);
  return done({ pull: number }, number);
}

async function readHead(api: RepositoryApi, branch: string) {
  const route = "GET /repos/{owner}/{repo}/git/ref/{ref}";
  const ref = await orUndefined(api.read(route, { ref: `heads/${branch}` }));
  if (!ref) return undefined;
  const { sha } = ref.object;
  const { message } = await readCommit(api, sha);
  const last = message.trimEnd().split("\n").at(-1) ?? "";
  return { sha, isOurs: last === `${TRAILER}${branch}` };
}

function readCommit(api: RepositoryApi, sha: string) {
  return api.read("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", { commit_sha: sha });
}

async function findPull(api: RepositoryApi, { branch }: FilePull) {
  const pulls = await api.read("GET /repos/{owner}/{repo}/pulls", {
    head: `${api.repo.owner}:${branch}`,
    state: "open",
  });
  return pulls.find((pull) => pull.head.ref === branch && Number(pull.head.repo?.id) === api.repo.id);
}

type OpenPull = NonNullable<Awaited<ReturnType<typeof findPull>>>;

async function remove(
  api: RepositoryApi,
  { branch }: FilePull,
  { hasBranch, pull }: { readonly hasBranch: boolean; readonly pull: OpenPull | undefined },
): Promise<Performed> {
  if (pull !== undefined) await api.write(PULL_ROUTE, { pull_number: pull.number, state: "closed" });
  if (hasBranch) await deleteBranch(api, branch);
  return done();
}

async function deleteBranch(api: RepositoryApi, branch: string): Promise<void> {
  try {
    await api.write("DELETE /repos/{owner}/{repo}/git/refs/{ref}", { ref: `heads/${branch}` });
  } catch (error) {
    const isGone = isFailure(error, "gone") || (isFailure(error, "refused") && error.failure.status === 422);
    if (!isGone) throw error;
  }
}

/** Nothing is written over: a file that is not what the change was made from is for the next plan, which will have read it. */
async function writeBranch(
  api: RepositoryApi,
  { branch, baseRef, title, files }: FilePull,
  { headSha, isOpen }: { readonly headSha: string | null; readonly isOpen: boolean },
): Promise<Performed | undefined> {
  const base = await api.read("GET /repos/{owner}/{repo}/git/ref/{ref}", { ref: `heads/${baseRef}` });
  const baseSha = base.object.sha;
  for (const { path, before } of files) {
    if ((await readText(api, baseSha, path)) !== before)
      return refused(409, `${path} on ${baseRef} is not what the change was made from.`);
  }
  if (headSha !== null && isOpen && (await hasTexts(api, headSha, files))) return undefined;
  const sha = await commitChanges(api, {
    baseSha,
    headSha,
    message: `${cutText(title, MAX_TITLE_CHARACTERS)}\n\n${TRAILER}${branch}`,
    changes: files.map(({ path, after }) => ({
      path,
      mode: "100644",
      contentBase64: Buffer.from(after, "utf8").toString("base64"),
    })),
  });
  if (sha === undefined) return refused(422, "The changes leave every file as it is.");
  await moveBranch(api, { branch, sha, isNew: headSha === null });
  return undefined;
}

async function hasTexts(api: RepositoryApi, sha: string, files: readonly FileText[]): Promise<boolean> {
  for (const { path, after } of files) if ((await readText(api, sha, path)) !== after) return false;
  return true;
}

/** Null when there is no such file; undefined for one that would not come back byte for byte. */
async function readText(api: RepositoryApi, ref: string, path: string): Promise<string | null | undefined> {
  const route = "GET /repos/{owner}/{repo}/contents/{path}";
  const content = await orUndefined(api.read(route, { path, ref }));
  if (content === undefined) return null;
  if (Array.isArray(content) || content.type !== "file" || !("content" in content)) return undefined;
  const bytes = Buffer.from(content.content, "base64");
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? text : undefined;
}

async function moveBranch(
  api: RepositoryApi,
  { branch, sha, isNew }: { readonly branch: string; readonly sha: string; readonly isNew: boolean },
): Promise<void> {
  if (isNew) {
    await api.write("POST /repos/{owner}/{repo}/git/refs", { ref: `refs/heads/${branch}`, sha });
    return;
  }
  const ref = `heads/${branch}`;
  await api.write("PATCH /repos/{owner}/{repo}/git/refs/{ref}", { ref, sha, force: false });
}

function describePull(context: EffectContext, { title, body }: FilePull) {
  return {
    title: cutText(title, MAX_TITLE_CHARACTERS),
    body: markBody(hiddenMarker("pull", context.key), body),
  };
}

async function openPull(context: EffectContext, wanted: FilePull): Promise<number> {
  const { branch, baseRef } = wanted;
  try {
    const { data } = await context.api.counted().write("POST /repos/{owner}/{repo}/pulls", {
      head: branch,
      base: baseRef,
      ...describePull(context, wanted),
    });
    return data.number;
  } catch (error) {
    // Lists lag: it may have been opened by an earlier try after all.
    const isThere = isFailure(error, "refused") && error.failure.status === 422;
    const found = isThere ? await findPull(context.api, wanted) : undefined;
    if (found) return found.number;
    throw error;
  }
}

async function updatePull(context: EffectContext, wanted: FilePull, pull: OpenPull): Promise<number> {
  const { title, body } = describePull(context, wanted);
  if (pull.title !== title || pull.body !== body)
    await context.api.counted().write(PULL_ROUTE, { pull_number: pull.number, title, body });
  return pull.number;
}
