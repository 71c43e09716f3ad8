import { issueOf } from "../../present/issues/pull.ts";
import type { Pull, Repo } from "../../world/records.ts";

/** What a list is sorted by: a number that grows with the answer's order turned upward. */
const SORT_KEYS: Readonly<Record<string, (repo: Repo, pull: Pull) => number>> = {
  created: (_repo, pull) => pull.number,
  updated: (repo, pull) => issueOf(repo, pull).updatedAt.getTime(),
  popularity: (repo, pull) => commentsOf(repo, pull),
  "long-running": (_repo, pull) => -pull.number,
};

/** The pull requests that a list's query asks for, sorted. */
export function listPulls(repo: Repo, query: URLSearchParams): readonly Pull[] {
  const state = query.get("state") ?? "open";
  const sort = query.get("sort") ?? "created";
  const keyOf = SORT_KEYS[sort] ?? ((_repo, pull) => pull.number);
  const direction = query.get("direction") ?? (sort === "created" ? "desc" : "asc");
  const sign = direction === "asc" ? 1 : -1;
  return [...repo.pulls.values()]
    .filter((pull) => state === "all" || issueOf(repo, pull).state === state)
    .filter((pull) => fits(query.get("base"), pull.baseRef))
    .filter((pull) => fits(query.get("head"), `${pull.headOwner.login}:${pull.headRef}`))
    .sort((a, b) => sign * (keyOf(repo, a) - keyOf(repo, b)));
}

function fits(wanted: string | null, value: string): boolean {
  return wanted === null || wanted === "" || wanted === value;
}

function commentsOf(repo: Repo, pull: Pull): number {
  return [...repo.comments.values()].filter((comment) => comment.issueNumber === pull.number).length;
}
