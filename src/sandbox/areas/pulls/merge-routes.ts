import { resolveRef } from "../../git/git.ts";
import { identityOf } from "../../git/identity.ts";
import { updateRef } from "../../git/push.ts";
import { optionalChoice, optionalText } from "../../http/body-fields.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import type { Pull } from "../../world/records.ts";
import { actingUser } from "../acting-user.ts";
import { judgeRequired } from "../rules/required-checks.ts";
import { pullOfPath } from "./find-pull.ts";
import { MERGE_METHODS, notMergeable } from "./merge-methods.ts";
import { isOpen, markMerged } from "./pull-records.ts";

const PATH = "/repos/{owner}/{repo}/pulls/{pull_number}/merge";

/** Refusals that GitHub sends here without the usual `status` field. */
const BARE_STATUSES = new Set([405, 409]);

export const mergeRoutes: readonly Route[] = [
  { method: "GET", path: PATH, access: { permission: "pull_requests", level: "read" }, handle: getMerge },
  { method: "PUT", path: PATH, access: { permission: "contents", level: "write" }, handle: putMerge },
];

function getMerge(call: Call): Answer {
  if (!pullOfPath(call).merged) throw new Refusal(404, "Not Found");
  return { status: 204 };
}

function putMerge(call: Call): Answer {
  try {
    return merge(call);
  } catch (error) {
    if (!(error instanceof Refusal) || !BARE_STATUSES.has(error.status)) throw error;
    const documentation_url = "https://docs.github.com/rest/pulls/pulls#merge-a-pull-request";
    return { status: error.status, body: { message: error.message, documentation_url } };
  }
}

function merge(call: Call): Answer {
  const { world, repo, body } = call;
  const pull = pullOfPath(call);
  const user = actingUser(call);
  const method = optionalChoice(body, "merge_method", ["merge", "squash", "rebase"]) ?? "merge";
  const base = checkMergeable(call, pull);
  const sha = MERGE_METHODS[method]({
    repo,
    pull,
    base,
    committer: { ...identityOf(user), date: world.now() },
    title: optionalText(body, "commit_title"),
    message: optionalText(body, "commit_message"),
  });
  markMerged(world, repo, { pull, sha, user });
  updateRef(world, { repo, ref: `refs/heads/${pull.baseRef}`, sha, user });
  return { status: 200, body: { sha, merged: true, message: "Pull Request successfully merged" } };
}

/** The tip of the base branch, when the pull request may be merged into it as the caller saw it. */
function checkMergeable(call: Call, pull: Pull): string {
  const { repo, body } = call;
  const sha = optionalText(body, "sha");
  const base = resolveRef(repo.gitDir, `refs/heads/${pull.baseRef}`);
  if (pull.draft) throw new Refusal(405, "Pull Request is still a draft");
  if (!isOpen(repo, pull) || base === undefined) throw notMergeable();
  if (sha !== undefined && sha !== pull.headSha) {
    throw new Refusal(409, "Head branch was modified. Review and try the merge again.");
  }
  checkRules(call, pull);
  return base;
}

function checkRules({ repo }: Call, { baseRef, headSha }: Pull): void {
  if (repo.branchRules.get(baseRef)?.mergeQueue)
    throw ruleViolation("Changes must be made through the merge queue");
  const required = judgeRequired(repo, { branch: baseRef, sha: headSha });
  if (required.kind !== "met") {
    throw ruleViolation(`Required status check "${required.name}" is ${required.kind}.`);
  }
}

function ruleViolation(rule: string): Refusal {
  return new Refusal(405, `Repository rule violations found\n\n${rule}\n\n`);
}
