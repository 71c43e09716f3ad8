import { validationFailed } from "../../http/body-fields.ts";
import type { Call } from "../../http/route.ts";
import { findUser } from "../../world/find-records.ts";
import type { Issue, Repo } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { findLabel } from "../labels/label-records.ts";

type Test = (issue: Issue) => boolean;

/** Each query parameter that narrows the list, with the test it stands for. */
const FILTERS: Readonly<Record<string, (value: string, context: { world: World; repo: Repo }) => Test>> = {
  state: (value) => (issue) => value === "all" || issue.state === value,
  labels: (value, { repo }) => {
    const names = value.split(",").map((name) => findLabel(repo, name.trim())?.name);
    return (issue) => names.every((name) => name !== undefined && issue.labels.has(name));
  },
  since: (value) => {
    const since = readTime(value);
    return (issue) => issue.updatedAt >= since;
  },
  creator: (value) => (issue) => issue.user.login.toLowerCase() === value.toLowerCase(),
  assignee: (value, { world }) => {
    if (value === "*") return (issue) => issue.assignees.size > 0;
    if (value === "none") return (issue) => issue.assignees.size === 0;
    const id = findUser(world, value)?.id;
    return (issue) => id !== undefined && issue.assignees.has(id);
  },
};

/** Issues and pull requests that the query asks for, in the order it asks for. */
export function listIssues({ world, repo, query }: Call): readonly Issue[] {
  const asked = new Map([["state", "open"], ...query]);
  const tests = [...asked].flatMap(([name, value]) => {
    const filter = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
    return filter ? [filter(value, { world, repo })] : [];
  });
  const found = [...repo.issues.values()].filter((issue) => tests.every((test) => test(issue)));
  const key = sortKey(repo, query.get("sort"));
  const sign = query.get("direction") === "asc" ? 1 : -1;
  return found.sort((a, b) => sign * (key(a) - key(b) || a.number - b.number));
}

/** Reads the time of a `since` parameter. */
export function readTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw validationFailed({ resource: "Issue", code: "invalid", field: "since" });
  return time;
}

function sortKey(repo: Repo, sort: string | null): (issue: Issue) => number {
  if (sort === "updated") return (issue) => issue.updatedAt.getTime();
  if (sort !== "comments") return (issue) => issue.createdAt.getTime();
  const counts = new Map<number, number>();
  for (const { issueNumber } of repo.comments.values())
    counts.set(issueNumber, (counts.get(issueNumber) ?? 0) + 1);
  return (issue) => counts.get(issue.number) ?? 0;
}
