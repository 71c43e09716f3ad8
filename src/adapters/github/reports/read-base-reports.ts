import type { ReportSet } from "../../../core/facts.ts";
import { isProse } from "../../../core/gate/reports/is-prose.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { hasBranchReported } from "./has-branch-reported.ts";
import type { CommitReports } from "./read-commit-reports.ts";

export interface BaseReportsQuestion {
  readonly api: RepositoryApi;
  readonly sha: string;
  /** The branch that the commit was pushed to. */
  readonly branch: string;
  readonly artifact: string;
  readonly read: (sha: string) => Promise<CommitReports>;
}

/** How far back documents alone may have been changed. */
const MAX_STEPS = 10;
/** GitHub lists no more files of a commit on one page. */
const MAX_FILES = 300;
/**
 * Reads the reports that pushes of a base left. Where only documents were changed since the commit before it, that one's are as
 * good. A commit that has none is missing them only if its branch never had any; else they are lost, and nobody knows what they said.
 */
export async function readBaseReports(question: BaseReportsQuestion): Promise<ReportSet> {
  const { api, branch, artifact, read, sha } = question;
  const own = await read(sha);
  if (own.kind !== "missing") return own;
  if (!(await hasBranchReported({ api, branch, artifact }))) return { kind: "missing", runs: own.runs };
  const earlier = await readBeforeDocuments(question);
  return earlier ?? { kind: "unreadable", why: describeLoss(own, question) };
}

async function readBeforeDocuments({ api, sha, read }: BaseReportsQuestion): Promise<ReportSet | undefined> {
  let at: string | undefined = sha;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    at = await findParentOfProse(api, at);
    if (at === undefined) return undefined;
    const reports = await read(at);
    if (reports.kind !== "missing") return reports;
  }
  return undefined;
}

/** The first parent of a commit that changed documents alone, or nothing; a merge is held against its branch. */
async function findParentOfProse(api: RepositoryApi, sha: string): Promise<string | undefined> {
  const { files, parents } = await api.read("GET /repos/{owner}/{repo}/commits/{ref}", { ref: sha });
  if (files === undefined || files.length >= MAX_FILES) return undefined;
  const isAllProse = files.every(
    ({ filename, previous_filename: before }) => isProse(filename) && isProse(before ?? filename),
  );
  return isAllProse ? parents[0]?.sha : undefined;
}

function describeLoss(
  { runs, unasked = 0 }: Extract<CommitReports, { readonly kind: "missing" }>,
  { sha, branch }: BaseReportsQuestion,
): string {
  const commit = `the base commit ${sha.slice(0, 7)}`;
  const others = `though pushes to ${branch} leave one`;
  if (unasked > 0) return `so many runs of ${commit} have ended that not all of them were asked, ${others}`;
  return runs === 0 ? `no push ran for ${commit}, ${others}` : `no run of ${commit} left it, ${others}`;
}
