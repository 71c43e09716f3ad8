import type { WorkflowRun } from "../../world/records.ts";

type RunFilter = (run: WorkflowRun, wanted: string) => boolean;

/** The query parameters that narrow a list of runs. */
const FILTERS: Readonly<Record<string, RunFilter>> = {
  actor: (run, login) => run.actor.login.toLowerCase() === login.toLowerCase(),
  branch: (run, branch) => run.headBranch === branch,
  event: (run, event) => run.event === event,
  status: (run, status) => run.status === status || run.conclusion === status,
  head_sha: (run, sha) => run.headSha === sha,
  check_suite_id: (run, id) => String(run.checkSuiteId) === id,
  created: (run, range) => isInRange(run.createdAt, range),
};

/** The runs that a query asks for, newest first. */
export function filterRuns(runs: Iterable<WorkflowRun>, query: URLSearchParams): readonly WorkflowRun[] {
  const asked = Object.entries(FILTERS).flatMap(([name, filter]) => {
    const wanted = query.get(name);
    return wanted === null || wanted === "" ? [] : [(run: WorkflowRun) => filter(run, wanted)];
  });
  return [...runs].filter((run) => asked.every((filter) => filter(run))).sort((a, b) => b.id - a.id);
}

/** GitHub's date syntax: `2026-01-01`, `>=…`, `<…`, `from..to`, with `*` for an open end. */
function isInRange(at: Date, range: string): boolean {
  const [from, to] = range.split("..", 2);
  if (to !== undefined) return isAfter(at, from ?? "*") && isBefore(at, to);
  const match = /^(>=|<=|>|<)?(.*)$/.exec(range);
  const [, operator, text = ""] = match ?? [];
  if (operator === ">=") return isAfter(at, text);
  if (operator === "<=") return isBefore(at, text);
  if (operator === ">") return !isBefore(at, text);
  if (operator === "<") return !isAfter(at, text);
  return isAfter(at, text) && isBefore(at, text);
}

function isAfter(at: Date, text: string): boolean {
  return text === "*" || at.getTime() >= Date.parse(text);
}

/** A day without a time includes all of that day. */
function isBefore(at: Date, text: string): boolean {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  return text === "*" || at.getTime() <= Date.parse(isDay ? `${text}T23:59:59.999Z` : text);
}
