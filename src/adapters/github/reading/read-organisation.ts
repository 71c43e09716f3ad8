import { ORGANISATION_PATH, ORGANISATION_REPOSITORY } from "../../../core/organisation/view-organisation.ts";
import type { RepoRef } from "../../../core/repo.ts";
import type { GitHub } from "../client/client.ts";
import { orUndefined } from "../client/github-problem.ts";
import type { Data } from "../client/routes.ts";
import type { Scope } from "../client/send.ts";
import { textOfContent } from "./file-source.ts";

const ROUTE = "GET /repos/{owner}/{repo}/contents/{path}";

/**
 * The text of the owner's file; null when the owner has none that the installation may see. Any other failure is one: an
 * outage must not look as if everything were allowed. It is read with what the whole installation may see, as the file of
 * one repository counts for all of them, and so is remembered once for all of them.
 */
export async function readOrganisation(
  github: GitHub,
  { installationId }: Pick<RepoRef, "installationId">,
  owner: string,
): Promise<string | null> {
  const scope: Scope = { kind: "token", installationId, repositoryId: null };
  const parameters = { owner, repo: ORGANISATION_REPOSITORY, path: ORGANISATION_PATH };
  const answer = await orUndefined(github.send(scope, { route: ROUTE, parameters }, { remember: true }));
  // A repository that was renamed is not the owner's any more that this name stands for.
  if (answer?.status !== 200) return null;
  return textOfContent(answer.data as Data<typeof ROUTE>, ORGANISATION_PATH);
}
