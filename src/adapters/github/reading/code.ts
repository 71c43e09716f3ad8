import type { Code } from "../../../ports/github.ts";
import type { GitHub } from "../client/client.ts";
import { createPullReports } from "../reports/create-pull-reports.ts";
import { readFileAt } from "./file-source.ts";
import { type BranchInterests, readBranchFacts } from "./read-branch-facts.ts";
import { readPull } from "./read-pull.ts";

/** Reads code and pull requests. */
export function createCode(github: GitHub, interests: BranchInterests): Code {
  const addReports = createPullReports(github);
  return {
    branchFacts: (repo, inForce) => readBranchFacts(github.repository(repo), interests, inForce),
    async pull(repo, number, reports = null) {
      const pull = await readPull(github.repository(repo), number);
      return pull === undefined || reports === null ? pull : addReports(repo, pull, reports);
    },
    fileAt: (repo, sha, path) => readFileAt(github.repository(repo), sha, path),
  };
}
