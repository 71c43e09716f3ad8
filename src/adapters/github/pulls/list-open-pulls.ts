import type { ListedPull } from "../../../core/plan/gathered.ts";
import { orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { AccountOrGhost } from "../reading/account.ts";

const MAX_PAGES = 10;

/** Every open pull request; undefined when there are more than are read, or none can be seen. */
export async function listOpenPulls(api: RepositoryApi): Promise<readonly ListedPull[] | undefined> {
  // The oldest first: what is opened later leaves the earlier pages as they were.
  const about = { state: "open", sort: "created", direction: "asc" } as const;
  const pulls = await orUndefined(
    api.list("GET /repos/{owner}/{repo}/pulls", about, {
      maxPages: MAX_PAGES,
      pick: (page) =>
        page.map((pull) => ({
          number: pull.number,
          headSha: pull.head.sha,
          headRef: pull.head.ref,
          baseRef: pull.base.ref,
          author: AccountOrGhost.parse(pull.user),
        })),
    }),
  );
  return pulls && [...new Map(pulls.map((pull) => [pull.number, pull])).values()];
}
