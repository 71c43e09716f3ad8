import type { IssueNow, IssueOutcome } from "../../../core/facts.ts";
import type { RepoRef } from "../../../core/repo.ts";
import type { Issues } from "../../../ports/github.ts";
import type { GitHub } from "../client/client.ts";
import { orUndefined } from "../client/github-problem.ts";
import { findLabeller, findUnlabeller } from "./find-labeller.ts";
import { readIssueOutcome } from "./issue-outcome.ts";
import { readIssue, toIssueNow } from "./read-issue.ts";
import { readPermission } from "./read-permission.ts";
import { readState } from "./read-state.ts";

const MAX_PAGES = 50;

/** Reads people and issues. */
export function createIssues(github: GitHub): Issues {
  return {
    permissionOf: (repo, login) => readPermission(github.repository(repo), login),
    issue: (repo, number) => readIssue(github.repository(repo), number),
    blockedBy: (repo, number) => listBlockers(github, repo, number),
    stateOf: (repo, ref) => readState(github, repo, ref),
    labeledBy: (repo, issue, label) => findLabeller(github.repository(repo), issue, label),
    unlabeledBy: (repo, issue, label) => findUnlabeller(github.repository(repo), issue, label),
    hasLabel: (repo, label) => hasLabel(github, repo, label),
    openIssuesWithLabel: (repo, label) => listLabelled(github, repo, label),
  };
}

async function listBlockers(
  github: GitHub,
  repo: RepoRef,
  number: number,
): Promise<readonly { readonly ref: string; readonly state: IssueOutcome }[]> {
  const route = "GET /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by";
  const blockers = new Map<string, IssueOutcome>();
  // Servers without the feature answer 404, which means no blocker.
  await orUndefined(
    (async () => {
      for await (const page of github.repository(repo).pages(route, { issue_number: number }, MAX_PAGES)) {
        for (const issue of page) {
          const [owner, name] = issue.repository_url.split("/").slice(-2);
          blockers.set(`${owner}/${name}#${issue.number}`, readIssueOutcome(issue));
        }
      }
    })(),
  );
  return [...blockers].map(([ref, state]) => ({ ref, state }));
}

async function listLabelled(github: GitHub, repo: RepoRef, label: string): Promise<readonly IssueNow[]> {
  const pages = github
    .repository(repo)
    .pages("GET /repos/{owner}/{repo}/issues", { labels: label, state: "open" }, MAX_PAGES);
  const issues = new Map<number, IssueNow>();
  for await (const page of pages) {
    for (const issue of page) issues.set(issue.number, toIssueNow(issue));
  }
  return [...issues.values()];
}

async function hasLabel(github: GitHub, repo: RepoRef, name: string): Promise<boolean> {
  const route = "GET /repos/{owner}/{repo}/labels/{name}";
  return (await orUndefined(github.repository(repo).read(route, { name }, { remember: true }))) !== undefined;
}
