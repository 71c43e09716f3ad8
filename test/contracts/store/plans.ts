import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Task } from "../../../src/core/task/task.ts";
import { isTerminal, TASK_STATES } from "../../../src/core/task/task.ts";
import { makeComment, makeRepo, makeTask, START } from "../../support/store.ts";
import { eventually, quietlyDone, type StoreSuite } from "./store-suite.ts";

/** One step of a history: an issue's task moves on, or begins anew when it has ended. */
const Step = fc.record({
  issue: fc.integer({ min: 1, max: 5 }),
  state: fc.constantFrom(...TASK_STATES),
  rank: fc.integer({ min: 0, max: 3 }),
  minutes: fc.integer({ min: 0, max: 9 }),
  comment: fc.constantFrom("a", "b", "c"),
});
type Step = typeof Step extends fc.Arbitrary<infer T> ? T : never;

export function describePlans(suite: StoreSuite): void {
  describe("random plans", () => {
    it("leave the store as a simple model says, whatever their order", async () => {
      const written: string[] = [];
      await suite.perform(async (job) => {
        if (job.effect.sort === "projection") written.push(JSON.stringify(job.effect.projection));
        return quietlyDone();
      });
      const history = fc.array(fc.array(Step, { minLength: 1, maxLength: 3 }), {
        minLength: 1,
        maxLength: 8,
      });

      await fc.assert(
        fc.asyncProperty(history, async (plans) => {
          const repo = makeRepo();
          const model = new Map<number, Task>();
          let comment = "";
          for (const steps of plans) {
            const tasks = new Map<string, Task>();
            for (const step of steps) {
              const task = moveOn(repo, model.get(step.issue), step);
              model.set(step.issue, task);
              tasks.set(task.id, task);
              comment = step.comment;
            }
            await suite.settle(repo, { tasks: [...tasks.values()], effects: [makeComment(repo, comment)] });
          }

          const snapshot = await suite.store().ledger.snapshot(repo, { by: "nothing" }, 0);
          const live = [...model.values()];
          const queued = live
            .filter((task) => task.state === "queued")
            .toSorted((a, b) => a.rankAt - b.rankAt || (a.id < b.id ? -1 : 1));
          expect(snapshot.queue).toEqual(queued);
          expect(snapshot.queueLength).toBe(queued.length);
          expect(ids(snapshot.active)).toEqual(
            ids(live.filter((task) => task.state !== "queued" && !isTerminal(task))),
          );
          expect(snapshot.weekUsage.minutes).toBe(plans.flat().reduce((sum, step) => sum + step.minutes, 0));
          await eventually(async () => (await suite.store().ready()).outboxWaiting === 0);
          expect(written.at(-1)).toContain(JSON.stringify(comment));
          expect(await suite.store().audit.verify(repo.id)).toBeNull();
        }),
        { numRuns: 12, seed: 7 },
      );
    });
  });
}

function moveOn(repo: ReturnType<typeof makeRepo>, before: Task | undefined, step: Step): Task {
  const isNew = before === undefined || isTerminal(before);
  const generation = isNew ? (before?.generation ?? 0) + 1 : before.generation;
  const minutes = (isNew ? 0 : before.usage.minutes) + step.minutes;
  return makeTask(repo, {
    issue: step.issue,
    generation,
    state: step.state,
    rankAt: START + step.rank,
    usage: { minutes, tokens: 0, usd: 0 },
  });
}

function ids(tasks: readonly Task[]): readonly string[] {
  return tasks.map((task) => task.id).toSorted();
}
