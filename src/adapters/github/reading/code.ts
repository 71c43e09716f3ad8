import type { PullNow } from "../../../core/facts.ts";
import type { RepoRef } from "../../../core/repo.ts";
import type { Code, PullWanted } from "../../../ports/github.ts";
import type { GitHub } from "../client/client.ts";
import { listOpenPulls } from "../pulls/list-open-pulls.ts";
import { readApprovals } from "../pulls/read-approvals.ts";
import { readClosedIssues } from "../pulls/read-closed-issues.ts";
import { readGroup } from "../pulls/read-group.ts";
import { readOwnersFile } from "../pulls/read-owners-file.ts";
import { readPull } from "../pulls/read-pull.ts";
import { createReports } from "../reports/create-reports.ts";
import { readFileAt } from "./file-source.ts";
import { type BranchInterests, readBranchFacts } from "./read-branch-facts.ts";
import { readOrganisation } from "./read-organisation.ts";

/** Reads code and pull requests. */
export function createCode(github: GitHub, interests: BranchInterests): Code {
  const reports = createReports(github);
  return {
    branchFacts: (repo, inForce) =>
      readBranchFacts(github.repository(repo), {
        interests,
        inForce,
        readOrganisation: (owner) => readOrganisation(github, repo, owner),
      }),
    async pull(repo, number, wanted) {
      const pull = await readPull(github.repository(repo), number);
      if (pull?.state !== "open") return pull;
      const read = { ...pull, ...(await readPeople(github, repo, { pull, wanted })) };
      return wanted.reports === null ? read : reports.addToPull(repo, read, wanted.reports);
    },
    async group(repo, group, wanted) {
      const now = await readGroup(github.repository(repo), group);
      if (now === undefined || wanted.reports === null) return now;
      return reports.addToGroup(repo, { now, baseSha: group.baseSha }, wanted.reports);
    },
    openPulls: (repo) => listOpenPulls(github.repository(repo)),
    fileAt: (repo, sha, path) => readFileAt(github.repository(repo), sha, path),
  };
}

/** What people said of a pull request, what it is for, and who has to agree. */
async function readPeople(
  github: GitHub,
  repo: RepoRef,
  { pull, wanted }: { readonly pull: PullNow; readonly wanted: PullWanted },
): Promise<Pick<PullNow, "reviews" | "closes" | "owners">> {
  const api = github.repository(repo);
  const reviews = wanted.reviews ? await readApprovals(api, pull) : undefined;
  const closes = wanted.closes ? await readClosedIssues(api, pull) : undefined;
  const owners = wanted.owners ? await readOwnersFile(github, repo, pull) : undefined;
  return { ...(reviews && { reviews }), ...(closes && { closes }), ...(owners && { owners }) };
}
