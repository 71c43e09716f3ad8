import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cyclesAmong } from "../../../src/core/queue/find-cycle.ts";
import { parseRoadmap } from "../../../src/core/roadmap/parse-roadmap.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { REPO } from "../../support/build-snapshot.ts";
import { buildTask } from "../../support/build-task.ts";

function waiting(issue: number, ...refs: readonly (number | string)[]): Task {
  const dependencies = refs.map((ref) => ({
    kind: "issue" as const,
    ref: typeof ref === "number" ? `acme/shop#${ref}` : ref,
    state: "open" as const,
  }));
  return buildTask({ issue, dependencies });
}

const ALONE = { repo: REPO, roadmap: null, doneRoadmapIds: new Set<string>() };

function find(...tasks: readonly [Task, ...Task[]]) {
  return cyclesAmong(tasks, ALONE)(tasks[0]);
}

class CountingSet extends Set<string> {
  asked = 0;
  override has(id: string): boolean {
    this.asked++;
    return super.has(id);
  }
}

describe("cyclesAmong", () => {
  it.each<[string, readonly [Task, ...Task[]], readonly number[] | undefined]>([
    ["nothing in a chain", [waiting(1, 2), waiting(2, 3), waiting(3)], undefined],
    ["a task that waits for itself", [waiting(1, 1)], [1, 1]],
    ["two that wait for each other", [waiting(1, 2), waiting(2, 1)], [1, 2, 1]],
    ["a longer circle", [waiting(1, 2), waiting(2, 3), waiting(3, 1)], [1, 2, 3, 1]],
    ["a circle beside a dead end", [waiting(1, 9, 2), waiting(2, 1), waiting(9)], [1, 2, 1]],
    ["nothing in a circle of others", [waiting(1, 2), waiting(2, 3), waiting(3, 2)], undefined],
    ["nothing through a task it does not know", [waiting(1, 2)], undefined],
    ["nothing through another repository", [waiting(1, "acme/till#2"), waiting(2, 1)], undefined],
    ["a circle whatever the case of the name", [waiting(1, "Acme/SHOP#2"), waiting(2, 1)], [1, 2, 1]],
  ])("finds %s", (_name, tasks, cycle) => {
    expect(find(...tasks)).toEqual(cycle);
  });

  it("does not follow a dependency that is done", () => {
    const done = buildTask({
      issue: 2,
      dependencies: [{ kind: "issue", ref: "acme/shop#1", state: "done" }],
    });
    expect(find(waiting(1, 2), done)).toBeUndefined();
  });

  it.each<[string, string, readonly string[], readonly number[] | undefined]>([
    ["a circle of which the roadmap has an edge", "todo", [], [1, 2, 1]],
    ["nothing through a task of the roadmap that is done", "done", [], undefined],
    ["nothing through a task of the roadmap that the store knows as done", "todo", ["R2"], undefined],
    ["nothing through a task of the roadmap that was dropped", "dropped", [], undefined],
  ])("F113 finds %s", (_name, status, doneRoadmapIds, cycle) => {
    const parsed = parseRoadmap(
      [
        "version: 1",
        "tasks:",
        "  - { id: R1, title: A, dependsOn: [R0, R2] }",
        `  - { id: R2, title: B, status: ${status} }`,
        "  - { id: R0, title: C }",
      ].join("\n"),
    );
    const around = {
      repo: REPO,
      roadmap: parsed.ok ? parsed.roadmap : null,
      doneRoadmapIds: new Set(doneRoadmapIds),
    };
    const tasks = [
      { ...waiting(1), roadmapId: "R1" },
      { ...waiting(2, 1), roadmapId: "R2" },
    ] as const;

    const findCycle = cyclesAmong(tasks, around);
    expect(findCycle(tasks[0])).toEqual(cycle);
    expect(findCycle(tasks[1])).toEqual(cycle && [2, 1, 2]);
  });

  it("F113 F115 asks about each edge of the roadmap once for all tasks and once for its own, however long the chain", () => {
    const many = 200;
    const ids = Array.from({ length: many }, (_, index) => `R${index}`);
    const chain = ids.map((id, index) => `  - { id: ${id}, title: A, dependsOn: [${ids[index + 1] ?? ""}] }`);
    const parsed = parseRoadmap(["version: 1", "tasks:", ...chain].join("\n"));
    const doneRoadmapIds = new CountingSet();
    const around = { repo: REPO, roadmap: parsed.ok ? parsed.roadmap : null, doneRoadmapIds };
    const tasks = ids.map((roadmapId, index) => ({ ...waiting(index + 1), roadmapId }));
    const findCycle = cyclesAmong(tasks, around);

    expect(tasks.map(findCycle)).toEqual(tasks.map(() => undefined));
    expect(doneRoadmapIds.asked).toBe(2 * (many - 1));
  });

  it("names edges that are there, from the task back to it", () => {
    const edges = fc.array(fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 3 }), {
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(
      fc.property(edges, (lists) => {
        const tasks = lists.map((list, issue) => waiting(issue, ...list));
        const [first] = tasks;
        const cycle = first && cyclesAmong(tasks, ALONE)(first);
        if (cycle === undefined) return;
        expect(cycle.at(0)).toBe(0);
        expect(cycle.at(-1)).toBe(0);
        for (const [index, issue] of cycle.slice(0, -1).entries())
          expect(lists[issue]).toContain(cycle[index + 1]);
      }),
    );
  });
});
