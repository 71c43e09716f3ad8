import { z } from "zod";
import type { RepoRef } from "../../../core/repo.ts";
import type { GitHub } from "../client/client.ts";
import { isFailure } from "../client/github-problem.ts";
import type { Scope } from "../client/send.ts";

const Members = z.array(z.object({ id: z.number() }));

const ROUTE = "GET /orgs/{org}/teams/{team_slug}/members";
const MAX_PAGES = 50;

/** Ids of everybody in `@org/team`, of its child teams too; null when GitHub does not say. */
export async function readTeamMembers(
  github: GitHub,
  repo: RepoRef,
  team: string,
): Promise<readonly number[] | null> {
  const [org, team_slug] = team.replace(/^@/u, "").split("/");
  // Teams belong to the organisation, which a token for one repository says nothing of.
  const scope: Scope = { kind: "token", installationId: repo.installationId, repositoryId: null };
  const options = { remember: true, keep: (data: unknown) => Members.parse(data) };
  const ids: number[] = [];
  try {
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const parameters = { org, team_slug, per_page: 100, page };
      const { status, data, headers } = await github.send(scope, { route: ROUTE, parameters }, options);
      // An organisation that was renamed redirects; its name in the file is the old one.
      if (status !== 200) return null;
      ids.push(...Members.parse(data).map(({ id }) => id));
      if (!String(headers.link ?? "").includes('rel="next"')) return ids;
    }
    return null;
  } catch (error) {
    if (isFailure(error, "gone", "refused")) return null;
    throw error;
  }
}
