import { describe, expect, it } from "vitest";
import type { EventOf } from "../../../../src/core/events.ts";
import type { ResultFile, RunNow } from "../../../../src/core/facts.ts";
import { finishAttempt } from "../../../../src/core/plan/attempt/finish-attempt.ts";
import { judgeAttempt } from "../../../../src/core/plan/attempt/judge-attempt.ts";
import type { Draft } from "../../../../src/core/plan/draft.ts";
import { stopRun } from "../../../../src/core/plan/events/plan-issue.ts";
import type { Plan } from "../../../../src/core/plan/plan.ts";
import { planQueue } from "../../../../src/core/plan/plan-queue.ts";
import { StoredRepository } from "../../../../src/core/plan/repository/repository.ts";
import { reservedFor } from "../../../../src/core/queue/cost/reserved-cost.ts";
import { isTerminal, Task } from "../../../../src/core/task/task.ts";
import {
  buildAttempt,
  buildConfigText,
  buildDraft,
  buildSnapshot,
  REPO,
} from "../../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../../support/build-task.ts";
import { buildComment } from "../../commands/comment-on.ts";
import {
  actionsIn,
  buildDataTask,
  buildResult,
  buildRun,
  buildRunning,
  CHANGE,
  codesOf,
  currentIn,
  endedRun,
  MINUTE_MS,
  planWith,
  taskIn,
} from "../plan-with.ts";

const WEEK = "2026-W47";

function textWith(limits: string, lines: readonly string[] = []): string {
  return buildConfigText({ lines }).replace(
    /limits: .*/u,
    `limits: { running: 100, openPulls: 100${limits} }`,
  );
}

function draftOf(given: Parameters<typeof buildSnapshot>[0], stored: Partial<StoredRepository> = {}): Draft {
  const draft = buildDraft({ snapshot: buildSnapshot(given) });
  const { record } = draft.view;
  draft.saveRepository({ ...record.stored, ...stored }, record.status);
  return draft;
}

function queued(draft: Draft) {
  planQueue(draft);
  return draft.toPlan();
}

/** Ends the run of the built task after ten minutes with what the worker says. */
function finish(draft: Draft, task: Task, result: Parameters<typeof buildResult>[1]): Task {
  const attempt = buildAttempt();
  const run = endedRun("success", { startedAt: NOW - 10 * MINUTE_MS, updatedAt: NOW });
  const demands = { metrics: [], artifacts: [], needsChanges: true };
  const file = buildResult(attempt, result);
  const judgement = judgeAttempt({ attempt, demands, run, file });
  finishAttempt(draft, task, { attempt, run, judgement });
  return currentIn(draft);
}

describe("a dispatch", () => {
  it("sets aside what the run is expected to take, which the next one has to leave room for", () => {
    const queue = [1, 2].map((issue) => buildTask({ issue, rankAt: NOW + issue }));
    const plan = queued(draftOf({ configText: textWith(", minutesPerWeek: 100"), queue }));

    expect(reservedFor(taskIn(plan, 1))).toEqual({ minutes: 60 });
    expect(taskIn(plan, 2).reasons).toMatchObject([
      {
        code: "limit.minutes",
        message:
          "0 of 100 minutes of this week are spent, 60 minutes are reserved for what is running, the next run is expected to take 60 minutes (`limits.minutesPerWeek`).",
      },
    ]);
  });

  it("goes by what the last runs of its workflow took", () => {
    const queue = [1, 2].map((issue) => buildTask({ issue, rankAt: NOW + issue }));
    const costs = { "agent.yml": [{ minutes: 20, usd: 0.5 }], "train.yml": [{ minutes: 900, usd: 90 }] };
    const plan = queued(draftOf({ configText: textWith(", minutesPerWeek: 100"), queue }, { costs }));

    expect(plan.tasks.map(reservedFor)).toEqual([
      { minutes: 20, usd: 0.5 },
      { minutes: 20, usd: 0.5 },
    ]);
  });

  it("waits for the week of its role, while other roles go on", () => {
    const configText = textWith("", ["roles: { bugfix: { minutesPerWeek: 90 } }"]);
    const roleWeek = { week: WEEK, roles: { bugfix: { minutes: 31, usd: 0 } } };
    const queue = [buildTask({ issue: 1 }), buildDataTask({ issue: 2 })];
    const plan = queued(draftOf({ configText, queue }, { roleWeek }));

    expect(codesOf(taskIn(plan, 1))).toEqual(["limit.role"]);
    expect(taskIn(plan, 2).state).toBe("running");
  });

  it("does not count what a role used in another week", () => {
    const configText = textWith("", ["roles: { bugfix: { minutesPerWeek: 90 } }"]);
    const roleWeek = { week: "2026-W46", roles: { bugfix: { minutes: 90, usd: 0 } } };
    const plan = queued(draftOf({ configText, queue: [buildTask()] }, { roleWeek }));

    expect(taskIn(plan).state).toBe("running");
  });
});

describe("a dispatch whose price nobody knows", () => {
  const queue = Array.from({ length: 20 }, (_, index) =>
    buildTask({ issue: index + 1, rankAt: NOW + index }),
  );
  /** Task 42 is under way at an unknown price. */
  const running = buildRunning({
    timeline: buildRunning().timeline.map((line) => ({ ...line, reserved: { minutes: 60 } })),
  });

  it("F189 has all that is left of a limit of money to itself", () => {
    const weekUsage = { minutes: 0, usd: 0.25 };
    const plan = queued(draftOf({ configText: textWith(", usdPerWeek: 1"), queue, weekUsage }));

    expect(actionsIn(plan, "dispatch")).toHaveLength(1);
    expect(taskIn(plan, 20).reasons).toMatchObject([
      {
        code: "limit.usd",
        message: expect.stringContaining("$0.25 of $1 of this week are spent, $0.75 are reserved"),
        liftedBy: expect.stringContaining("workers that report `usage.usd`, or no `limits.usdPerWeek`"),
      },
    ]);
  });

  it("F189 is one of as many as wanted where no money is limited", () => {
    expect(actionsIn(queued(draftOf({ configText: textWith(""), queue })), "dispatch")).toHaveLength(20);
  });

  it("F189 keeps back its own role only where the limit is the role's", () => {
    const configText = textWith("", ["roles: { bugfix: { usdPerWeek: 5 } }"]);
    const others = [buildTask({ issue: 1 }), buildDataTask({ issue: 2 })];
    const plan = queued(draftOf({ configText, queue: others, active: [running] }));

    expect(taskIn(plan, 1)).toMatchObject({
      state: "queued",
      reasons: [{ code: "limit.role", liftedBy: expect.stringContaining("`roles.bugfix.usdPerWeek`") }],
    });
    expect(taskIn(plan, 2).state).toBe("running");
  });

  it("F189 keeps back those with a price as well, and waits for none of them while money is left", () => {
    const configText = textWith(", usdPerWeek: 10");
    const costs = { "generate.yml": [{ minutes: 5, usd: 2 }] };
    const priced = buildDataTask({ issue: 1, rankAt: NOW });
    const unpriced = buildTask({ issue: 2, rankAt: NOW + 1 });
    const behind = queued(draftOf({ configText, queue: [priced], active: [running] }, { costs }));
    const before = queued(draftOf({ configText, queue: [priced, unpriced] }, { costs }));

    expect(codesOf(taskIn(behind, 1))).toEqual(["limit.usd"]);
    expect([1, 2].map((issue) => taskIn(before, issue).state)).toEqual(["running", "running"]);
  });

  it.each<[string, object, number]>([
    ["one more, where it told no price", {}, 1],
    ["as many as the price leaves room for, where it told one", { usage: { usd: 2 } }, 4],
  ])("F189 lets others begin with its end: %s", (_name, told, count) => {
    const draft = draftOf({
      configText: textWith(", usdPerWeek: 10"),
      active: [running],
      attempts: [buildAttempt()],
      queue,
    });
    finish(draft, running, { ...told, changes: [CHANGE] });

    expect(actionsIn(queued(draft), "dispatch")).toHaveLength(count);
  });

  it("F189 lets the next one begin when it is broken off", () => {
    const configText = textWith(", usdPerWeek: 10");
    const draft = draftOf({ configText, active: [running], attempts: [buildAttempt()], queue });
    draft.saveTask(stopRun(draft, running, "cancelled"));

    expect(actionsIn(queued(draft), "dispatch")).toHaveLength(1);
  });
});

describe("what the week has used", () => {
  it("counts nothing of what a task used before, whose issue a command elsewhere names", () => {
    const spent = buildTask({ issue: 7, state: "failed", usage: { minutes: 5_000, tokens: 0, usd: 90 } });
    const plan = planWith(buildComment({ body: "/orchestrate retry #7" }), {
      snapshot: { queue: [buildTask({ issue: 9 })], weekUsage: { minutes: 2_000, usd: 20 } },
      gathered: { permission: "write", targets: new Map([[7, { task: spent, position: null }]]) },
    });

    expect(codesOf(taskIn(plan, 7))).toEqual(["dispatch.unconfirmed"]);
    expect(codesOf(taskIn(plan, 9))).toEqual(["limit.team"]);
  });
});

describe("a task that would cost more than one task may", () => {
  const usage = { minutes: 45, tokens: 0, usd: 0 };
  const configText = textWith(", minutesPerTask: 100");

  it("F189 is not started; a person is asked, with the sum", () => {
    const plan = queued(draftOf({ configText, queue: [buildTask({ usage })] }));

    expect(taskIn(plan)).toMatchObject({ state: "blocked", reasons: [{ code: "limit.task" }] });
    expect(actionsIn(plan, "dispatch")).toEqual([]);
    expect(actionsIn(plan, "reply")[0]?.body).toContain("45 of 100 minutes of this task are spent");
  });

  it("stays in the queue while something else is in the way as well", () => {
    const plan = queued(draftOf({ configText, queue: [buildTask({ usage, held: true })] }));

    expect(taskIn(plan).state).toBe("queued");
    expect(codesOf(taskIn(plan))).toEqual(["task.held", "limit.task"]);
  });

  it("counts from its last fresh budget on", () => {
    const usageAtReset = { minutes: 10, usd: 0 };
    const plan = queued(draftOf({ configText, queue: [buildTask({ usage, usageAtReset })] }));

    expect(taskIn(plan).state).toBe("running");
  });

  it("is stopped between its attempts too", () => {
    const running = buildRunning({ usage: { ...usage, minutes: 85 } });
    const draft = draftOf({ configText, active: [running], attempts: [buildAttempt()] });
    finish(draft, running, { outcome: "failed", summary: "No." });
    planQueue(draft);
    const after = currentIn(draft);

    expect(after).toMatchObject({ state: "blocked", attempt: 2, spent: 1 });
    expect(codesOf(after)).toEqual(["limit.task"]);
  });
});

describe("the end of a run", () => {
  it("gives back what was set aside, and counts what was used: for the task, the role and the workflow", () => {
    const running = buildRunning({
      timeline: buildRunning().timeline.map((line) => ({ ...line, reserved: { minutes: 60, usd: 0 } })),
    });
    const draft = draftOf({ active: [running], attempts: [buildAttempt()] });
    const usage = { minutes: 12, tokens: 5, usd: 0.4 };
    const after = finish(draft, running, { usage, changes: [CHANGE] });

    expect(reservedFor(after)).toEqual({ minutes: 0, usd: 0 });
    expect(after.usage).toEqual(usage);
    expect(draft.view.record.stored).toMatchObject({
      costs: { "agent.yml": [{ minutes: 12, usd: 0.4 }] },
      roleWeek: { week: WEEK, roles: { bugfix: { minutes: 12, usd: 0.4 } } },
    });
    expect(() => StoredRepository.parse(JSON.parse(JSON.stringify(draft.view.record.stored)))).not.toThrow();
  });

  it("keeps the last ten of each workflow", () => {
    const costs = { "agent.yml": Array.from({ length: 10 }, (_, index) => ({ minutes: index, usd: 0 })) };
    const running = buildRunning();
    const draft = draftOf({ active: [running], attempts: [buildAttempt()] }, { costs });
    finish(draft, running, { changes: [CHANGE] });

    const kept = draft.view.record.stored.costs?.["agent.yml"] ?? [];
    expect(kept.map(({ minutes }) => minutes)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("counts the time of a run that was broken off, but learns nothing from it", () => {
    const running = buildRunning();
    const attempt = buildAttempt({ dispatchedAt: NOW - 7 * MINUTE_MS });
    const draft = draftOf({ active: [running], attempts: [attempt] });

    expect(stopRun(draft, running, "cancelled").usage.minutes).toBe(7);
    expect(draft.view.record.stored.costs).toBeUndefined();
  });

  it("counts the time of a run that took too long, as what such a run takes", () => {
    const running = buildRunning();
    const attempt = buildAttempt({ dispatchedAt: NOW - 61 * MINUTE_MS });
    const draft = draftOf({ active: [running], attempts: [attempt] });

    expect(stopRun(draft, running, "trouble").usage.minutes).toBe(61);
    expect(draft.view.record.stored.costs).toEqual({ "agent.yml": [{ minutes: 61 }] });
  });

  it.each<[string, Parameters<typeof buildResult>[1], object]>([
    ["no price", { usage: { tokens: 5 } }, { minutes: 10 }],
    ["nothing of what it used", {}, { minutes: 10 }],
    ["that it cost nothing", { usage: { usd: 0 } }, { minutes: 10, usd: 0 }],
  ])("F189 keeps what was told of its price: %s", (_name, told, sample) => {
    const running = buildRunning();
    const draft = draftOf({ active: [running], attempts: [buildAttempt()] });
    const after = finish(draft, running, { ...told, changes: [CHANGE] });

    expect(after.usage.usd).toBe(0);
    expect(draft.view.record.stored.costs).toEqual({ "agent.yml": [sample] });
    expect(() => StoredRepository.parse(JSON.parse(JSON.stringify(draft.view.record.stored)))).not.toThrow();
  });

  it("counts nothing of a dispatch that has not begun", () => {
    const attempt = buildAttempt({ state: "dispatched", dispatchedAt: NOW - 7 * MINUTE_MS });
    const draft = draftOf({ active: [buildRunning()], attempts: [attempt] });

    expect(stopRun(draft, buildRunning(), "cancelled").usage.minutes).toBe(0);
  });
});

describe("a run that was broken off, whose worker tells afterwards what it used", () => {
  const attempt = buildAttempt({ state: "running", runId: 900, dispatchedAt: NOW - 61 * MINUTE_MS });
  const began = { startedAt: NOW - 61 * MINUTE_MS };
  const told = buildResult(attempt, { usage: { minutes: 99, tokens: 7, usd: 9.5 }, changes: [CHANGE] });

  function seen(plan: Plan, run: RunNow, result?: ResultFile) {
    const task = taskIn(plan);
    const attempts = plan.attempts.filter(({ correlation }) => correlation === attempt.correlation);
    const repository = plan.repository ?? buildSnapshot().repository;
    return planWith(changed(run.status), {
      snapshot: { repository, focus: task, active: isTerminal(task) ? [] : [task], attempts },
      gathered: { run, ...(result !== undefined && { result }) },
    });
  }

  const changed = (status: string) =>
    ({
      kind: "run.changed",
      repo: REPO,
      runId: 900,
      title: attempt.correlation,
      status,
    }) as EventOf<"run.changed">;
  const running = buildRunning({ wakeAt: NOW });
  const start = () => ({
    snapshot: { focus: running, active: [running], attempts: [attempt] },
  });
  const timeOut = () => planWith(changed("in_progress"), { ...start(), gathered: { run: buildRun(began) } });
  const cancel = () =>
    planWith(buildComment({ body: "/orchestrate cancel" }), {
      ...start(),
      gathered: { permission: "write" },
    });
  const lose = () =>
    planWith(
      { kind: "task.due", repo: REPO, taskId: attempt.taskId },
      { ...start(), gathered: { run: null } },
    );

  it.each([
    ["timed out", timeOut],
    ["was cancelled with its task", cancel],
    ["was not to be found for a while", lose],
  ])("F189 is counted, and nothing else of it, when it %s", (_name, end) => {
    const before = end();
    const after = seen(before, endedRun("cancelled", began), told);
    const { minutes } = taskIn(before).usage;

    expect(after.outcome.status).toBe("processed");
    expect(taskIn(after).usage).toEqual({ minutes, tokens: 7, usd: 9.5 });
    expect(after.repository?.stored.roleWeek?.roles).toEqual({ bugfix: { minutes, usd: 9.5 } });
    expect(after.repository?.stored.costs).toEqual(before.repository?.stored.costs);
    expect(taskIn(after)).toMatchObject({
      state: taskIn(before).state,
      spent: taskIn(before).spent,
      history: taskIn(before).history,
    });
    expect(Task.safeParse(JSON.parse(JSON.stringify(taskIn(after)))).success).toBe(true);
  });

  it("F189 is shown with its task, and nowhere when that is over: another one may stand in its issue by now", () => {
    const late = (end: () => Plan) => seen(end(), endedRun("cancelled", began), told);
    const shown = (plan: Plan) => plan.effects.filter(({ sort }) => sort === "projection");

    expect(shown(late(timeOut))).not.toEqual([]);
    expect(taskIn(late(cancel)).usage.usd).toBe(9.5);
    expect(shown(late(cancel))).toEqual([]);
  });

  it("F189 is counted once, however often its end is told", () => {
    const run = endedRun("cancelled", began);
    const first = seen(cancel(), run, told);
    const again = seen({ ...first, attempts: cancel().attempts }, run, told);

    expect(again).toMatchObject({ outcome: { status: "ignored" }, tasks: [] });
  });

  it.each<[string, ResultFile | undefined]>([
    ["it left nothing", undefined],
    ["its result is another attempt's", buildResult(attempt, { attempt: 2, usage: { usd: 9.5 } })],
  ])("F189 counts for nothing where %s, and may still be told", (_name, file) => {
    const cancelled = cancel();
    const nothing = seen(cancelled, endedRun("cancelled", began), file);
    const after = seen(cancelled, endedRun("cancelled", began), told);

    expect(nothing).toMatchObject({ outcome: { status: "ignored" }, tasks: [] });
    expect(taskIn(after).usage.usd).toBe(9.5);
  });

  it("F189 was counted already where it ended by itself", () => {
    const first = planWith(changed("completed"), {
      ...start(),
      gathered: { run: endedRun("success", began), result: told },
    });

    expect(taskIn(first).usage.usd).toBe(9.5);
    expect(seen(first, endedRun("success", began), told).tasks).toEqual([]);
  });
});

it("still reads tasks and repositories of before", () => {
  const { record } = buildDraft().view;
  expect(Task.safeParse(JSON.parse(JSON.stringify(buildRunning()))).success).toBe(true);
  expect(StoredRepository.safeParse(JSON.parse(JSON.stringify(record.stored))).success).toBe(true);
});
