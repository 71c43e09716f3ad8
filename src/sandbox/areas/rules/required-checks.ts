import type { CheckRun, CommitStatus, Repo } from "../../world/records.ts";

/** Whether a commit has what a branch requires; otherwise what is missing, the worst first. */
export type Requirement =
  | { readonly kind: "met" }
  | { readonly kind: "failing"; readonly name: string }
  | { readonly kind: "expected"; readonly name: string };

type Standing = Requirement["kind"];

const GOOD_CONCLUSIONS = new Set<CheckRun["conclusion"]>(["success", "neutral", "skipped"]);
const STATUS_STANDINGS: Readonly<Record<CommitStatus["state"], Standing>> = {
  success: "met",
  pending: "expected",
  failure: "failing",
  error: "failing",
};

/** Looks at the newest check run and the newest status of each required name. */
export function judgeRequired(
  repo: Repo,
  { branch, sha }: { readonly branch: string; readonly sha: string },
): Requirement {
  const names = repo.branchRules.get(branch)?.requiredChecks ?? [];
  const judged = names.map((name) => ({ name, kind: standingOf(repo, sha, name) }));
  const failing = judged.find(({ kind }) => kind === "failing");
  if (failing) return { kind: "failing", name: failing.name };
  const expected = judged.find(({ kind }) => kind === "expected");
  return expected ? { kind: "expected", name: expected.name } : { kind: "met" };
}

function standingOf(repo: Repo, sha: string, name: string): Standing {
  const run = [...repo.checkRuns.values()].findLast((one) => one.headSha === sha && one.name === name);
  const status = repo.statuses.findLast((one) => one.sha === sha && one.context === name);
  const standings = [
    ...(run ? [standingOfRun(run)] : []),
    ...(status ? [STATUS_STANDINGS[status.state]] : []),
  ];
  if (standings.includes("failing")) return "failing";
  return standings.length > 0 && standings.every((one) => one === "met") ? "met" : "expected";
}

function standingOfRun({ status, conclusion }: CheckRun): Standing {
  if (status !== "completed") return "expected";
  return GOOD_CONCLUSIONS.has(conclusion) ? "met" : "failing";
}
