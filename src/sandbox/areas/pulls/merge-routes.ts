import { resolveRef } from "../../git/git.ts";
import { type GitSignature, identityOf } from "../../git/identity.ts";
import { mergeTrees, rebaseCommits } from "../../git/merge.ts";
import { readCommits } from "../../git/objects.ts";
import { pullCommits } from "../../git/pull-facts.ts";
import { updateRef } from "../../git/push.ts";
import { writeCommit } from "../../git/write.ts";
import { optionalChoice, optionalText } from "../../http/body-fields.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { issueOf } from "../../present/issues/pull.ts";
import type { Pull, Repo } from "../../world/records.ts";
import { actingUser } from "../acting-user.ts";
import { pullOfPath } from "./find-pull.ts";
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
  const sha = METHODS[method]({
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
function checkMergeable({ repo, body }: Call, pull: Pull): string {
  const sha = optionalText(body, "sha");
  const base = resolveRef(repo.gitDir, `refs/heads/${pull.baseRef}`);
  if (pull.draft) throw new Refusal(405, "Pull Request is still a draft");
  if (!isOpen(repo, pull) || base === undefined) throw notMergeable();
  if (sha !== undefined && sha !== pull.headSha) {
    throw new Refusal(409, "Head branch was modified. Review and try the merge again.");
  }
  return base;
}

interface Merge {
  readonly repo: Repo;
  readonly pull: Pull;
  /** Tip of the base branch. */
  readonly base: string;
  readonly committer: GitSignature;
  readonly title: string | undefined;
  readonly message: string | undefined;
}

/** Each way to merge makes the base branch's next tip. */
const METHODS = { merge: mergeWithCommit, squash: squashIntoOne, rebase: rebaseOntoBase } as const;

function mergeWithCommit(parts: Merge): string {
  const { repo, pull, base, committer, title, message } = parts;
  const issue = issueOf(repo, pull);
  const heading = title ?? `Merge pull request #${pull.number} from ${repo.owner.login}/${pull.headRef}`;
  return writeCommit({
    gitDir: repo.gitDir,
    tree: mergedTree(parts),
    parents: [base, pull.headSha],
    author: committer,
    committer,
    message: `${heading}\n\n${message ?? issue.title}`.trim(),
  });
}

function squashIntoOne(parts: Merge): string {
  const { repo, pull, base, committer, title, message } = parts;
  const issue = issueOf(repo, pull);
  const commits = readCommits(repo.gitDir, pullCommits(repo, pull));
  const list = commits.map((commit) => `* ${commit.message}`).join("\n\n");
  return writeCommit({
    gitDir: repo.gitDir,
    tree: mergedTree(parts),
    parents: [base],
    author: { ...identityOf(issue.user), date: committer.date },
    committer,
    message: `${title ?? `${issue.title} (#${pull.number})`}\n\n${message ?? list}`.trim(),
  });
}

function rebaseOntoBase({ repo, pull, base, committer }: Merge): string {
  const tip = rebaseCommits({ gitDir: repo.gitDir, onto: base, head: pull.headSha, committer });
  if (tip === undefined) throw notMergeable();
  return tip;
}

function mergedTree({ repo, pull, base }: Merge): string {
  const merged = mergeTrees(repo.gitDir, base, pull.headSha);
  if (merged.kind === "conflict") throw notMergeable();
  return merged.tree;
}

function notMergeable(): Refusal {
  return new Refusal(405, "Pull Request is not mergeable");
}
