import type { OwnersFile, PullNow } from "../../../core/facts.ts";
import { touchedPaths } from "../../../core/gate/match-paths.ts";
import { findOwners } from "../../../core/gate/owners/find-owners.ts";
import { readOwners } from "../../../core/gate/owners/read-owners.ts";
import type { RepoRef } from "../../../core/repo.ts";
import type { GitHub } from "../client/client.ts";
import { isFailure, orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { decodeText } from "../reading/file-source.ts";
import { readBranchHead } from "./read-branch-head.ts";
import { readTeamMembers } from "./read-team-members.ts";

/** GitHub takes the first one that is there. */
const PLACES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];
/** Longer than GitHub itself reads one: whoever reads the text refuses it for its length. */
const TOO_LARGE = "#".repeat(3 * 1024 * 1024 + 1);
const MAX_TEAMS = 20;

/** `CODEOWNERS` at the head of the base branch; undefined when there is no such branch any more. */
export async function readOwnersFile(
  github: GitHub,
  repo: RepoRef,
  { baseRef, files }: Pick<PullNow, "baseRef" | "files">,
): Promise<OwnersFile | undefined> {
  const api = github.repository(repo);
  const base = await readBranchHead(api, baseRef);
  if (base === undefined) return undefined;
  for (const path of PLACES) {
    const text = await readText(api, path, base);
    if (text === null) continue;
    const teams = files === null ? [] : listTeams(text, touchedPaths(files));
    return { text, path, teams: await readTeams(github, repo, teams) };
  }
  return { text: null, path: null, teams: {} };
}

async function readText(api: RepositoryApi, path: string, ref: string): Promise<string | null> {
  try {
    const route = "GET /repos/{owner}/{repo}/contents/{path}";
    const content = await orUndefined(api.read(route, { path, ref }, { remember: true }));
    if (!content || Array.isArray(content) || content.type !== "file") return null;
    // Of a large file everything is said but what is in it.
    const isGiven = "content" in content && content.encoding === "base64";
    return isGiven ? decodeText(content.content) : TOO_LARGE;
  } catch (error) {
    if (isFailure(error, "refused") && error.failure.status === 403) return TOO_LARGE;
    throw error;
  }
}

/** Teams whose word counts for one of the paths, in lower case, each once. */
function listTeams(text: string, paths: readonly string[]): readonly string[] {
  const found = findOwners(readOwners(text) ?? [], paths);
  const owners = [...new Set(found?.values() ?? [])].flatMap((rule) => rule.owners);
  return [...new Set(owners.filter(({ kind }) => kind === "team").map(({ name }) => name.toLowerCase()))];
}

async function readTeams(
  github: GitHub,
  repo: RepoRef,
  names: readonly string[],
): Promise<OwnersFile["teams"]> {
  const teams = new Map<string, readonly number[] | null>();
  for (const [index, name] of names.entries()) {
    teams.set(name, index < MAX_TEAMS ? await readTeamMembers(github, repo, name) : null);
  }
  return Object.fromEntries(teams);
}
