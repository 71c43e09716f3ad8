import type { CheckRun, Issue, Repo, WorkflowJob, WorkflowRun } from "../../world/records.ts";
import type { User } from "../../world/user.ts";

export function repoPath(repo: Repo): string {
  return `/ui/${encodeURIComponent(repo.owner.login)}/${encodeURIComponent(repo.name)}`;
}

export function issuePath(repo: Repo, issue: Pick<Issue, "number" | "isPull">): string {
  return `${repoPath(repo)}/${issue.isPull ? "pull" : "issues"}/${issue.number}`;
}

export function commitPath(repo: Repo, sha: string): string {
  return `${repoPath(repo)}/commit/${encodeURIComponent(sha)}`;
}

export function historyPath(repo: Repo, ref: string): string {
  return `${repoPath(repo)}/commits/${encodeSegments(ref)}`;
}

export function checkPath(repo: Repo, run: Pick<CheckRun, "id">): string {
  return `${repoPath(repo)}/runs/${run.id}`;
}

export function runPath(repo: Repo, run: Pick<WorkflowRun, "id">): string {
  return `${repoPath(repo)}/actions/runs/${run.id}`;
}

export function jobPath(repo: Repo, job: Pick<WorkflowJob, "id" | "runId">): string {
  return `${runPath(repo, { id: job.runId })}/job/${job.id}`;
}

export function userPath(user: User): string {
  const isBot = user.type === "Bot";
  return isBot ? appPath(user.login.replace(/\[bot\]$/, "")) : `/ui/${encodeURIComponent(user.login)}`;
}

export function appPath(slug: string): string {
  return `/ui/apps/${encodeURIComponent(slug)}`;
}

export interface FilePlace {
  readonly view: "blob" | "tree" | "raw";
  /** A branch, tag or sha. */
  readonly ref: string;
  /** "" for the root folder. */
  readonly path: string;
}

export function filePath(repo: Repo, { view, ref, path }: FilePlace): string {
  const parts = [repoPath(repo), view, encodeSegments(ref), ...(path === "" ? [] : [encodeSegments(path)])];
  return parts.join("/");
}

function encodeSegments(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
