import { describe, expect, it } from "vitest";
import {
  endRests,
  explainRest,
  forgetRefusals,
  restRole,
  wakeRole,
} from "../../../src/core/plan/attempt/rest-role.ts";
import { HUMAN_POLL_MS } from "../../../src/core/plan/deadlines.ts";
import type { Draft } from "../../../src/core/plan/draft.ts";
import { planQueue } from "../../../src/core/plan/plan-queue.ts";
import { reason } from "../../../src/core/reasons.ts";
import type { Task } from "../../../src/core/task/task.ts";
import {
  buildAttempt,
  buildDraft,
  buildRepository,
  buildSnapshot,
  REPO,
} from "../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../support/build-task.ts";
import { buildComment } from "../commands/comment-on.ts";
import { actionsIn, buildResult, buildRunning, CHANGE, endedRun, planWith, taskIn } from "./plan-with.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A draft in which the worker of a running task was refused. */
function refuse(
  retryAt?: number,
  draft: Draft = buildDraft(),
  given: { readonly task?: Task; readonly dispatchedAt?: number } = {},
): Draft {
  const { task = buildRunning(), dispatchedAt = NOW } = given;
  const judgement = { summary: "Overloaded.", ...(retryAt !== undefined && { retryAt }) };
  restRole(draft, task, { attempt: { dispatchedAt }, judgement });
  return draft;
}

const untilOf = (draft: Draft) => draft.toPlan().repository?.stored.rests?.bugfix?.until;

/** A repository whose role rests until a moment. */
function resting(
  until: number,
  { queue = [buildTask({ state: "queued" })], ...known }: { queue?: Task[]; refusals?: number } = {},
): Draft {
  const { stored, ...record } = buildRepository();
  const rests = { bugfix: { until, issue: 42, what: "Overloaded.", ...known } };
  const repository = { ...record, stored: { ...stored, rests } };
  return buildDraft({ snapshot: buildSnapshot({ repository, queue }) });
}

describe("a role whose worker was refused by a limit", () => {
  it.each([
    ["15 minutes, where nobody says when", undefined, 15 * MINUTE_MS],
    ["as long as the worker was told", NOW + 2 * HOUR_MS, 2 * HOUR_MS],
    ["a minute at least", NOW + 1, MINUTE_MS],
    ["as where nobody says when, where that time has passed", NOW - HOUR_MS, 15 * MINUTE_MS],
    ["as where nobody says when, where that time is now", NOW, 15 * MINUTE_MS],
    ["six hours at most", NOW + 24 * HOUR_MS, 6 * HOUR_MS],
  ])("rests %s", (_, retryAt, ms) => {
    expect(untilOf(refuse(retryAt))).toBe(NOW + ms);
  });

  it("is not woken earlier by a second refusal", () => {
    const draft = refuse(NOW + 2 * HOUR_MS);
    expect(untilOf(refuse(NOW + HOUR_MS, draft))).toBe(NOW + 2 * HOUR_MS);
  });

  it("sends its task back to the queue, where it waits as long and has spent nothing", () => {
    const before = buildRunning();
    const [task] = refuse().toPlan().tasks;

    expect(task).toMatchObject({
      state: "queued",
      correlation: null,
      restarts: 1,
      spent: before.spent,
      retries: before.retries,
      wakeAt: NOW + 15 * MINUTE_MS,
    });
    expect(task?.reasons).toMatchObject([
      {
        code: "role.rate-limited",
        deadline: NOW + 15 * MINUTE_MS,
        message: expect.stringContaining("Overloaded."),
      },
    ]);
  });

  it("S17 says why without half a code span, which would set free what a worker wrote in it", () => {
    const draft = buildDraft();
    const summary = `${"x".repeat(180)} \`@octocat #1 <b>/${"y".repeat(50)}\``;
    restRole(draft, buildRunning(), { attempt: buildAttempt(), judgement: { summary } });

    expect(draft.toPlan().repository?.stored.rests?.bugfix?.what).toBe(`${"x".repeat(180)} …`);
  });

  it("starts none of its tasks, and looks at them when the rest is over", () => {
    const draft = resting(NOW + 5 * MINUTE_MS);
    planQueue(draft);
    const [task] = draft.toPlan().tasks;

    expect(task?.reasons.map(({ code }) => code)).toContain("role.rate-limited");
    expect(task?.wakeAt).toBe(NOW + 5 * MINUTE_MS);
    expect(draft.toPlan().effects).toEqual([]);
  });

  it("works again when the rest is over, and other roles always do", () => {
    expect(explainRest(resting(NOW), { role: "bugfix" })).toEqual([]);
    expect(explainRest(resting(NOW + 1), { role: "bugfix" })).toHaveLength(1);
    expect(explainRest(resting(NOW + 1), { role: "data-engineer" })).toEqual([]);
    expect(explainRest(resting(NOW + 1), { role: "constructor" })).toEqual([]);
  });

  it("is woken by a person, once", () => {
    const draft = resting(NOW + HOUR_MS);
    expect(endRests(draft, "ada")).toEqual(["role `bugfix`"]);
    expect(endRests(draft, "ada")).toEqual([]);
    expect(explainRest(draft, { role: "bugfix" })).toEqual([]);
  });
});

describe("a role whose worker is refused again and again", () => {
  const restOf = (draft: Draft) => draft.view.record.stored.rests?.bugfix;

  it("rests twice as long each time, up to six hours", () => {
    const lengths = [0, 1, 2, 3, 4, 5, 90].map((refusals) => {
      const draft = refuse(undefined, resting(NOW, { refusals }));
      return ((untilOf(draft) ?? 0) - NOW) / MINUTE_MS;
    });
    expect(lengths).toEqual([15, 30, 60, 120, 240, 360, 360]);
  });

  it("rests longer than the worker was told before, too", () => {
    expect(untilOf(refuse(NOW + MINUTE_MS, resting(NOW, { refusals: 3 })))).toBe(NOW + 8 * MINUTE_MS);
  });

  it("takes a rest of which nobody kept the count for the first", () => {
    expect(restOf(refuse(undefined, resting(NOW)))).toMatchObject({ refusals: 2 });
  });

  it("counts runs that were refused side by side once, and asks nobody about the others", () => {
    const draft = resting(NOW + MINUTE_MS, { refusals: 6 });
    refuse(undefined, draft, { dispatchedAt: NOW + MINUTE_MS - 1 });

    expect(restOf(draft)).toMatchObject({ refusals: 6 });
    expect(draft.toPlan().tasks).toMatchObject([{ state: "queued" }]);
    refuse(undefined, draft, { dispatchedAt: NOW + 6 * HOUR_MS });
    expect(restOf(draft)).toMatchObject({ refusals: 7 });
  });

  it("goes on by itself after the fifth, and asks a person after the sixth, once", () => {
    const fifth = refuse(undefined, resting(NOW, { refusals: 4 })).toPlan();
    expect(fifth.tasks).toMatchObject([{ state: "queued", refusals: 1 }]);
    expect(actionsIn(fifth, "reply")).toEqual([]);

    const sixth = refuse(undefined, resting(NOW, { refusals: 5 })).toPlan();
    expect(sixth.tasks).toMatchObject([
      { state: "blocked", spent: 0, correlation: null, wakeAt: NOW + HUMAN_POLL_MS },
    ]);
    expect(sixth.tasks[0]?.reasons).toMatchObject([
      {
        code: "role.refused",
        message: "Limits refused the worker of role `bugfix` 6 times in a row. Overloaded.",
      },
    ]);
    expect(actionsIn(sixth, "reply")).toHaveLength(1);
    expect(sixth.repository?.stored.rests?.bugfix?.until).toBe(NOW + 6 * HOUR_MS);
  });

  it("asks about a task that alone is refused, while others of its role go on", () => {
    const draft = refuse(undefined, buildDraft(), { task: buildRunning({ refusals: 5 }) });

    expect(draft.toPlan().tasks).toMatchObject([{ state: "blocked", reasons: [{ code: "role.refused" }] }]);
    expect(restOf(draft)).toMatchObject({ refusals: 1, until: NOW + 15 * MINUTE_MS });
  });

  it("rests no shorter than usual after runs side by side, of which one was not refused", () => {
    const draft = resting(NOW + MINUTE_MS, { refusals: 0 });
    expect(restOf(refuse(undefined, draft, { dispatchedAt: NOW - 1 }))).toMatchObject({
      refusals: 0,
      until: NOW + 15 * MINUTE_MS,
    });
  });

  it("is refused for the first time again after any other outcome, and rests no shorter for it", () => {
    const over = resting(NOW, { refusals: 5 });
    expect(forgetRefusals(over, buildRunning({ refusals: 5 }))).not.toHaveProperty("refusals");
    expect(restOf(over)).toBeUndefined();

    const still = resting(NOW + HOUR_MS, { refusals: 5 });
    forgetRefusals(still, buildRunning());
    expect(restOf(still)).toMatchObject({ refusals: 0, until: NOW + HOUR_MS });
  });

  it.each([
    ["succeeds", endedRun(), { changes: [CHANGE] }],
    ["fails", endedRun(), { outcome: "failed" }],
    ["is blocked", endedRun(), { outcome: "blocked" }],
    ["loses its runner", endedRun("cancelled"), {}],
  ] as const)("is refused for the first time again after a run that %s", (_, run, result) => {
    const focus = buildRunning({ refusals: 5 });
    const attempt = buildAttempt();
    const repository = resting(NOW, { refusals: 5 }).view.record;
    const plan = planWith(
      { kind: "task.due", repo: REPO, taskId: focus.id },
      {
        snapshot: { repository, focus: { ...focus, wakeAt: NOW }, active: [focus], attempts: [attempt] },
        gathered: { run, result: buildResult(attempt, result) },
      },
    );

    expect(plan.attempts[0]).toMatchObject({ state: "ended" });
    expect(taskIn(plan)).not.toHaveProperty("refusals");
    expect(plan.repository?.stored.rests).toEqual({});
  });

  it("keeps the count of other roles, until they had nothing to do for a day", () => {
    const data = (until: number) => {
      const draft = resting(NOW, { refusals: 4 });
      const { stored, status } = draft.view.record;
      const rest = { until, issue: 7, what: "Later.", refusals: 3 };
      draft.saveRepository({ ...stored, rests: { ...stored.rests, "data-engineer": rest } }, status);
      return refuse(undefined, draft).view.record.stored.rests?.["data-engineer"]?.refusals;
    };
    expect(data(NOW - 24 * HOUR_MS + 1)).toBe(3);
    expect(data(NOW - 24 * HOUR_MS)).toBeUndefined();
    expect(restOf(refuse(undefined, resting(NOW - 24 * HOUR_MS, { refusals: 5 })))?.refusals).toBe(1);
    expect(restOf(refuse(undefined, resting(NOW - 24 * HOUR_MS + 1, { refusals: 4 })))?.refusals).toBe(5);
  });

  it("works at once when a person tries the task again, and is asked about with the next refusal", () => {
    const blocked = buildTask({
      ...{ state: "blocked", wakeAt: NOW, refusals: 6 },
      reasons: [reason("role.refused", "Limits refused the worker.")],
    });
    const repository = resting(NOW + HOUR_MS, { refusals: 6 }).view.record;
    const plan = planWith(buildComment({ body: "/orchestrate retry" }), {
      snapshot: { repository, focus: blocked, active: [blocked] },
      gathered: { permission: "write" },
    });
    expect(taskIn(plan).state).toBe("running");
    expect(plan.audit).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ kind: "role.woken", actor: "ada" })]),
    );

    const draft = buildDraft({ snapshot: buildSnapshot({ repository: plan.repository ?? repository }) });
    refuse(undefined, draft, { task: buildRunning({ refusals: 6 }) });
    expect(draft.toPlan().tasks).toMatchObject([{ state: "blocked" }]);
  });

  it("is woken for nobody who tries a task that waits for something else", () => {
    const draft = resting(NOW, { refusals: 2 });
    wakeRole(draft, "bugfix", "ada");
    wakeRole(draft, "data-engineer", "ada");
    expect(draft.toPlan().audit).toEqual([]);
  });

  it("is not refused in a row any more when a person ends its rest", () => {
    const draft = resting(NOW + HOUR_MS, { refusals: 5 });
    endRests(draft, "ada");
    expect(restOf(refuse(undefined, draft))?.refusals).toBe(1);
  });

  it("is not started more than six times in a row, whatever times in the past its worker names", () => {
    let now = NOW;
    let task = buildTask({ state: "queued" });
    let { record } = buildDraft().view;
    const starts: number[] = [];
    while (task.state === "queued" && starts.length < 100) {
      starts.push(now - NOW);
      const draft = buildDraft({ now, snapshot: buildSnapshot({ repository: record }) });
      refuse(now - HOUR_MS, draft, { task: buildRunning(task), dispatchedAt: now });
      record = draft.view.record;
      task = draft.toPlan().tasks[0] ?? task;
      now = task.wakeAt ?? now;
    }
    expect(task.state).toBe("blocked");
    expect(starts.map((at) => at / MINUTE_MS)).toEqual([0, 15, 45, 105, 225, 465]);
  });
});
