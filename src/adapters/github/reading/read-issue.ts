import type { IssueNow } from "../../../core/facts.ts";
import { orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";

/** Undefined when the issue is deleted, transferred or not visible. */
export async function readIssue(api: RepositoryApi, number: number): Promise<IssueNow | undefined> {
  const route = "GET /repos/{owner}/{repo}/issues/{issue_number}";
  const issue = await orUndefined(api.read(route, { issue_number: number }, { remember: true }));
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

export function toIssueNow(issue: IssueAnswer): IssueNow {
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
