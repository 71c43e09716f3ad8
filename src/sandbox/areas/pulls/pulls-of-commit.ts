import { resolveRef } from "../../git/git.ts";
import { isAncestor } from "../../git/history.ts";
import { pullCommits } from "../../git/pull-facts.ts";
import { paginate } from "../../http/paginate.ts";
import type { Answer, Call, Route } from "../../http/route.ts";
import { presentPullSimple } from "../../present/issues/pull.ts";
import type { Pull, Repo } from "../../world/records.ts";
import { commitOf } from "../code/find-commit.ts";
import { pathText } from "../path-text.ts";
import { isOpen } from "./pull-records.ts";

export const pullsOfCommitRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{commit_sha}/pulls",
    access: { permission: "pull_requests", level: "read" },
    handle: listPullsOfCommit,
  },
];

/** The pull request that brought a commit to the default branch; for any other commit the open ones that have it too. */
function listPullsOfCommit(call: Call): Answer {
  const { world, repo } = call;
  const sha = commitOf(call, pathText(call, "commit_sha"));
  const isArrived = isOnDefaultBranch(repo, sha);
  const pulls = [...repo.pulls.values()]
    .filter((pull) => pull.merged || (!isArrived && isOpen(repo, pull)))
    .filter((pull) => pull.mergeCommitSha === sha || pullCommits(repo, pull).includes(sha));
  const { items, headers } = paginate(call, pulls);
  return { status: 200, headers, body: items.map((pull: Pull) => presentPullSimple(world, repo, pull)) };
}

function isOnDefaultBranch({ gitDir, defaultBranch }: Repo, sha: string): boolean {
  const tip = resolveRef(gitDir, `refs/heads/${defaultBranch}`);
  return tip !== undefined && isAncestor(gitDir, sha, tip);
}
