import { type RepositoryView, viewRepository } from "../../../src/core/plan/repository/repository-view.ts";
import type { ReportInput } from "../../../src/core/report/compute-report.ts";
import type { Attempt } from "../../../src/core/task/attempt.ts";
import type { Task } from "../../../src/core/task/task.ts";
import {
  buildAttempt,
  buildConfigText,
  buildRepository,
  type RepositoryOverrides,
} from "../../support/build-snapshot.ts";
import { buildTask } from "../../support/build-task.ts";

/** Monday of 2026-W47, 00:00 UTC. */
export const MONDAY = Date.UTC(2026, 10, 16);
export const NEXT_MONDAY = Date.UTC(2026, 10, 23);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A task of the week with its end, if it has one, as the last line of its history. */
export function endedTask(issue: number, end: Partial<Task> & { readonly endedAt: number }): Task {
  const { endedAt, ...overrides } = end;
  return buildTask({
    issue,
    id: `1001.${issue}.1`,
    state: "done",
    enqueuedAt: MONDAY,
    history: [{ at: endedAt, text: "Done: as asked", url: null }],
    updatedAt: endedAt + HOUR,
    wakeAt: null,
    ...overrides,
  });
}

export function endedAttempt(issue: number, overrides: Partial<Attempt> = {}): Attempt {
  return buildAttempt({
    correlation: `1001.${issue}.1.1.0.0`,
    taskId: `1001.${issue}.1`,
    state: "ended",
    endedAt: MONDAY + DAY,
    outcome: { verdict: "PASS", failureClass: null, summary: "fine" },
    ...overrides,
  });
}

export function viewOf(overrides: RepositoryOverrides = {}): RepositoryView {
  return viewRepository(buildRepository(overrides));
}

/** A configuration with the roadmap in force that is given with it. */
export function viewWithRoadmap(roadmapText: string): RepositoryView {
  return viewOf({ configText: buildConfigText({ lines: ["roadmap: .github/roadmap.yml"] }), roadmapText });
}

/** The week 2026-W47 of a repository in which nothing happened, read on the Monday after. */
export function buildInput(overrides: Partial<ReportInput> = {}): ReportInput {
  return {
    week: "2026-W47",
    from: MONDAY,
    to: NEXT_MONDAY,
    now: NEXT_MONDAY + 9 * HOUR,
    tasks: [],
    attempts: [],
    used: { minutes: 0, usd: 0 },
    view: viewOf(),
    active: [],
    queue: [],
    queueLength: 0,
    ...overrides,
  };
}
