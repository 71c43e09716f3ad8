import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { viewRepository } from "../../../src/core/plan/repository/repository-view.ts";
import { Attempt } from "../../../src/core/task/attempt.ts";
import { isTerminal, Task } from "../../../src/core/task/task.ts";
import { isInFlight, type PlanLedger } from "../../support/apply-plan.ts";
import { historyOf, play, TROUBLE, WORK } from "./play-plans.ts";

function checkTask(task: Task): void {
  expect(Task.parse(task)).toStrictEqual(task);
  expect(task.spent).toBeLessThanOrEqual(task.budget);
  if (isTerminal(task)) {
    expect(task).toMatchObject({ reasons: [], wakeAt: null, correlation: null });
    return;
  }
  expect(task.reasons.length).toBeGreaterThan(0);
  expect(task.wakeAt).not.toBeNull();
}

function checkPlan(plan: Plan): void {
  expect(JSON.parse(JSON.stringify(plan))).toStrictEqual(plan);
  for (const task of plan.tasks) checkTask(task);
  for (const attempt of plan.attempts) expect(Attempt.parse(attempt)).toStrictEqual(attempt);
}

function checkLedger({ repository, tasks, attempts }: PlanLedger): void {
  const live = [...tasks.values()].filter((task) => !isTerminal(task));
  expect(new Set(live.map(({ issue }) => issue)).size).toBe(live.length);
  for (const task of live) {
    const inFlight = [...attempts.values()].filter((known) => known.taskId === task.id && isInFlight(known));
    if (task.state === "running")
      expect(inFlight.map(({ correlation }) => correlation)).toEqual([task.correlation]);
    else expect(inFlight).toEqual([]);
  }
  if (repository.status === "removed") expect(live).toEqual([]);
}

function checkEffects(plan: Plan, after: PlanLedger): void {
  const { config, record } = viewRepository(after.repository);
  if (record.status === "removed") expect(plan.effects).toEqual([]);
  for (const effect of plan.effects) {
    if (effect.sort !== "action" || effect.action.kind !== "dispatch") continue;
    expect(record).toMatchObject({ status: "active", stored: { pausedBy: null } });
    expect(config).toMatchObject({ mode: "active" });
    expect(config?.autonomy).not.toBe("observe");
    expect(after.tasks.get(effect.taskId ?? "")).toMatchObject({ held: false });
  }
}

/** Actions that are ordered at most once in all history; a second order under the key would be lost. */
const ONCE = new Set(["dispatch", "publish"]);

function checkOrders(plan: Plan, ordered: Map<string, string>): void {
  for (const effect of plan.effects) {
    const kind = effect.sort === "action" ? effect.action.kind : effect.projection.kind;
    expect(ordered.get(effect.key) ?? kind).toBe(kind);
    if (ONCE.has(kind)) expect(ordered.has(effect.key)).toBe(false);
    ordered.set(effect.key, kind);
  }
}

/** Moves that histories have to make, so that what is said of all of them says something. */
const SEEN = [
  "none running",
  "queued running",
  "running queued",
  "running verifying",
  "running blocked",
  "running cancelled",
  "verifying running",
  "verifying done",
];

describe("any history", () => {
  it("leaves every task with a reason and a deadline or ended, within its budget, one live task per issue", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(historyOf([...WORK, ...TROUBLE]), (steps) => {
        const ordered = new Map<string, string>();
        play(steps, ({ before, after, plan }) => {
          checkPlan(plan);
          checkLedger(after);
          checkEffects(plan, after);
          checkOrders(plan, ordered);
          for (const { id, state } of plan.tasks)
            seen.add(`${before.tasks.get(id)?.state ?? "none"} ${state}`);
        });
      }),
      { numRuns: 150 },
    );
    for (const move of SEEN) expect(seen).toContain(move);
  });

  it("without commands makes no more attempts than the budget allows, and each failure costs one", () => {
    fc.assert(
      fc.property(historyOf(WORK), (steps) => {
        const { tasks, attempts } = play(steps, () => undefined);
        for (const task of tasks.values()) {
          const numbers = [...attempts.values()]
            .filter(({ taskId }) => taskId === task.id)
            .map(({ number }) => number);
          expect(Math.max(0, ...numbers)).toBeLessThanOrEqual(task.budget);
          expect(task.attempt).toBe(task.spent + (task.state === "failed" ? 0 : 1));
        }
      }),
      { numRuns: 25 },
    );
  });
});
