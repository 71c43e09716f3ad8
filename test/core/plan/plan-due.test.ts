import { describe, expect, it } from "vitest";
import {
  EFFECT_MS,
  FAR_QUEUE_POLL_MS,
  HUMAN_POLL_MS,
  NO_RUN_MS,
  QUEUE_POLL_MS,
  RECEIPT_MS,
  RUN_POLL_MS,
  TOGETHER_MS,
} from "../../../src/core/plan/deadlines.ts";
import type { Gathered } from "../../../src/core/plan/gathered.ts";
import { QUEUE_WINDOW } from "../../../src/core/queue/front.ts";
import { reason } from "../../../src/core/reasons.ts";
import type { Attempt } from "../../../src/core/task/attempt.ts";
import { isTerminal, TASK_STATES, type Task } from "../../../src/core/task/task.ts";
import { buildAttempt, buildConfigText, type buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, NOW } from "../../support/build-task.ts";
import { buildPull, HEAD } from "../gate/build-subject.ts";
import {
  actionsIn,
  buildResult,
  buildRun,
  buildRunning,
  CHANGE,
  codesOf,
  endedRun,
  MERGING,
  MINUTE_MS,
  orderedIn,
  planWith,
  taskIn,
} from "./plan-with.ts";

/** The plan for a deadline that has just passed. */
function planDue(task: Task, gathered: Gathered = {}, attempts: readonly Attempt[] = [buildAttempt()]) {
  const due = { ...task, wakeAt: isTerminal(task) ? null : (task.wakeAt ?? NOW) };
  const isActive = !isTerminal(task) && task.state !== "queued";
  return planWith(
    { kind: "task.due", repo: REPO, taskId: task.id },
    {
      snapshot: {
        configText: MERGING,
        focus: due,
        active: isActive ? [due] : [],
        queue: task.state === "queued" ? [due] : [],
        attempts,
      },
      gathered,
    },
  );
}

const ordered = buildAttempt({ state: "dispatching", runId: null, runUrl: null, runAttempt: null });
const due = { wakeAt: NOW };

describe("a deadline that has passed", () => {
  it.each(TASK_STATES.filter((state) => isTerminal({ state })))(
    "means nothing when the task is %s",
    (state) => {
      const plan = planDue(buildTask({ state }));

      expect(plan.outcome).toEqual({ status: "ignored", reason: "the task has ended" });
      expect(plan.tasks).toEqual([]);
    },
  );

  it("means nothing when it has moved meanwhile", () => {
    const plan = planDue(buildRunning({ wakeAt: NOW + 1 }), { run: endedRun() });

    expect(plan.outcome).toEqual({ status: "ignored", reason: "the deadline has moved" });
    expect(plan.tasks).toEqual([]);
  });

  it("means nothing when nobody knows the task", () => {
    const plan = planWith({ kind: "task.due", repo: REPO, taskId: "1001.9.1" });
    expect(plan.outcome.status).toBe("ignored");
  });

  it("always sets another one while the task lives", () => {
    const pull = buildTaskPull();
    const seen: readonly (readonly [Partial<Task>, Gathered])[] = [
      [{ state: "running" }, {}],
      [{ state: "running" }, { run: buildRun() }],
      [{ state: "running" }, { run: null }],
      [{ state: "verifying", pull }, { pull: buildPull({ checks: [] }) }],
      [{ state: "verifying", pull, reasons: [reason("publish.pending", "m")] }, { pull: buildPull() }],
      [{ state: "verifying", reasons: [reason("publish.pending", "m")] }, {}],
      [{ state: "blocked" }, {}],
      [{ state: "blocked", pull }, { pull: buildPull() }],
      [{ state: "queued", held: true }, {}],
    ];
    for (const [overrides, gathered] of seen) {
      const task = taskIn(planDue(buildRunning({ ...due, ...overrides }), gathered));
      expect(task.wakeAt).toBeGreaterThan(NOW);
    }
  });
});

describe("a running task that is due", () => {
  it("F123 takes the end of its run in, of which nobody told", () => {
    const plan = planDue(buildRunning(due), {
      run: endedRun(),
      result: buildResult(buildAttempt(), { changes: [CHANGE] }),
    });

    expect(codesOf(taskIn(plan))).toEqual(["publish.pending"]);
  });

  it("goes on waiting while its run works", () => {
    const plan = planDue(buildRunning(due), { run: buildRun() });

    expect(taskIn(plan)).toMatchObject({ state: "running", wakeAt: NOW + RUN_POLL_MS });
  });

  it("is tried again when its run is gone, which costs nothing", () => {
    const plan = planDue(buildRunning(due), { run: null });

    expect(taskIn(plan)).toMatchObject({ state: "queued", spent: 0, retries: 1 });
    expect(plan.attempts).toMatchObject([{ state: "ended", outcome: { failureClass: "infra" } }]);
  });

  it.each([
    ["for the time since its dispatch", 7 * MINUTE_MS, 7],
    ["for no longer than it may take", 3 * 24 * 60 * MINUTE_MS, 60],
  ])("counts a run that is gone %s, and its line ends", (_, ago, minutes) => {
    const attempt = buildAttempt({ dispatchedAt: NOW - ago });
    const plan = planDue(buildRunning(due), { run: null }, [attempt]);

    expect(taskIn(plan)).toMatchObject({
      usage: { minutes },
      timeline: [{ state: "trouble", endedAt: NOW }],
    });
    expect(plan.repository?.stored.roleWeek?.roles).toEqual({ bugfix: { minutes, usd: 0 } });
    expect(plan.repository?.stored.costs).toBeUndefined();
  });

  it("F120 says since when GitHub has not confirmed the dispatch, and orders no second one", () => {
    const plan = planDue(buildRunning(due), {}, [{ ...ordered, dispatchedAt: NOW - 4 * MINUTE_MS }]);

    expect(taskIn(plan)).toMatchObject({ state: "running", wakeAt: NOW + RECEIPT_MS });
    expect(taskIn(plan).reasons).toMatchObject([
      { code: "dispatch.unconfirmed", message: expect.stringContaining("ordered at 13:56 UTC") },
    ]);
    expect(orderedIn(plan)).toEqual([]);
  });

  it("says that a window holds the dispatch back", () => {
    const focus = buildRunning(due);
    const freeze = "windows: [{ name: freeze, starts: '* * * * *', lasts: 1h, stops: [dispatch] }]";
    const configText = buildConfigText({ lines: [freeze] });
    const plan = planWith(
      { kind: "task.due", repo: REPO, taskId: focus.id },
      { snapshot: { focus, active: [focus], attempts: [ordered], configText }, gathered: {} },
    );

    expect(codesOf(taskIn(plan))).toEqual(["window.closed", "dispatch.unconfirmed"]);
  });

  it("F120 says until when a run of an order that GitHub took may stay away", () => {
    const taken = { ...ordered, state: "dispatched" as const, takenAt: NOW - 14 * MINUTE_MS };
    const plan = planDue(buildRunning(due), {}, [taken]);

    expect(taskIn(plan)).toMatchObject({ state: "running", wakeAt: NOW + MINUTE_MS });
    expect(taskIn(plan).reasons).toMatchObject([
      { code: "dispatch.unconfirmed", deadline: NOW + MINUTE_MS, liftedBy: "the run, or another dispatch" },
    ]);
  });

  it("F120 dispatches again what GitHub took and never ran, and asks for nothing that was not used", () => {
    const taken = { ...ordered, state: "dispatched" as const, takenAt: NOW - NO_RUN_MS };
    const plan = planDue(buildRunning(due), {}, [taken]);

    expect(taskIn(plan)).toMatchObject({ state: "queued", spent: 0, retries: 1, usage: { minutes: 0 } });
    expect(codesOf(taskIn(plan))).toEqual(["retry.later"]);
    const summary = expect.stringContaining(`no run with \`${taken.correlation}\` in its name`);
    expect(plan.attempts).toMatchObject([
      { state: "superseded", outcome: { failureClass: "infra", summary } },
    ]);
  });

  it("F120 asks a person when that happens again and again, and holds no place in the queue meanwhile", () => {
    const taken = { ...ordered, state: "dispatched" as const, takenAt: NOW - NO_RUN_MS };
    const plan = planDue(buildRunning({ ...due, retries: 3 }), {}, [taken]);

    expect(taskIn(plan).state).toBe("blocked");
    expect(codesOf(taskIn(plan))).toEqual(["gate.blocked"]);
  });

  it("F120 cancels a run that appears when it was given up", () => {
    const lost = { ...ordered, state: "superseded" as const, endedAt: NOW };
    const focus = buildRunning({ ...due, state: "queued", correlation: null });
    const event = {
      ...{ kind: "run.changed" as const, repo: REPO, runId: 900, status: "queued", conclusion: null },
      ...{ title: `agent ${lost.correlation}`, runAttempt: 1 },
    };
    const plan = planWith(event, {
      snapshot: { focus, active: [focus], attempts: [lost] },
      gathered: { run: buildRun({ status: "queued" }) },
    });

    expect(actionsIn(plan, "cancel-run")).toMatchObject([{ runId: 900 }]);
  });

  it("F117 adopts the run that was found by its correlation id", () => {
    const plan = planDue(buildRunning(due), { run: buildRun() }, [ordered]);
    expect(plan.attempts).toMatchObject([{ runId: 900, state: "running" }]);
  });

  it("is tried again when nobody knows its attempt any more", () => {
    expect(taskIn(planDue(buildRunning(due), {}, []))).toMatchObject({
      state: "queued",
      spent: 0,
      retries: 1,
      timeline: [{ state: "trouble", endedAt: NOW }],
    });
  });
});

describe("a task with a pull request that is due", () => {
  it("is verified by what GitHub shows now", () => {
    const plan = planDue(buildRunning({ ...due, state: "verifying", pull: buildTaskPull() }), {
      pull: buildPull(),
    });
    expect(orderedIn(plan)).toEqual([`merge:1001.42.1:1:${HEAD}`]);
  });

  it("learns that it was merged while it was blocked", () => {
    const plan = planDue(buildRunning({ ...due, state: "blocked", pull: buildTaskPull() }), {
      pull: buildPull({ merged: true }),
    });
    expect(taskIn(plan).state).toBe("done");
  });
});

describe("a task that waits and is due", () => {
  it("for a person waits for another day, and nobody is called", () => {
    const plan = planDue(buildTask({ ...due, state: "blocked", reasons: [reason("gate.blocked", "m")] }));

    expect(taskIn(plan)).toMatchObject({ state: "blocked", wakeAt: NOW + HUMAN_POLL_MS });
    expect(orderedIn(plan)).toEqual([]);
  });

  it("for its pull request to be written is looked at again soon", () => {
    const plan = planDue(
      buildTask({ ...due, state: "verifying", reasons: [reason("publish.pending", "m")] }),
    );
    expect(taskIn(plan).wakeAt).toBe(NOW + EFFECT_MS);
  });

  it("for its turn is assessed again", () => {
    const plan = planDue(buildTask({ ...due, held: true }));

    expect(codesOf(taskIn(plan))).toEqual(["task.held"]);
    expect(taskIn(plan).wakeAt).toBeGreaterThan(NOW);
  });

  /** A task on hold that says so already. */
  const waitingTask = (issue: number, change: Partial<Task> = {}): Task => ({
    ...taskIn(planDue(buildTask({ issue, ...due, held: true })), issue),
    ...due,
    ...change,
  });

  it("for its turn is looked at together with the others that wait", () => {
    const focus = waitingTask(2);
    const others = [waitingTask(3, { wakeAt: NOW + MINUTE_MS }), waitingTask(4, { wakeAt: NOW - 1 })];
    const plan = planWith(
      { kind: "task.due", repo: REPO, taskId: focus.id },
      { snapshot: { configText: MERGING, focus, queue: [focus, ...others] } },
    );

    const wakes = new Map(plan.tasks.map(({ issue, wakeAt }) => [issue, wakeAt]));
    expect(wakes.get(2)).toBe(NOW + QUEUE_POLL_MS);
    expect(wakes.get(3)).toBe(NOW + QUEUE_POLL_MS + TOGETHER_MS);
    expect(wakes.get(4) ?? NOW - 1).toBe(NOW - 1);
  });

  it("for people's answer to a revert is looked at when it was going to be, whoever else is looked at or changes", () => {
    const other = waitingTask(2);
    const merged = buildTaskPull();
    const aftermath = { phase: "waiting", merged, mergeSha: "a", tries: 1, refusals: 1 } as const;
    const revert = { number: 81, url: null };
    const awaiting = waitingTask(3, { aftermath: { ...aftermath, revert }, wakeAt: NOW + MINUTE_MS });
    const wakeAfter = (tasks: readonly Task[], more: Parameters<typeof buildSnapshot>[0] = {}) =>
      planWith(
        { kind: "task.due", repo: REPO, taskId: other.id },
        { snapshot: { configText: MERGING, focus: other, queue: tasks, ...more } },
      ).tasks.find(({ issue }) => issue === 3)?.wakeAt;

    expect(wakeAfter([other, awaiting])).toBe(NOW + MINUTE_MS);
    expect(wakeAfter([other, awaiting], { pausedBy: "@ada" })).toBe(NOW + MINUTE_MS);
    expect(wakeAfter([other, { ...awaiting, wakeAt: NOW + 60 * MINUTE_MS }])).toBe(NOW + QUEUE_POLL_MS);
  });

  it("for its turn far back in the queue is looked at less often", () => {
    const focus = waitingTask(2);
    const plan = planWith(
      { kind: "task.due", repo: REPO, taskId: focus.id },
      { snapshot: { configText: MERGING, focus, focusPosition: QUEUE_WINDOW, queue: [] } },
    );

    expect(taskIn(plan, 2).wakeAt).toBe(NOW + FAR_QUEUE_POLL_MS);
  });

  it("F115 behind a hundred others hears that what it waited for is done, and starts", () => {
    const ref = "acme/shop#7";
    const waits = reason("dependency.open", `${ref} is not done yet.`);
    const dependencies = [{ kind: "issue", ref, state: "open" }] as const;
    const focus = buildTask({ issue: 900, rankAt: NOW + 1, dependencies, reasons: [waits], ...due });
    const queue = Array.from({ length: QUEUE_WINDOW }, (_, index) =>
      waitingTask(index + 1, { rankAt: index }),
    );
    const planAfter = (state: "open" | "done") =>
      planWith(
        { kind: "task.due", repo: REPO, taskId: focus.id },
        {
          snapshot: { configText: MERGING, focus, focusPosition: QUEUE_WINDOW, queue },
          gathered: { outcomes: new Map([[ref, state]]) },
        },
      );

    expect(codesOf(taskIn(planAfter("open"), 900))).toEqual(["dependency.open"]);
    expect(orderedIn(planAfter("done"))).toEqual(["dispatch:1001.900.1.1.0.0"]);
  });

  it("F115 behind a hundred others is told its kind, when the configuration knows it by now", () => {
    const unknown = { kind: "unknown", role: "unknown", team: "unknown" };
    const reasons = [reason("kind.unknown", "No configured kind fits this issue.")];
    const focus = buildTask({ issue: 900, ...unknown, reasons, ...due });
    const plan = planWith(
      { kind: "task.due", repo: REPO, taskId: focus.id },
      { snapshot: { configText: MERGING, focus, focusPosition: QUEUE_WINDOW, queue: [] } },
    );

    expect(taskIn(plan, 900)).toMatchObject({ kind: "bugfix", role: "bugfix", team: "qa", state: "running" });
  });

  it("for the end of its rest starts", () => {
    const plan = planDue(
      buildTask({ ...due, notBefore: NOW, retries: 1, reasons: [reason("retry.later", "m")] }),
    );
    expect(orderedIn(plan)).toEqual(["dispatch:1001.42.1.1.0.1"]);
  });
});
