import { listKnown, NOTHING_KNOWN } from "../knowledge/knowledge.ts";
import type { RepositoryView } from "../plan/repository/repository-view.ts";
import type { Cost } from "../queue/cost/cost.ts";
import type { Attempt } from "../task/attempt.ts";
import type { Task } from "../task/task.ts";
import {
  attemptsWithin,
  computeFigures,
  endedWithin,
  isTouched,
  isWithin,
  lastMoment,
  ownOf,
} from "./compute-figures.ts";
import { computeBlockers, computeRemaining } from "./compute-remaining.ts";
import { computeMilestones, findPhase } from "./compute-roadmap.ts";
import { computeTestResults } from "./compute-test-results.ts";
import { recommend } from "./recommend.ts";
import type { EndedTask, Figures, Report, RoadmapProgress, Span } from "./report.ts";
import { tally } from "./tally.ts";

export interface ReportInput extends Span {
  /** ISO week, `2026-W47`. */
  readonly week: string;
  readonly now: number;
  /** Everything that changed since `from`, or since earlier; what is outside the week is left out here. */
  readonly tasks: readonly Task[];
  readonly attempts: readonly Attempt[];
  readonly used: Cost;
  readonly view: RepositoryView;
  /** Tasks that are neither queued nor over, as of now. */
  readonly active: readonly Task[];
  /** The first queued tasks, as of now. */
  readonly queue: readonly Task[];
  readonly queueLength: number;
  readonly doneRoadmapIds?: readonly string[];
  readonly roadmap?: RoadmapProgress | null;
  readonly previous?: Figures;
}

/** Works a week out from what is known; the same input gives the same report. */
export function computeReport(input: ReportInput): Report {
  const { week, from, to, now, view } = input;
  const { id } = view.record.repo;
  const tasks = ownOf(id, input.tasks);
  const attempts = attemptsWithin(ownOf(id, input.attempts), input);
  const open = ownOf(id, [...input.active, ...input.queue]);
  const touched = tasks.filter((task) => isTouched(task, input));
  const ended = endedWithin(tasks, input).toSorted(byEnd);
  const accepted = ended.filter((task) => task.state === "done");
  const doneRoadmapIds = new Set([
    ...(input.doneRoadmapIds ?? []),
    ...tasks.flatMap((task) => (task.state === "done" && task.roadmapId !== null ? [task.roadmapId] : [])),
  ]);
  const issueOf = new Map(tasks.map((task) => [task.id, task.issue]));
  const tests = computeTestResults({ attempts, touched, issueOf });
  return {
    week,
    from,
    to,
    now,
    figures: computeFigures(input, { tasks, attempts, used: input.used }),
    previous: input.previous ?? null,
    phase: findPhase(touched, view.roadmap),
    roles: tally(touched.map((task) => task.role)).map(({ name, count }) => ({ role: name, tasks: count })),
    ended: ended.flatMap(toEnded),
    tests,
    milestones: computeMilestones({ roadmap: view.roadmap, doneRoadmapIds, accepted }),
    roadmap: input.roadmap ?? null,
    feedback: computeFeedback({ span: input, tasks, ended, open }),
    knowledge: listKnown(view.record.stored.knowledge ?? NOTHING_KNOWN, now).filter(({ lastAt }) =>
      isWithin(lastAt, input),
    ),
    remaining: computeRemaining(open, input.queueLength),
    blockers: computeBlockers(open),
    recommendations: recommend({ view, doneRoadmapIds, ended, open, tests }),
  };
}

const ENDS: readonly string[] = ["done", "failed", "cancelled"];

function byEnd(a: Task, b: Task): number {
  return (
    ENDS.indexOf(a.state) - ENDS.indexOf(b.state) ||
    lastMoment(a) - lastMoment(b) ||
    a.issue - b.issue ||
    a.generation - b.generation
  );
}

function toEnded(task: Task): readonly EndedTask[] {
  const { state, pull } = task;
  if (state !== "done" && state !== "failed" && state !== "cancelled") return [];
  return [
    {
      issue: task.issue,
      title: task.title,
      role: task.role,
      state,
      endedAt: lastMoment(task),
      pull: pull === null ? null : { number: pull.number, sha: pull.headSha },
      runUrl: task.timeline.findLast((line) => line.runUrl !== null)?.runUrl ?? null,
    },
  ];
}

function computeFeedback(facts: {
  readonly span: Span;
  readonly tasks: readonly Task[];
  readonly ended: readonly Task[];
  readonly open: readonly Task[];
}): Report["feedback"] {
  const { span, tasks, ended, open } = facts;
  return {
    approvals: tasks
      .flatMap(({ pull }) => {
        const approvals = (pull?.approvals ?? []).filter(({ at }) => isWithin(at, span)).length;
        return pull === null || approvals === 0 ? [] : [{ pull: pull.number, approvals }];
      })
      .toSorted((a, b) => a.pull - b.pull),
    cancelled: ended.filter(isCancelledByPerson).map((task) => task.issue),
    held: open.filter((task) => task.held).map((task) => task.issue),
  };
}

/** A cancellation's line names the person who asked for it, if there was one. */
function isCancelledByPerson(task: Task): boolean {
  return task.state === "cancelled" && /@[A-Za-z0-9]/u.test(task.history.at(-1)?.text ?? "");
}
