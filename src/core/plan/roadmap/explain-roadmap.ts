import { type Autonomy, allows } from "../../autonomy/autonomy.ts";
import { roadmapIssueText } from "../../messages/roadmap/roadmap-issue.ts";
import { assessReadiness } from "../../queue/assess-readiness.ts";
import { rankTask } from "../../queue/rank.ts";
import { type Reason, type ReasonCode, reason } from "../../reasons.ts";
import { compareText } from "../../report/tally.ts";
import { countUnblocked, isOnRevenuePath } from "../../roadmap/query-roadmap.ts";
import type { Roadmap, RoadmapTask } from "../../roadmap/roadmap.ts";
import {
  findEntry,
  listDoneIds,
  type RoadmapEntry,
  type RoadmapRecord,
} from "../../roadmap/roadmap-record.ts";
import { HUMAN_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { describeTask } from "../events/plan-intake.ts";
import { autonomyOf, kindOf } from "../repository/repository-view.ts";
import { ownActor } from "./own-actor.ts";

/** Where a task of the roadmap is that the file does not call done or dropped. */
export interface RoadmapStanding {
  readonly task: RoadmapTask;
  /** `people`: the file says that somebody is at it, and no issue is known. */
  readonly state: RoadmapEntry["state"] | "people" | "waiting" | "ready";
  readonly issue: number | null;
  /** Whether the app opened that issue. */
  readonly isOpened: boolean;
  /** Why there is no issue yet. */
  readonly reasons: readonly Reason[];
  /** What GitHub said when it refused to open one. */
  readonly refusal: string | null;
  /** Whose work it will be, and how far that may go. */
  readonly role: string;
  readonly autonomy: Autonomy;
}

/** What keeps a task from being started, but not its issue from being opened. */
const LATER: ReadonlySet<ReasonCode> = new Set(["autonomy.too-low", "mode.shadow"]);

/** Every task that is not over, in the order in which they get their issues. */
export function explainRoadmap(
  draft: Draft,
  record: RoadmapRecord,
  roadmap: Roadmap,
): readonly RoadmapStanding[] {
  const open = roadmap.tasks.filter(({ status }) => status === "todo" || status === "in-progress");
  return orderTasks(roadmap, open).map((task) => explainTask(draft, record, task));
}

/** Only those that are ready, in the same order. Most of a large roadmap is known not to be without a closer look. */
export function listReady(draft: Draft, record: RoadmapRecord, roadmap: Roadmap): readonly RoadmapStanding[] {
  const { config } = draft.view;
  const over = roadmap.tasks.flatMap(({ id, status }) => (status === "done" ? [id] : []));
  const done = new Set([...draft.snapshot.doneRoadmapIds, ...listDoneIds(record), ...over]);
  const likely = roadmap.tasks.filter(
    ({ status, kind, dependsOn }) =>
      status === "todo" && kindOf(config, kind ?? "") !== undefined && dependsOn.every((id) => done.has(id)),
  );
  const standings = likely.map((task) => explainTask(draft, record, task));
  const ready = new Map(standings.flatMap((one) => (one.state === "ready" ? [[one.task, one]] : [])));
  return orderTasks(roadmap, [...ready.keys()]).flatMap((task) => ready.get(task) ?? []);
}

function explainTask(draft: Draft, record: RoadmapRecord, task: RoadmapTask): RoadmapStanding {
  const entry = findEntry(record, task.id);
  const known = {
    task,
    issue: entry?.issue ?? null,
    isOpened: entry?.isOpened ?? false,
    reasons: [],
    refusal: entry?.refusal?.why ?? null,
    role: "unknown",
    autonomy: "observe",
  } as const;
  if (entry !== undefined && !mayBeOrdered(entry, draft.now)) return { ...known, state: entry.state };
  if (entry === undefined && task.status === "in-progress") return { ...known, state: "people" };
  const assessed = assessTask(draft, record, task);
  return { ...known, state: assessed.reasons.length === 0 ? "ready" : "waiting", ...assessed };
}

/** What GitHub refused to open is asked for again after a day. */
function mayBeOrdered({ state, refusal }: RoadmapEntry, now: number): boolean {
  return state === "refused" && refusal !== null && now - refusal.at >= HUMAN_POLL_MS;
}

/** The same reasons as a queued task has, before there is one. */
function assessTask(draft: Draft, record: RoadmapRecord, entry: RoadmapTask) {
  const { config } = draft.view;
  const task = describeTask(draft, {
    issue: 0,
    requestedBy: ownActor(draft),
    trigger: "label",
    ...roadmapIssueText(entry, null),
    labels: [],
  });
  const done = [...draft.snapshot.doneRoadmapIds, ...listDoneIds(record)];
  const { role } = task;
  const autonomy = config === null ? "observe" : autonomyOf(config, role);
  const reasons = assessReadiness(task, draft.view, done).filter(({ code }) => !LATER.has(code));
  const tooLow = reason(
    "autonomy.too-low",
    `Autonomy \`${autonomy}\` opens no issues; \`suggest\` or more does.`,
  );
  return { reasons: allows(autonomy, "suggest") ? reasons : [tooLow, ...reasons], role, autonomy };
}

/** As the queue would order them if they came at the same moment; the nearer milestone and the file decide between equals. */
function orderTasks(roadmap: Roadmap, tasks: readonly RoadmapTask[]): readonly RoadmapTask[] {
  const dates = new Map(roadmap.milestones.map(({ id, date }) => [id, date ?? NO_DATE]));
  const ranked = tasks.map((task) => ({
    task,
    rank: rankTask({
      enqueuedAt: 0,
      priority: task.priority,
      revenue: isOnRevenuePath(roadmap, task.id),
      unblocks: countUnblocked(roadmap, task.id),
    }),
    date: dates.get(task.milestone ?? "") ?? NO_DATE,
  }));
  return ranked.toSorted((a, b) => a.rank - b.rank || compareText(a.date, b.date)).map(({ task }) => task);
}

const NO_DATE = "9999";
