import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QUEUE_POLL_MS } from "../../../src/core/plan/deadlines.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { explainWait, planQueue } from "../../../src/core/plan/plan-queue.ts";
import type { Snapshot } from "../../../src/core/plan/snapshot.ts";
import { frontOf, QUEUE_WINDOW } from "../../../src/core/queue/front.ts";
import { reason } from "../../../src/core/reasons.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildSession } from "../../support/build-session.ts";
import { buildConfigText, buildDraft, buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, HOUR_MS, NOW } from "../../support/build-task.ts";
import { actionsIn, buildRunning, codesOf, taskIn } from "./plan-with.ts";

type Given = Partial<Snapshot> & Parameters<typeof buildSnapshot>[0];

function planOf(given: Given): Plan {
  const draft = buildDraft({ snapshot: buildSnapshot(given) });
  planQueue(draft);
  return draft.toPlan();
}

/** Without any limit that would hold something back. */
const WIDE = buildConfigText().replace(/limits: .*/u, "limits: { running: 100, openPulls: 100 }");
const ONE = WIDE.replace("running: 100", "running: 1");

function startedIn(plan: Plan): readonly number[] {
  return actionsIn(plan, "dispatch").map(({ correlation }) => Number(correlation.split(".")[1]));
}

/** Queued tasks in the order of their issues. */
function queueOf(...overrides: readonly Partial<Task>[]): readonly Task[] {
  return overrides.map((own, index) => buildTask({ issue: index + 1, rankAt: NOW + index, ...own }));
}

describe("the queue", () => {
  it("starts what is first in order, as many as may run", () => {
    const queue = queueOf({ team: "dev" }, { team: "qa" }, { team: "dev" });
    const plan = planOf({ queue });

    expect(startedIn(plan)).toEqual([1, 2]);
    expect(codesOf(taskIn(plan, 3))).toEqual(["limit.running"]);
  });

  it("does not let a task that is not ready hold up those behind it", () => {
    const plan = planOf({ configText: ONE, queue: queueOf({ held: true }, {}, {}) });

    expect(startedIn(plan)).toEqual([2]);
    expect(codesOf(taskIn(plan, 1))).toEqual(["task.held"]);
    expect(codesOf(taskIn(plan, 3))).toEqual(["limit.running"]);
  });

  it("goes by rank, and by id where the rank is the same", () => {
    const first = buildTask({ issue: 9, rankAt: NOW });
    const second = buildTask({ issue: 5, rankAt: NOW + 1 });
    const third = buildTask({ issue: 7, rankAt: NOW + 1 });

    expect(startedIn(planOf({ configText: WIDE, queue: [third, second, first] }))).toEqual([9, 5, 7]);
  });

  it("F111 starts no more than the limit, however many wait, and writes to few of them", () => {
    const queue = queueOf(...Array.from({ length: QUEUE_WINDOW }, () => ({})));
    const plan = planOf({ queue, queueLength: 5000, configText: WIDE.replace("running: 100", "running: 3") });
    const again = planOf({
      queue: queue.slice(3).map(({ issue }) => taskIn(plan, issue)),
      queueLength: 4997,
      active: queue.slice(0, 3).map(({ issue }) => taskIn(plan, issue)),
      configText: WIDE.replace("running: 100", "running: 3"),
    });

    expect(startedIn(plan)).toEqual([1, 2, 3]);
    expect(again.tasks).toEqual([]);
  });

  it("counts what runs already, and each team for itself", () => {
    const active = [buildRunning({ issue: 50, team: "qa" })];
    const plan = planOf({ active, queue: queueOf({ team: "qa" }, { team: "dev" }) });

    expect(startedIn(plan)).toEqual([2]);
    expect(codesOf(taskIn(plan, 1))).toEqual(["limit.team"]);
  });

  it("tells all reasons at once", () => {
    const configText = buildConfigText()
      .replace(/limits: .*/u, "limits: { running: 1, openPulls: 1, minutesPerWeek: 10, usdPerWeek: 5 }")
      .replace("mode: active", "mode: shadow");
    const task = buildTask({
      held: true,
      notBefore: NOW + 1000,
      dependencies: [{ kind: "issue", ref: "acme/other#3", state: "open" }],
    });
    const plan = planOf({
      configText,
      pausedBy: "@ada",
      queue: [task],
      active: [buildRunning({ issue: 50, pull: buildTaskPull() })],
      weekUsage: { minutes: 10, usd: 5 },
    });

    expect(codesOf(taskIn(plan))).toEqual([
      "mode.shadow",
      "dependency.open",
      "task.held",
      "repository.paused",
      "retry.later",
      "limit.running",
      "limit.pulls",
      "limit.minutes",
      "limit.usd",
    ]);
  });

  it("F189 starts nothing when the week's money is spent", () => {
    const configText = buildConfigText().replace("minutesPerWeek: 3000", "usdPerWeek: 50");
    const plan = planOf({ configText, queue: queueOf({}, {}), weekUsage: { minutes: 0, usd: 50 } });

    expect(startedIn(plan)).toEqual([]);
    expect(codesOf(taskIn(plan, 1))).toEqual(["limit.usd"]);
  });

  it("F113 names a circle of tasks that wait for each other, and does not spin", () => {
    const waitsFor = (issue: number): Partial<Task> => ({
      dependencies: [{ kind: "issue", ref: `acme/shop#${issue}`, state: "open" }],
    });
    const plan = planOf({ queue: queueOf(waitsFor(2), waitsFor(3), waitsFor(1)) });

    expect(taskIn(plan, 1).reasons).toContainEqual(
      expect.objectContaining({
        code: "dependency.cycle",
        message: "These wait for each other and so for ever: #1 → #2 → #3 → #1.",
      }),
    );
    expect(startedIn(plan)).toEqual([]);
  });

  it("F113 names a circle that is closed by the roadmap", () => {
    const roadmapText =
      "version: 1\ntasks:\n  - { id: R1, title: A, dependsOn: [R2] }\n  - { id: R2, title: B }\n";
    const dependencies = [{ kind: "issue", ref: "acme/shop#1", state: "open" }] as const;
    const queue = queueOf({ roadmapId: "R1" }, { roadmapId: "R2", dependencies });
    const plan = planOf({
      configText: buildConfigText({ lines: ["roadmap: plan.yml"] }),
      roadmapText,
      queue,
    });
    const circleOf = (issue: number) =>
      taskIn(plan, issue).reasons.find(({ code }) => code === "dependency.cycle")?.message;

    expect(circleOf(1)).toBe("These wait for each other and so for ever: #1 → #2 → #1.");
    expect(circleOf(2)).toBe("These wait for each other and so for ever: #2 → #1 → #2.");
  });

  it("looks again when a rest is over, and otherwise from time to time", () => {
    const plan = planOf({ queue: queueOf({ notBefore: NOW + 30_000 }, { held: true }) });

    expect(taskIn(plan, 1).wakeAt).toBe(NOW + 30_000);
    expect(taskIn(plan, 2).wakeAt).toBe(NOW + QUEUE_POLL_MS);
  });

  it("starts a task at the very moment its rest is over", () => {
    expect(startedIn(planOf({ queue: queueOf({ notBefore: NOW }) }))).toEqual([1]);
    expect(startedIn(planOf({ queue: queueOf({ notBefore: NOW + 1 }) }))).toEqual([]);
  });
});

describe("what a waiting task is told", () => {
  it("is told once: the same reasons are no news", () => {
    const given = { configText: ONE, queue: queueOf({ held: true }, { held: true }) };
    const plan = planOf(given);
    const again = planOf({ ...given, queue: plan.tasks });

    expect(plan.tasks).toHaveLength(2);
    expect(again).toMatchObject({ tasks: [], audit: [], effects: [] });
  });

  it("is told anew when a reason says something else", () => {
    const task = buildTask({ held: true, reasons: [reason("task.held", "It was on hold.")] });
    expect(planOf({ queue: [task] }).tasks).toHaveLength(1);
  });

  it("is its place, for the first five", () => {
    const told = { held: true, position: { rank: 90, of: 300, at: NOW - HOUR_MS } };
    const queue = queueOf(...Array.from({ length: 8 }, () => told));
    const plan = planOf({ queue, queueLength: 300 });

    expect(queue.map(({ issue }) => taskIn(plan, issue).position)).toEqual([
      ...[1, 2, 3, 4, 5].map((rank) => ({ rank, of: 300, at: NOW })),
      ...[told.position, told.position, told.position],
    ]);
  });

  it("F111 is its place the first time, for the first fifty of however many", () => {
    const queue = queueOf(...Array.from({ length: QUEUE_WINDOW }, () => ({ held: true })));
    const plan = planOf({ queue, queueLength: 5000 });
    const told = queue.map(({ issue }) => taskIn(plan, issue).position?.rank);

    expect(told.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(told.slice(50).every((rank) => rank === undefined)).toBe(true);
  });

  it("is its new place when those before it have started", () => {
    const queue = queueOf({}, {}, { held: true, position: { rank: 3, of: 3, at: NOW - HOUR_MS } });
    const plan = planOf({ configText: WIDE, queue });

    expect(taskIn(plan, 3).position).toEqual({ rank: 1, of: 1, at: NOW });
  });

  it("is not that others have come behind it", () => {
    const reasons = [reason("task.held", "The task is on hold.")];
    const first = { held: true, reasons, position: { rank: 1, of: 1, at: NOW - HOUR_MS } };
    const plan = planOf({ queue: queueOf(first, { held: true }), queueLength: 2 });

    expect(plan.tasks.map(({ issue }) => issue)).toEqual([2]);
  });

  it("is the place behind the window too, when the event is about a task that was told one", () => {
    const queue = queueOf(...Array.from({ length: QUEUE_WINDOW }, () => ({ held: true })));
    const behind = { issue: 4000, rankAt: NOW + 100 * HOUR_MS, held: true };
    const placeOf = (focus: Task) =>
      planOf({ queue, queueLength: 9000, focus, focusPosition: 4321 }).tasks.find(
        ({ issue }) => issue === 4000,
      )?.position;

    expect(placeOf(buildTask({ ...behind, position: { rank: 3, of: 9, at: NOW - HOUR_MS } }))).toEqual({
      rank: 4322,
      of: 9000,
      at: NOW,
    });
    expect(placeOf(buildTask(behind)) ?? null).toBeNull();
  });
});

describe("a task that could start", () => {
  it("does so however many before it wait for something of their own", () => {
    const held = { held: true, reasons: [reason("task.held", "The task is on hold.")] };
    const all = queueOf(...Array.from({ length: 3 * QUEUE_WINDOW }, () => held), {});

    expect(startedIn(planOf({ configText: ONE, queue: frontOf(all), queueLength: all.length }))).toEqual([
      301,
    ]);
  });
});

describe("a team's free places", () => {
  /** A hundred tasks of one team, then five of another; all said last that their team is full. */
  const crowdOf = (reasons: Task["reasons"]) =>
    queueOf(
      ...Array.from({ length: QUEUE_WINDOW }, () => ({
        team: "dev",
        kind: "data",
        role: "data-engineer",
        reasons,
      })),
      ...Array.from({ length: 5 }, () => ({ reasons })),
    );

  it("F115 are taken, however many of a full team are before it", () => {
    const configText = buildConfigText().replace(
      /limits: .*/u,
      "limits: { running: 4, perTeam: { qa: 2, dev: 2 } }",
    );
    const active = [800, 801].map((issue) =>
      buildTask({ issue, team: "dev", kind: "data", role: "data-engineer", state: "running" }),
    );
    const all = crowdOf([reason("limit.team", "As many tasks of the team run as may.")]);

    expect(startedIn(planOf({ configText, active, queue: frontOf(all), queueLength: all.length }))).toEqual([
      101, 102,
    ]);
  });

  it("F115 keep a session of that team going in a pause, however many of another team are paused before it", () => {
    const all = crowdOf([reason("repository.paused", "The repository is paused by @ada.")]);
    const sessions = [buildSession({ team: "qa" })];
    const plan = planOf({ pausedBy: "@ada", sessions, queue: frontOf(all), queueLength: all.length });

    expect(startedIn(plan)).toEqual([101]);
    expect(plan.repository?.stored.sessions).toMatchObject([{ closed: null, idleSince: null }]);
  });
});

describe("explainWait", () => {
  it("is empty for exactly those tasks that the queue starts", () => {
    const overrides = fc.record({
      held: fc.boolean(),
      team: fc.constantFrom("qa", "dev"),
      kind: fc.constantFrom("bugfix", "unknown"),
      notBefore: fc.constantFrom(null, NOW - 1, NOW + 1000),
    });
    fc.assert(
      fc.property(
        fc.array(overrides, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 2 }),
        (all, runs) => {
          const active = Array.from({ length: runs }, (_, index) => buildRunning({ issue: 90 + index }));
          const queue = queueOf(...all);
          const draft = buildDraft({ snapshot: buildSnapshot({ queue, active }) });
          planQueue(draft);
          const plan = draft.toPlan();
          const running = draft.activeTasks();
          expect(running.length).toBeLessThanOrEqual(Math.max(2, runs));
          for (const task of draft.queuedTasks()) expect(explainWait(draft, task)).not.toEqual([]);
          expect(startedIn(plan)).toHaveLength(running.length - runs);
        },
      ),
      { numRuns: 100 },
    );
  });
});
