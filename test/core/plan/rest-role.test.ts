import { describe, expect, it } from "vitest";
import { endRests, explainRest, restRole } from "../../../src/core/plan/attempt/rest-role.ts";
import type { Draft } from "../../../src/core/plan/draft.ts";
import { planQueue } from "../../../src/core/plan/plan-queue.ts";
import { buildDraft, buildRepository, buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../support/build-task.ts";
import { buildRunning } from "./plan-with.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A draft in which the worker of a running task was refused. */
function refuse(retryAt?: number, draft: Draft = buildDraft()): Draft {
  restRole(draft, buildRunning(), { summary: "Overloaded.", ...(retryAt !== undefined && { retryAt }) });
  return draft;
}

const untilOf = (draft: Draft) => draft.toPlan().repository?.stored.rests?.bugfix?.until;

/** A repository whose role rests until a moment. */
function resting(until: number, queue = [buildTask({ state: "queued" })]): Draft {
  const { stored, ...record } = buildRepository();
  const rests = { bugfix: { until, issue: 42, what: "Overloaded." } };
  const repository = { ...record, stored: { ...stored, rests } };
  return buildDraft({ snapshot: buildSnapshot({ repository, queue }) });
}

describe("a role whose worker was refused by a limit", () => {
  it.each([
    ["15 minutes, where nobody says when", undefined, 15 * MINUTE_MS],
    ["as long as the worker was told", NOW + 2 * HOUR_MS, 2 * HOUR_MS],
    ["a minute at least, also when the time has passed", NOW - HOUR_MS, MINUTE_MS],
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
    restRole(draft, buildRunning(), { summary });

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
