import type { EventOf } from "../../events.ts";
import { renderReport } from "../../messages/report/report.ts";
import { computeFigures, ownOf } from "../../report/compute-figures.ts";
import { computeReport } from "../../report/compute-report.ts";
import { weekStart } from "../../report/iso-week.ts";
import type { Report, RoadmapProgress, Span } from "../../report/report.ts";
import type { Draft } from "../draft.ts";
import { describeRoadmap } from "../roadmap/describe-roadmap.ts";

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** Writes a week's report: one comment for each week, whoever asks and how often; a later one replaces its text. */
export function planReportDue(draft: Draft, event: EventOf<"report.due">): void {
  const weekly = draft.view.config?.reports.weekly;
  if (weekly === undefined) return draft.conclude("ignored", "`reports.weekly` is not configured");
  const { status } = draft.view.record;
  if (status !== "active") return draft.conclude("ignored", `the repository is ${status}`);
  const span = spanOf(event.week);
  if (span === undefined) return draft.conclude("ignored", "not an ISO week");
  if (span.from > draft.now) return draft.conclude("ignored", "the week has not begun");
  const { history, used } = draft.gathered;
  if (history === undefined || used === undefined) return draft.conclude("ignored", "nothing was read");
  const report = reportOn(draft, { week: event.week, span, history, used });
  draft.conclude("processed", "report written");
  draft.project(
    `report:${event.week}`,
    { kind: "comment", issue: weekly.issue, body: renderReport(report) },
    { subject: `report:${event.week}`, taskId: null },
  );
  const { accepted, failed, usd } = report.figures;
  draft.audit("report.written", {
    data: { week: event.week, issue: weekly.issue, accepted, failed, usd },
  });
}

function spanOf(week: string): Span | undefined {
  try {
    const from = weekStart(week);
    return { from, to: from + WEEK_MS };
  } catch {
    return undefined;
  }
}

function reportOn(
  draft: Draft,
  about: {
    readonly week: string;
    readonly span: Span;
    readonly history: NonNullable<Draft["gathered"]["history"]>;
    readonly used: NonNullable<Draft["gathered"]["used"]>;
  },
): Report {
  const { week, span, history, used } = about;
  const tasks = ownOf(draft.repo.id, history.tasks);
  const attempts = ownOf(draft.repo.id, history.attempts);
  return computeReport({
    ...span,
    week,
    now: draft.now,
    tasks,
    attempts,
    used: used.week,
    view: draft.view,
    active: draft.activeTasks(),
    queue: draft.queuedTasks(),
    queueLength: draft.queueLength(),
    doneRoadmapIds: draft.doneRoadmapIds(),
    roadmap: progressOf(draft),
    previous: computeFigures(
      { from: span.from - WEEK_MS, to: span.from },
      { tasks, attempts, used: used.before },
    ),
  });
}

const OPENED: ReadonlySet<string> = new Set(["open", "active", "stopped"]);

function progressOf(draft: Draft): RoadmapProgress | null {
  const overview = describeRoadmap(draft);
  if (overview === null) return null;
  const { standings, cap } = overview;
  const idsIn = (state: string) => standings.flatMap((one) => (one.state === state ? [one.task.id] : []));
  return {
    opened: standings.flatMap(({ isOpened, state, issue }) =>
      isOpened && OPENED.has(state) && issue !== null ? [issue] : [],
    ),
    cap,
    ready: idsIn("ready"),
    waiting: idsIn("waiting").length,
    unwritten: idsIn("done"),
  };
}
