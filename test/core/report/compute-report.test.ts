import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_COST } from "../../../src/core/queue/cost/cost.ts";
import { reason } from "../../../src/core/reasons.ts";
import { computeFigures } from "../../../src/core/report/compute-figures.ts";
import { computeReport } from "../../../src/core/report/compute-report.ts";
import type { Attempt } from "../../../src/core/task/attempt.ts";
import { PRIORITIES, TASK_STATES, type Task } from "../../../src/core/task/task.ts";
import { buildTask, buildTaskPull } from "../../support/build-task.ts";
import {
  buildInput,
  DAY,
  endedAttempt,
  endedTask,
  HOUR,
  MONDAY,
  NEXT_MONDAY,
  viewOf,
  viewWithRoadmap,
} from "./build-week.ts";

const ROADMAP = `
version: 1
milestones:
  - { id: M1, title: First data, date: 2026-12-01 }
  - { id: M2, title: Empty }
tasks:
  - { id: T-1, title: a, milestone: M1, phase: build }
  - { id: T-2, title: b, milestone: M1, phase: test, dependsOn: [T-1] }
  - { id: T-3, title: c, milestone: M1, phase: test, dependsOn: [T-2], status: todo }
  - { id: T-4, title: d, milestone: M1, status: done }
  - { id: T-5, title: e, milestone: M1, status: dropped }
`;

const moment = fc.integer({ min: MONDAY - 2 * DAY, max: NEXT_MONDAY + 2 * DAY });

const anyTask = fc
  .record({
    issue: fc.integer({ min: 1, max: 1_000_000 }),
    repoId: fc.constantFrom(1001, 1001, 1001, 2002),
    state: fc.constantFrom(...TASK_STATES),
    priority: fc.constantFrom(...PRIORITIES),
    role: fc.constantFrom("bugfix", "data-engineer"),
    enqueuedAt: moment,
    moments: fc.array(moment, { maxLength: 4 }),
    usage: fc.record({
      minutes: fc.integer({ min: 0, max: 500 }),
      tokens: fc.nat(),
      usd: fc.integer({ min: 0, max: 50 }),
    }),
  })
  .map(({ moments, ...task }): Task => {
    const history = moments.toSorted((a, b) => a - b).map((at) => ({ at, text: "x", url: null }));
    return buildTask({ ...task, id: `${task.repoId}.${task.issue}.1`, history });
  });

const anyAttempt = fc.record({
  issue: fc.integer({ min: 1, max: 1_000_000 }),
  stage: fc.constantFrom("generate", "train", "verify"),
  verdict: fc.constantFrom("PASS", "FAIL", "BLOCKED", null),
  endedAt: fc.option(moment),
});

function toAttempt(given: {
  readonly issue: number;
  readonly stage: string;
  readonly verdict: "PASS" | "FAIL" | "BLOCKED" | null;
  readonly endedAt: number | null;
}): Attempt {
  const { issue, stage, verdict, endedAt } = given;
  const outcome = verdict === null ? null : { verdict, failureClass: null, summary: "" };
  return endedAttempt(issue, { stage, endedAt, outcome });
}

const inWeek = (at: number | null) => at !== null && at >= MONDAY && at < NEXT_MONDAY;

/** The figures once more, by a plain loop. */
function recountTasks(tasks: readonly Task[]) {
  const count = { accepted: 0, failed: 0, cancelled: 0 };
  const keys = new Map<string, "accepted" | "failed" | "cancelled">([
    ["done", "accepted"],
    ["failed", "failed"],
    ["cancelled", "cancelled"],
  ]);
  const leads: number[] = [];
  for (const task of tasks) {
    const at = [...task.history].pop()?.at ?? task.updatedAt;
    const key = keys.get(task.state);
    if (key === undefined || !inWeek(at) || task.repoId !== 1001) continue;
    count[key]++;
    if (key === "accepted") leads.push(Math.max(at - task.enqueuedAt, 0));
  }
  return { ...count, medianLeadMs: middleOf(leads) };
}

/** Takes the ends away until one or two values are left. */
function middleOf(values: readonly number[]): number | null {
  let rest = [...values].sort((a, b) => a - b);
  while (rest.length > 2) rest = rest.slice(1, -1);
  return rest.length === 0 ? null : rest.reduce((sum, value) => sum + value, 0) / rest.length;
}

describe("computeReport", () => {
  it("F192 counts what a recount by other code counts", () => {
    fc.assert(
      fc.property(fc.array(anyTask), fc.array(anyAttempt), fc.nat(), (tasks, given, minutes) => {
        const used = { minutes, usd: minutes / 4 };
        const report = computeReport(buildInput({ tasks, attempts: given.map(toAttempt), used }));
        expect(report.figures).toEqual({
          ...recountTasks(tasks),
          ...used,
          attempts: given.filter(({ endedAt }) => inWeek(endedAt)).length,
        });
        const { accepted, failed, cancelled } = report.figures;
        expect(report.ended).toHaveLength(accepted + failed + cancelled);
        for (const { stage, total, ends } of report.tests.stages) {
          const own = given.filter((one) => one.stage === stage && inWeek(one.endedAt));
          expect(total).toBe(own.length);
          for (const end of ["PASS", "FAIL", "BLOCKED"] as const)
            expect(ends[end]).toBe(own.filter(({ verdict }) => verdict === end).length);
          expect(ends.stopped).toBe(own.filter(({ verdict }) => verdict === null).length);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("F192 counts the open work by priority and state as a recount does", () => {
    fc.assert(
      fc.property(fc.array(anyTask), fc.nat({ max: 50 }), (tasks, further) => {
        const open = tasks.filter(
          (task) => task.repoId === 1001 && !["done", "failed", "cancelled"].includes(task.state),
        );
        const queue = open.filter((task) => task.state === "queued");
        const active = open.filter((task) => task.state !== "queued");
        const { remaining } = computeReport(
          buildInput({ active, queue, queueLength: queue.length + further }),
        );
        expect(remaining.unseen).toBe(further);
        let seen = 0;
        for (const row of remaining.rows) {
          for (const state of ["running", "verifying", "blocked", "queued"] as const)
            expect(row[state]).toBe(
              open.filter((t) => t.priority === row.priority && t.state === state).length,
            );
          seen += row.issues.length;
        }
        expect(seen).toBe(open.length);
      }),
    );
  });

  it("F191 gives the same report for the same input", () => {
    const input = buildInput({ tasks: [endedTask(3, { endedAt: MONDAY })], attempts: [endedAttempt(3)] });
    expect(computeReport(input)).toEqual(computeReport(structuredClone(input)));
  });

  it("F191 counts a task in exactly one week, the last millisecond of Sunday included", () => {
    const tasks = [endedTask(1, { endedAt: NEXT_MONDAY - 1 }), endedTask(2, { endedAt: NEXT_MONDAY })];
    const week = (from: number) =>
      computeFigures({ from, to: from + 7 * DAY }, { tasks, attempts: [], used: NO_COST });
    expect([week(MONDAY).accepted, week(NEXT_MONDAY).accepted]).toEqual([1, 1]);
  });

  it("takes minutes and money from the week, not from the tasks that ended in it", () => {
    const usage = { minutes: 90, tokens: 9, usd: 45 };
    const failed = endedTask(1, { state: "failed", endedAt: MONDAY + HOUR, usage });
    const done = endedTask(1, { endedAt: NEXT_MONDAY + HOUR, usage });
    const used = { minutes: 30, usd: 15 };
    const week = (from: number, task: Task) =>
      computeFigures({ from, to: from + 7 * DAY }, { tasks: [task], attempts: [], used });

    expect(week(MONDAY, failed)).toMatchObject({ failed: 1, ...used });
    expect(week(NEXT_MONDAY, done)).toMatchObject({ accepted: 1, ...used });
    expect(week(MONDAY, done)).toMatchObject({ accepted: 0, ...used });
  });

  it("counts a task in the week of its end although it was written again later", () => {
    const task = endedTask(1, { endedAt: MONDAY + HOUR, updatedAt: NEXT_MONDAY + DAY });
    expect(computeReport(buildInput({ tasks: [task] })).figures.accepted).toBe(1);
  });

  it("F193 leaves out what belongs to another repository", () => {
    const foreign = endedTask(9, { repoId: 2002, endedAt: MONDAY, title: "Secret plans" });
    const waiting = buildTask({ repoId: 2002, title: "Secret work" });
    const report = computeReport(
      buildInput({ tasks: [foreign], attempts: [endedAttempt(9, { repoId: 2002 })], queue: [waiting] }),
    );
    expect(report.figures).toMatchObject({ accepted: 0, attempts: 0 });
    expect(JSON.stringify(report)).not.toContain("Secret");
    expect(report.remaining.rows).toEqual([]);
  });

  it("lists accepted tasks first, then failed, then cancelled, each by its end", () => {
    const tasks = [
      endedTask(1, { state: "cancelled", endedAt: MONDAY }),
      endedTask(2, { state: "failed", endedAt: MONDAY + 1 }),
      endedTask(3, { endedAt: MONDAY + 3 }),
      endedTask(4, { endedAt: MONDAY + 2 }),
    ];
    expect(computeReport(buildInput({ tasks })).ended.map(({ issue }) => issue)).toEqual([4, 3, 2, 1]);
  });

  it("says build where no roadmap names a phase, and else the phase of most tasks", () => {
    const view = viewWithRoadmap(ROADMAP);
    const tasks = ["T-1", "T-2", "T-3"].map((roadmapId, index) =>
      endedTask(index + 1, { roadmapId, endedAt: MONDAY }),
    );
    expect(computeReport(buildInput({ tasks })).phase).toBe("build");
    expect(computeReport(buildInput({ tasks, view })).phase).toBe("test");
    expect(computeReport(buildInput({ tasks: tasks.slice(0, 2), view })).phase).toBe("build");
  });

  it("counts a milestone's tasks as done by the file, by the store and by this week", () => {
    const report = computeReport(
      buildInput({
        view: viewWithRoadmap(ROADMAP),
        tasks: [endedTask(11, { roadmapId: "T-1", endedAt: MONDAY })],
        doneRoadmapIds: ["T-2"],
      }),
    );
    expect(report.milestones).toEqual([
      { title: "M1: First data", date: "2026-12-01", done: 3, total: 4, issues: [11] },
      { title: "M2: Empty", date: null, done: 0, total: 0, issues: [] },
    ]);
  });

  it("counts approvals of the week, cancellations by people and holds", () => {
    const by = { id: 7, login: "robin", type: "User" } as const;
    const approved = endedTask(1, {
      endedAt: MONDAY,
      pull: buildTaskPull({
        number: 5,
        approvals: [
          { sha: "a", by, at: MONDAY },
          { sha: "b", by, at: MONDAY - 1 },
        ],
      }),
    });
    const cancelled = (issue: number, text: string) =>
      endedTask(issue, { endedAt: MONDAY, state: "cancelled", history: [{ at: MONDAY, text, url: null }] });
    const tasks = [
      approved,
      cancelled(2, "Cancelled: @robin removed the label"),
      cancelled(3, "Cancelled: the pull request is gone"),
    ];
    const { feedback } = computeReport(
      buildInput({ tasks, queue: [buildTask({ issue: 4, held: true })], queueLength: 1 }),
    );
    expect(feedback).toEqual({ approvals: [{ pull: 5, approvals: 1 }], cancelled: [2], held: [4] });
  });

  it("names what waits for people by reason code, and not what moves by itself", () => {
    const waiting = (issue: number, ...codes: Parameters<typeof reason>[0][]) =>
      buildTask({ issue, reasons: codes.map((code) => reason(code, "x")) });
    const { blockers } = computeReport(
      buildInput({
        active: [waiting(1, "run.working")],
        queue: [
          waiting(2, "queue.behind", "requires.path", "requires.path"),
          waiting(3, "requires.path", "task.held"),
        ],
        queueLength: 2,
      }),
    );
    expect(blockers).toEqual([
      { code: "requires.path", issues: [2, 3] },
      { code: "task.held", issues: [3] },
    ]);
  });
});

describe("the recommendations", () => {
  const rulesOf = (overrides: Parameters<typeof buildInput>[0]) =>
    computeReport(buildInput(overrides)).recommendations.map(({ rule }) => rule);

  it("are none in a week without numbers", () => {
    expect(rulesOf({})).toEqual([]);
  });

  it("are three at most, the most pressing first", () => {
    const failed = (issue: number) =>
      endedTask(issue, {
        state: "failed",
        endedAt: MONDAY,
        spent: 15,
        feedback: [{ gate: "assertions", verdict: "FAIL", message: "", seen: "", wanted: "" }],
      });
    const troubles = [1, 2, 3].map((issue) =>
      endedAttempt(issue, { outcome: { verdict: "FAIL", failureClass: "infra", summary: "" } }),
    );
    const overrides = {
      tasks: [failed(1), failed(2)],
      attempts: troubles,
      queue: [buildTask({ reasons: [reason("limit.usd", "spent")] })],
      queueLength: 1,
    };
    expect(rulesOf(overrides)).toEqual(["budget-exhausted", "week-spent", "gate-failing"]);
    expect(rulesOf({ ...overrides, view: viewOf({ pausedBy: "@robin" }) })[0]).toBe("repository-paused");
    expect(rulesOf({ attempts: troubles })).toEqual(["trouble"]);
  });

  it("count every attempt that left no evidence", () => {
    const attempts = [
      endedAttempt(1, { outcome: { verdict: "FAIL", failureClass: "no_evidence", summary: "" } }),
    ];
    expect(rulesOf({ attempts })).toEqual(["no-evidence"]);
  });

  it("name the dependency that most roadmap tasks wait for", () => {
    const queue = [
      buildTask({ issue: 21, roadmapId: "T-2" }),
      buildTask({ issue: 22, roadmapId: "T-3" }),
      buildTask({ issue: 23, dependencies: [{ kind: "issue", ref: "Acme/shop#7", state: "open" }] }),
      buildTask({ issue: 24, dependencies: [{ kind: "issue", ref: "other/private#8", state: "open" }] }),
    ];
    const found = (roadmap: string, waiting: readonly Task[]) =>
      computeReport(
        buildInput({ view: viewWithRoadmap(roadmap), queue: waiting, queueLength: waiting.length }),
      ).recommendations.find(({ rule }) => rule === "unblocks-most");
    expect(found(ROADMAP, queue)).toMatchObject({ subject: "T-1", count: 2, issues: [21] });
    expect(found(ROADMAP, queue.slice(2))).toMatchObject({ subject: "#7", count: 1, issues: [23] });
    expect(found(ROADMAP, queue.slice(3))).toBeUndefined();
  });

  it("name the task that has been blocked longest", () => {
    const blocked = (issue: number, at: number) =>
      buildTask({ issue, state: "blocked", history: [{ at, text: "Attempt 1: BLOCKED", url: null }] });
    const { recommendations } = computeReport(
      buildInput({ active: [blocked(1, MONDAY), blocked(2, MONDAY - DAY)] }),
    );
    expect(recommendations).toEqual([
      { rule: "longest-blocked", count: 1, issues: [2], subject: null, since: MONDAY - DAY },
    ]);
  });
});
