import type { RepositoryView } from "../plan/repository/repository-view.ts";
import type { ReasonCode } from "../reasons.ts";
import { countUnblocked } from "../roadmap/query-roadmap.ts";
import type { FailureClass, Task } from "../task/task.ts";
import { lastMoment } from "./compute-figures.ts";
import { isDone } from "./compute-roadmap.ts";
import type { Recommendation, RecommendationRule, TestResults } from "./report.ts";
import { compareText } from "./tally.ts";

const MAX_RECOMMENDATIONS = 3;
/** A gate that fails in fewer tasks is the tasks' own matter. */
const NOTABLE_TASKS = 2;
/** Fewer attempts that ended by trouble are ordinary weather. */
const NOTABLE_TROUBLE = 3;

export interface RecommendFacts {
  readonly view: RepositoryView;
  readonly doneRoadmapIds: ReadonlySet<string>;
  /** Tasks that ended in the week. */
  readonly ended: readonly Task[];
  /** Tasks that are not over. */
  readonly open: readonly Task[];
  readonly tests: TestResults;
}

type Rule = (facts: RecommendFacts) => Recommendation | undefined;

/** What to do next, at most three things, the most pressing first; each is a rule over the numbers. */
export function recommend(facts: RecommendFacts): readonly Recommendation[] {
  return RULES.flatMap((rule) => rule(facts) ?? []).slice(0, MAX_RECOMMENDATIONS);
}

const RULES: readonly Rule[] = [
  ({ view, open }) =>
    view.record.stored.pausedBy === null || open.length === 0
      ? undefined
      : advise("repository-paused", { issues: issuesOf(open) }),
  ({ ended }) =>
    adviseTasks(
      "budget-exhausted",
      ended.filter((task) => task.state === "failed" && task.spent >= task.budget),
    ),
  ({ open }) =>
    adviseTasks(
      "week-spent",
      open.filter((task) =>
        (["limit.usd", "limit.minutes", "limit.role"] as const).some((code) => waitsFor(task, code)),
      ),
    ),
  ({ tests }) => {
    const worst = tests.gates[0];
    return worst === undefined || worst.issues.length < NOTABLE_TASKS
      ? undefined
      : advise("gate-failing", { subject: worst.gate, issues: worst.issues });
  },
  ({ tests }) => {
    const count = failuresOf(tests, ["infra", "rate_limit", "timeout"]);
    return count < NOTABLE_TROUBLE ? undefined : advise("trouble", { count });
  },
  ({ tests }) => {
    const count = failuresOf(tests, ["no_evidence"]);
    return count === 0 ? undefined : advise("no-evidence", { count });
  },
  findKeyDependency,
  findLongestBlocked,
];

function advise(
  rule: RecommendationRule,
  numbers: Partial<Omit<Recommendation, "rule">> & Pick<Partial<Recommendation>, "issues">,
): Recommendation {
  const issues = numbers.issues ?? [];
  return { rule, count: issues.length, issues, subject: null, since: null, ...numbers };
}

function adviseTasks(rule: RecommendationRule, tasks: readonly Task[]): Recommendation | undefined {
  return tasks.length === 0 ? undefined : advise(rule, { issues: issuesOf(tasks) });
}

function issuesOf(tasks: readonly Task[]): readonly number[] {
  return tasks.map((task) => task.issue);
}

function waitsFor(task: Task, code: ReasonCode): boolean {
  return task.reasons.some((known) => known.code === code);
}

function failuresOf(tests: TestResults, classes: readonly FailureClass[]): number {
  return tests.failures
    .filter((row) => classes.includes(row.failureClass))
    .reduce((sum, row) => sum + row.attempts, 0);
}

/** The roadmap task or issue of this repository that most work waits for. */
function findKeyDependency(facts: RecommendFacts): Recommendation | undefined {
  return [...waitingByRoadmap(facts), ...waitingByIssue(facts)].toSorted(
    (a, b) => b.count - a.count || compareText(a.subject ?? "", b.subject ?? ""),
  )[0];
}

function waitingByRoadmap({ view, doneRoadmapIds, open }: RecommendFacts): readonly Recommendation[] {
  const { roadmap } = view;
  if (roadmap === null) return [];
  const entries = new Map(roadmap.tasks.map((entry) => [entry.id, entry]));
  const needs = open.flatMap((task) =>
    (entries.get(task.roadmapId ?? "")?.dependsOn ?? []).map((id) => ({ id, issue: task.issue })),
  );
  return [...Map.groupBy(needs, ({ id }) => id)].flatMap(([id, own]) => {
    const entry = entries.get(id);
    if (entry === undefined || entry.status === "dropped" || isDone(entry, doneRoadmapIds)) return [];
    const count = countUnblocked(roadmap, id);
    const issues = own.map(({ issue }) => issue);
    return count === 0 ? [] : advise("unblocks-most", { subject: id, count, issues });
  });
}

/** Issues of other repositories are left out: nothing of theirs is named here (I10). */
function waitingByIssue({ view, open }: RecommendFacts): readonly Recommendation[] {
  const { owner, name } = view.record.repo;
  const prefix = `${owner}/${name}#`.toLowerCase();
  const needs = open.flatMap((task) =>
    task.dependencies
      .filter((known) => known.kind === "issue" && known.state === "open")
      .filter((known) => known.ref.toLowerCase().startsWith(prefix))
      .map((known) => ({ ref: known.ref.slice(prefix.length - 1), issue: task.issue })),
  );
  return [...Map.groupBy(needs, ({ ref }) => ref)].map(([ref, own]) =>
    advise("unblocks-most", { subject: ref, issues: own.map(({ issue }) => issue) }),
  );
}

function findLongestBlocked({ open }: RecommendFacts): Recommendation | undefined {
  const [longest] = open
    .filter((task) => task.state === "blocked")
    .toSorted((a, b) => lastMoment(a) - lastMoment(b) || a.issue - b.issue);
  return longest === undefined
    ? undefined
    : advise("longest-blocked", { issues: [longest.issue], since: lastMoment(longest) });
}
