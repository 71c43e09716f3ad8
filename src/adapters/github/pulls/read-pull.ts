import type { ChangedFile, PullNow } from "../../../core/facts.ts";
import { cleanText } from "../clean-text.ts";
import { GitHubProblem, orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { AccountOrGhost } from "../reading/account.ts";
import { commitOf, toChangedFile } from "./changed-file.ts";
import { readCommitChecks } from "./read-commit-checks.ts";

const PULL_ROUTE = "GET /repos/{owner}/{repo}/pulls/{pull_number}";
/** GitHub lists no more files than that. */
const MAX_FILES = 3_000;
const MAX_FILE_PAGES = MAX_FILES / 100;
const MAX_TRIES = 3;

/**
 * Reads a pull request with its files and checks. Files are listed of whatever the head and the base are at that moment, so
 * both are looked at before and after: a push in between would put the files of one commit under the name of another. A head that
 * went and came back meanwhile shows in the files alone, which name their commit.
 */
export async function readPull(api: RepositoryApi, number: number): Promise<PullNow | undefined> {
  let isOfHead = true;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const pull = await orUndefined(readHead(api, number));
    if (!pull) return undefined;
    const { files, commits } = await listFiles(api, number, pull.changed_files);
    const checks = await readCommitChecks(api, pull.head.sha);
    const after = await orUndefined(readHead(api, number));
    if (!after) return undefined;
    const isSame = after.head.sha === pull.head.sha && after.base.ref === pull.base.ref;
    const areOfHead = [...commits].every((sha) => sha === pull.head.sha);
    if (isSame && areOfHead) return { ...toPullNow(after), files, ...checks };
    isOfHead = areOfHead || !isSame;
  }
  // No outage, for which everything else would wait: after a few tries it is said of this pull request.
  if (!isOfHead) throw new Error("the files of another commit than its head are listed");
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

interface FileList {
  readonly files: readonly ChangedFile[] | null;
  /** Those that the files say they are of. */
  readonly commits: ReadonlySet<string>;
}

async function listFiles(api: RepositoryApi, number: number, expected: number): Promise<FileList> {
  const commits = new Set<string>();
  if (expected > MAX_FILES) return { files: null, commits };
  const files: ChangedFile[] = [];
  const route = "GET /repos/{owner}/{repo}/pulls/{pull_number}/files";
  for await (const page of api.pages(route, { pull_number: number }, MAX_FILE_PAGES)) {
    files.push(...page.map(toChangedFile));
    for (const commit of page.map(commitOf)) if (commit !== undefined) commits.add(commit);
  }
  // A list that shrank or overlapped between two pages is not a list to judge by.
  const paths = new Set(files.map((file) => file.path));
  return { files: paths.size < expected ? null : files, commits };
}
