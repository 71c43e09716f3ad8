import type { PullNow } from "../../../core/facts.ts";
import { readClosingIssues } from "../../../core/pull/read-closing-issues.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { readIssue } from "../reading/read-issue.ts";

const MAX_LOOKUPS = 10;
const PULL_PAGE = /^(.*?\/([^/]+)\/([^/]+))\/pull\/\d+$/u;

/** Issues that the text of a pull request closes and that are there; undefined when the text is too long to say. */
export async function readClosedIssues(
  api: RepositoryApi,
  { number, url, body }: Pick<PullNow, "number" | "url" | "body">,
): Promise<readonly number[] | undefined> {
  const [, page = "", owner = api.repo.owner, name = api.repo.name] = PULL_PAGE.exec(url) ?? [];
  const named = readClosingIssues(body, { owner, name, url: page });
  if (named === undefined) return undefined;
  const found: number[] = [];
  for (const issue of named.filter((one) => one !== number).slice(0, MAX_LOOKUPS)) {
    const now = await readIssue(api, issue);
    if (now && !now.isPull) found.push(issue);
  }
  return found;
}
