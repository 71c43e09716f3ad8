import type { IssueNow, IssueOutcome } from "../../../core/facts.ts";
import type { Permission, RepoRef } from "../../../core/repo.ts";
import type { Issues } from "../../../ports/github.ts";
import type { GitHub } from "../client/client.ts";
import { orUndefined } from "../client/github-problem.ts";
import { findLabeller } from "./find-labeller.ts";
import { readIssueOutcome } from "./issue-outcome.ts";
import { readState } from "./read-state.ts";

const ROLES: readonly Permission[] = ["none", "read", "triage", "write", "maintain", "admin"];
const MAX_PAGES = 50;

/** Reads people and issues. */
export function createIssues(github: GitHub): Issues {
  return {
    permissionOf: (repo, login) => readPermission(github, repo, login),
    issue: (repo, number) => readIssue(github, repo, number),
    blockedBy: (repo, number) => listBlockers(github, repo, number),
    stateOf: (repo, ref) => readState(github, repo, ref),
    labeledBy: (repo, issue, label) => findLabeller(github.repository(repo), issue, label),
    openIssuesWithLabel: (repo, label) => listLabelled(github, repo, label),
  };
}

/** A custom role has a name of its own; what it extends is then in the older, coarser field. */
async function readPermission(github: GitHub, repo: RepoRef, login: string): Promise<Permission> {
  const answer = await orUndefined(
    github
      .repository(repo)
      .read("GET /repos/{owner}/{repo}/collaborators/{username}/permission", { username: login }),
  );
  const names = [answer?.role_name, answer?.permission];
  return ROLES.find((role) => role === names[0]) ?? ROLES.find((role) => role === names[1]) ?? "none";
}

async function readIssue(github: GitHub, repo: RepoRef, number: number): Promise<IssueNow | undefined> {
  const issue = await orUndefined(
    github
      .repository(repo)
      .read("GET /repos/{owner}/{repo}/issues/{issue_number}", { issue_number: number }, { remember: true }),
  );
  return issue && toIssueNow(issue);
}

interface IssueAnswer {
  readonly number: number;
  readonly state: string;
  readonly state_reason?: string | null;
  readonly title: string;
  readonly body?: string | null;
  readonly labels: readonly (string | { readonly name?: string })[];
  readonly pull_request?: { readonly merged_at?: string | null };
  readonly locked?: boolean;
}

const STATE_REASONS = ["completed", "not_planned", "duplicate", "reopened"] as const;

function toIssueNow(issue: IssueAnswer): IssueNow {
  return {
    number: issue.number,
    state: issue.state === "open" ? "open" : "closed",
    stateReason: STATE_REASONS.find((reason) => reason === issue.state_reason) ?? null,
    title: issue.title,
    body: issue.body ?? "",
    labels: issue.labels.map((label) => (typeof label === "string" ? label : (label.name ?? ""))),
    isPull: issue.pull_request !== undefined,
    locked: issue.locked ?? false,
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
