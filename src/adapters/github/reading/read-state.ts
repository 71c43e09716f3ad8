import type { IssueOutcome } from "../../../core/facts.ts";
import type { RepoRef } from "../../../core/repo.ts";
import type { GitHub } from "../client/client.ts";
import { isFailure } from "../client/github-problem.ts";
import type { Scope } from "../client/send.ts";
import { readIssueOutcome } from "./issue-outcome.ts";

const REFERENCE = /^(?:([A-Za-z0-9-]+)\/([\w.-]+))?#?([1-9]\d{0,9})$/;

/**
 * State of an issue or pull request that somebody named: `#5`, `owner/name#5`. It may be anywhere, so it is read with what
 * the whole installation may see, and only its state is looked at.
 */
export async function readState(github: GitHub, repo: RepoRef, ref: string): Promise<IssueOutcome> {
  const [, owner = repo.owner, name = repo.name, number] = REFERENCE.exec(ref.trim()) ?? [];
  if (number === undefined) return "unknown";
  const scope: Scope = { kind: "token", installationId: repo.installationId, repositoryId: null };
  const parameters = { owner, repo: name, issue_number: Number(number) };
  const route = "GET /repos/{owner}/{repo}/issues/{issue_number}";
  try {
    const answer = await github.send(scope, { route, parameters }, { remember: true });
    const moved = findNewPlace(answer.headers.location);
    const found = moved ? await github.send(scope, moved) : answer;
    return readIssueOutcome(found.data);
  } catch (error) {
    if (isFailure(error, "gone", "refused")) return "unknown";
    throw error;
  }
}

/** Renamed repositories and transferred issues redirect to where they are by id. */
function findNewPlace(location: string | number | undefined) {
  const [, id, issue_number] = /\/repositories\/(\d+)\/issues\/(\d+)$/.exec(String(location ?? "")) ?? [];
  if (id === undefined) return undefined;
  return { route: "GET /repositories/{id}/issues/{issue_number}", parameters: { id, issue_number } };
}
