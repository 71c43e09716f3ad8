import type { ChangedFile, PullNow } from "../../../core/facts.ts";
import { cleanText } from "../clean-text.ts";
import { GitHubProblem, orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { AccountOrGhost } from "../reading/account.ts";
import { toChangedFile } from "./changed-file.ts";
import { readCommitChecks } from "./read-commit-checks.ts";

const PULL_ROUTE = "GET /repos/{owner}/{repo}/pulls/{pull_number}";
/** GitHub lists no more files than that. */
const MAX_FILES = 3_000;
const MAX_FILE_PAGES = MAX_FILES / 100;
const MAX_TRIES = 3;

/**
 * Reads a pull request with its files and checks. Files are listed without saying of which commit and against which base, so
 * both are looked at before and after: a push in between would put the files of one commit under the name of another.
 */
export async function readPull(api: RepositoryApi, number: number): Promise<PullNow | undefined> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const pull = await orUndefined(readHead(api, number));
    if (!pull) return undefined;
    const files = await listFiles(api, number, pull.changed_files);
    const checks = await readCommitChecks(api, pull.head.sha);
    const after = await orUndefined(readHead(api, number));
    if (!after) return undefined;
    if (after.head.sha === pull.head.sha && after.base.ref === pull.base.ref)
      return { ...toPullNow(after), files, ...checks };
  }
  throw new GitHubProblem(
    { kind: "unknown", why: "the pull request keeps changing while it is read" },
    PULL_ROUTE,
  );
}

function readHead(api: RepositoryApi, number: number) {
  return api.read(PULL_ROUTE, { pull_number: number }, { remember: true });
}

function toPullNow(
  pull: Awaited<ReturnType<typeof readHead>>,
): Omit<PullNow, "files" | "checks" | "pendingSuites"> {
  return {
    number: pull.number,
    url: pull.html_url ?? "",
    state: pull.state,
    merged: pull.merged,
    ...(pull.merged && pull.merge_commit_sha !== null && { mergeSha: pull.merge_commit_sha }),
    draft: pull.draft ?? false,
    headSha: pull.head.sha,
    headRef: pull.head.ref,
    headRepoId: pull.head.repo ? Number(pull.head.repo.id) : null,
    baseRef: pull.base.ref,
    mergeable: pull.mergeable,
    author: AccountOrGhost.parse(pull.user),
    title: cleanText(pull.title),
    body: cleanText(pull.body),
    changedFiles: pull.changed_files,
  };
}

async function listFiles(
  api: RepositoryApi,
  number: number,
  expected: number,
): Promise<readonly ChangedFile[] | null> {
  if (expected > MAX_FILES) return null;
  const files: ChangedFile[] = [];
  const route = "GET /repos/{owner}/{repo}/pulls/{pull_number}/files";
  for await (const page of api.pages(route, { pull_number: number }, MAX_FILE_PAGES)) {
    files.push(...page.map(toChangedFile));
  }
  // A list that shrank or overlapped between two pages is not a list to judge by.
  const paths = new Set(files.map((file) => file.path));
  return paths.size < expected ? null : files;
}
