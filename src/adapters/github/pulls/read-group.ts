import type { ChangedFile, PullNow } from "../../../core/facts.ts";
import type { GroupRef } from "../../../ports/github.ts";
import { isFailure, orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { AccountOrGhost } from "../reading/account.ts";
import { toChangedFile } from "./changed-file.ts";
import { readCommitChecks } from "./read-commit-checks.ts";

/** GitHub lists no more files between two commits than that, and does not say how many there are. */
const MAX_FILES = 300;

/** The commit that a merge queue made, in the shape of a pull request; undefined when it is gone. */
export async function readGroup(
  api: RepositoryApi,
  { number, sha, headRef, baseRef, baseSha }: GroupRef,
): Promise<PullNow | undefined> {
  const files = await orUndefined(listFiles(api, baseSha, sha));
  if (files === undefined) return undefined;
  return {
    number,
    url: "",
    state: "open",
    merged: false,
    draft: false,
    headSha: sha,
    headRef,
    headRepoId: api.repo.id,
    baseRef,
    // The queue has merged it already.
    mergeable: true,
    author: AccountOrGhost.parse(null),
    title: "",
    body: "",
    changedFiles: files?.length ?? MAX_FILES,
    files,
    ...(await readCommitChecks(api, sha)),
  };
}

/** Null when they may be more than are listed, or are not those that the commit adds to its base. */
async function listFiles(
  api: RepositoryApi,
  baseSha: string,
  sha: string,
): Promise<readonly ChangedFile[] | null> {
  try {
    // Files are on the first page whatever its size; commits are not asked about.
    const about = { basehead: `${baseSha}...${sha}`, per_page: 1, page: 1 };
    const compared = await api.read("GET /repos/{owner}/{repo}/compare/{basehead}", about);
    const { files, merge_base_commit: base } = compared;
    const isWhole = files !== undefined && files.length < MAX_FILES && base.sha === baseSha;
    return isWhole ? files.map(toChangedFile) : null;
  } catch (error) {
    // Some differences take GitHub too long.
    if (isFailure(error, "refused")) return null;
    throw error;
  }
}
