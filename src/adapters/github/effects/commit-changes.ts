import type { FileChange } from "../../../core/effects.ts";
import type { RepositoryApi } from "../client/repository-api.ts";

/** Larger files go up one by one, so that no single request becomes too large. */
const MAX_INLINE_BYTES = 256 * 1024;

export interface CommitPlan {
  readonly baseSha: string;
  /** Head of the branch that is continued; null for a new branch. */
  readonly headSha: string | null;
  readonly message: string;
  readonly changes: readonly FileChange[];
}

/** Makes the commit that the changes on top of the base are; undefined when they change nothing. */
export async function commitChanges(api: RepositoryApi, plan: CommitPlan): Promise<string | undefined> {
  const { before, after } = await writeTree(api, plan);
  if (after === before) return undefined;
  const { data: commit } = await api.write("POST /repos/{owner}/{repo}/git/commits", {
    message: plan.message,
    tree: after,
    parents: await listParents(api, plan),
  });
  return commit.sha;
}

/** The trees of the base and of the changes on top of it; a tree that is there already is not made twice. */
export async function writeTree(
  api: RepositoryApi,
  { baseSha, changes }: Pick<CommitPlan, "baseSha" | "changes">,
): Promise<{ readonly before: string; readonly after: string }> {
  const route = "GET /repos/{owner}/{repo}/git/commits/{commit_sha}";
  const { tree: base } = await api.read(route, { commit_sha: baseSha });
  const tree = [];
  for (const change of changes) tree.push(await describeChange(api, change));
  const { data } = await api.write("POST /repos/{owner}/{repo}/git/trees", { base_tree: base.sha, tree });
  return { before: base.sha, after: data.sha };
}

async function describeChange(api: RepositoryApi, { path, mode, contentBase64 }: FileChange) {
  const entry = { path, mode, type: "blob" as const };
  if (contentBase64 === null) return { ...entry, sha: null };
  const bytes = Buffer.from(contentBase64, "base64");
  const text = bytes.length <= MAX_INLINE_BYTES ? decodeText(bytes) : undefined;
  if (text !== undefined) return { ...entry, content: text };
  const { data: blob } = await api.write("POST /repos/{owner}/{repo}/git/blobs", {
    content: bytes.toString("base64"),
    encoding: "base64",
  });
  return { ...entry, sha: blob.sha };
}

/** Undefined for what would not come back byte for byte. */
function decodeText(bytes: Buffer): string | undefined {
  const text = bytes.toString("utf8");
  return !text.includes("\u0000") && Buffer.from(text, "utf8").equals(bytes) ? text : undefined;
}

/**
 * The branch's head, so that the branch only ever moves forward; and the base as well when the branch does not have it yet,
 * or the base's own news would look like changes of this task.
 */
async function listParents(api: RepositoryApi, { baseSha, headSha }: CommitPlan): Promise<string[]> {
  if (headSha === null || headSha === baseSha) return [baseSha];
  const { status } = await api.read("GET /repos/{owner}/{repo}/compare/{basehead}", {
    basehead: `${baseSha}...${headSha}`,
    per_page: 1,
  });
  return status === "ahead" ? [headSha] : [headSha, baseSha];
}
