import { describe, expect, it } from "vitest";
import { explainWait, planQueue } from "../../../../src/core/plan/plan-queue.ts";
import type { RunCost } from "../../../../src/core/queue/cost/cost.ts";
import type { Attempt } from "../../../../src/core/task/attempt.ts";
import type { Task } from "../../../../src/core/task/task.ts";
import { buildAttempt, buildConfigText, buildDraft, buildSnapshot } from "../../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../../support/build-task.ts";
import { actionsIn, buildRunning } from "../plan-with.ts";

type Given = Parameters<typeof buildSnapshot>[0];

const LATER = NOW + 72 * 3_600_000;
const ordered = buildAttempt({ state: "dispatching", runId: null, runUrl: null, runAttempt: null });
const other = buildTask({ issue: 7 });

function textWith(limits: string, lines: readonly string[] = []): string {
  return buildConfigText({ lines }).replace(/limits: .*/u, `limits: { running: 2, openPulls: 9, ${limits} }`);
}

/** A task whose run has been ordered, at what it is expected to take. */
function orderedAt(reserved: RunCost, change: Partial<Task> = {}): Task {
  const { timeline } = buildRunning();
  const lines = timeline.map((line) => ({ ...line, state: "dispatching" as const, reserved }));
  return buildRunning({ timeline: lines, ...change });
}

/** What another task waits for, three days later. */
function waitsFor(task: Task, given: Given = {}, attempt: Attempt = ordered): readonly string[] {
  const configText = textWith("usdPerWeek: 100");
  const snapshot = buildSnapshot({
    configText,
    queue: [other],
    active: [task],
    attempts: [attempt],
    ...given,
  });
  return explainWait(buildDraft({ snapshot, now: LATER }), other).map(({ code }) => code);
}

describe("an order at an unknown price that has not left", () => {
  const UNPRICED = { minutes: 60 };
  const held = orderedAt(UNPRICED, { held: true });

  it("F189 has what is left of the money to itself, unless it is held back", () => {
    expect(waitsFor(orderedAt(UNPRICED))).toEqual(["limit.usd"]);
    expect(waitsFor(held)).toEqual([]);
  });

  it("F189 has none to itself while its role may not work", () => {
    const task = orderedAt(UNPRICED);
    const under = (autonomy: string) =>
      waitsFor(task, {
        configText: textWith("usdPerWeek: 100", [`roles: { bugfix: { autonomy: ${autonomy} } }`]),
      });

    expect([under("observe"), under("draft-pr")]).toEqual([["autonomy.too-low"], ["limit.usd"]]);
  });

  it("F189 keeps its money when its run is known, held back or not", () => {
    expect(waitsFor(held, {}, buildAttempt())).toEqual(["limit.usd"]);
  });

  it("F189 keeps its minutes, which are a sum", () => {
    expect(waitsFor(held, { configText: textWith("minutesPerWeek: 100") })).toEqual(["limit.minutes"]);
  });

  it("F189 lets no more begin than may run at once", () => {
    const queue = [1, 2, 3].map((issue) => buildTask({ issue, rankAt: NOW + issue }));
    const configText = textWith("usdPerWeek: 100").replace("running: 2", "running: 3");
    const begun = (task: Task) => {
      const snapshot = buildSnapshot({ configText, queue, active: [task], attempts: [ordered] });
      const draft = buildDraft({ snapshot, now: LATER });
      planQueue(draft);
      return actionsIn(draft.toPlan(), "dispatch").length;
    };

    expect([begun(held), begun({ ...held, held: false })]).toEqual([1, 0]);
  });
});

it("F189 an order at a known price keeps it aside while it is held back", () => {
  const priced = (usd: number) => orderedAt({ minutes: 60, usd }, { held: true });
  expect([priced(99), priced(100)].map((task) => waitsFor(task))).toEqual([[], ["limit.usd"]]);
});
