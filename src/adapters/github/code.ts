import type { Code } from "../../ports/github.ts";
import type { GitHub } from "./client.ts";
import { readFileAt } from "./file-source.ts";
import { type BranchInterests, readBranchFacts } from "./read-branch-facts.ts";
import { readPull } from "./read-pull.ts";

/** Reads code and pull requests. */
export function createCode(github: GitHub, interests: BranchInterests): Code {
  return {
    branchFacts: (repo, inForce) => readBranchFacts(github.repository(repo), interests, inForce),
    pull: (repo, number) => readPull(github.repository(repo), number),
    fileAt: (repo, sha, path) => readFileAt(github.repository(repo), sha, path),
  };
}
