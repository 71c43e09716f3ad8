import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../../../src/core/plan/plan.ts";
import { explainWait, planQueue } from "../../../../src/core/plan/plan-queue.ts";
import { findCommonArea } from "../../../../src/core/queue/overlap/areas.ts";
import { scopeOf } from "../../../../src/core/queue/overlap/scope.ts";
import { reason } from "../../../../src/core/reasons.ts";
import type { Task } from "../../../../src/core/task/task.ts";
import { buildConfigText, buildDraft, buildSnapshot } from "../../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, HOUR_MS, NOW } from "../../../support/build-task.ts";
import { actionsIn, buildRunning, codesOf, taskIn } from "../../plan/plan-with.ts";

const WIDE = buildConfigText().replace(/limits: .*/u, "limits: { running: 100, openPulls: 100 }");
const ROADMAP = "version: 1\ntasks: [{ id: T-1, title: Prices, paths: ['src/**'] }]";

type Given = Parameters<typeof buildSnapshot>[0];

function planOf(given: Given): Plan {
  const draft = buildDraft({ snapshot: buildSnapshot({ configText: WIDE, ...given }) });
  planQueue(draft);
  return draft.toPlan();
}

function startedIn(plan: Plan): readonly number[] {
  return actionsIn(plan, "dispatch").map(({ correlation }) => Number(correlation.split(".")[1]));
}

const SRC = { paths: ["src/**"] };
const FILE = { paths: ["src/a.ts"] };

describe("tasks that touch the same paths", () => {
  it("start one after another, those of other paths at once", () => {
    const queue = [SRC, FILE, { paths: ["docs/"] }, {}].map((own, index) =>
      buildTask({ issue: index + 1, rankAt: NOW + index, ...own }),
    );
    const plan = planOf({ queue });

    expect(startedIn(plan)).toEqual([1, 3, 4]);
    expect(taskIn(plan, 2).reasons).toEqual([
      {
        code: "overlap.task",
        message: "Touches the same paths as #1 (`src/a.ts`).",
        liftedBy: "the end of #1",
        deadline: null,
      },
    ]);
  });

  it.each<[string, Partial<Task>, boolean]>([
    ["that runs", { state: "running" }, true],
    ["that is verified", { state: "verifying" }, true],
    ["that waits for people with a pull request", { state: "blocked", pull: buildTaskPull() }, true],
    ["that waits for people with nothing", { state: "blocked" }, false],
    ["that works elsewhere", { state: "running", paths: ["docs/**"] }, false],
    ["of which nothing is known", { state: "running", paths: [] }, false],
  ])("wait for one %s: %s %s", (_name, own, isWaiting) => {
    const active = [buildTask({ issue: 7, ...SRC, ...own })];
    const plan = planOf({ active, queue: [buildTask(FILE)] });

    expect(startedIn(plan)).toEqual(isWaiting ? [] : [42]);
  });

  it("are known by the kind, unless the issue or the roadmap says more", () => {
    const configText = WIDE.replace(
      "match: { labels: [bug] }",
      'match: { labels: [bug] }\n    paths: ["src/**"]',
    ).concat("roadmap: .github/roadmap.yml\n");
    const { view } = buildDraft({ snapshot: buildSnapshot({ configText, roadmapText: ROADMAP }) });
    const textsOf = (own: Partial<Task>) => scopeOf(buildTask(own), view).map(({ text }) => text);

    expect(textsOf({})).toEqual(["src/**"]);
    expect(textsOf({ paths: ["src/a.ts"] })).toEqual(["src/a.ts"]);
    expect(textsOf({ paths: ["docs/**"], roadmapId: "T-1" })).toEqual(["docs/**", "src/**"]);
    expect(textsOf({ paths: ["docs/**"], touched: ["src/[id].ts"] })).toEqual(["docs/**", "src/[id].ts"]);
    expect(textsOf({ kind: "data" })).toEqual([]);
  });

  it("are known by what was published, for the next to come", () => {
    const active = [
      buildTask({ issue: 7, state: "verifying", pull: buildTaskPull(), touched: ["src/a.ts"] }),
    ];
    const plan = planOf({ active, queue: [buildTask(SRC)] });

    expect(taskIn(plan).reasons[0]).toMatchObject({
      message: "Touches the same paths as pull request #77 of #7 (`src/a.ts`).",
      liftedBy: "the merge or end of pull request #77",
    });
  });

  it("name three and count the others, and say who lifts what people hold", () => {
    const pull = buildTaskPull();
    const active = [1, 2, 3, 4, 5].map((issue) => buildTask({ issue, ...SRC, state: "blocked", pull }));
    const [told] = taskIn(planOf({ active, queue: [buildTask(FILE)] })).reasons;

    expect(told?.message).toMatch(/#1 \(`src\/a\.ts`\); .*#2 .*; .*#3 .*; 2 more\.$/u);
    expect(told?.liftedBy).toMatch(/^whoever lifts what holds pull request #77; .*; 2 more$/u);
  });

  it("do not wait for themselves", () => {
    const draft = buildDraft({
      snapshot: buildSnapshot({ configText: WIDE, active: [buildRunning({ ...SRC })] }),
    });
    expect(explainWait(draft, buildTask(SRC))).toEqual([]);
  });
});

describe("fixes and features", () => {
  const pull = buildTaskPull();
  const dev = { team: "dev", role: "feature-builder", ...SRC };
  const waiting = { held: true, reasons: [reason("task.held", "On hold.")] };

  it("let a fix wait for the open pull request of a feature, also between its attempts", () => {
    const feature = buildTask({ issue: 7, ...dev, ...waiting, pull, rankAt: NOW + HOUR_MS });
    const plan = planOf({ queue: [buildTask(FILE), feature] });

    expect(codesOf(taskIn(plan))).toEqual(["overlap.task"]);
    expect(startedIn(plan)).toEqual([]);
  });

  it("let no feature wait for a fix that has not begun, however long that waits", () => {
    const overdue = { rankAt: NOW - HOUR_MS, reasons: [reason("limit.team", "1 of 1 run.")] };
    const fix = buildTask({ issue: 7, ...SRC, ...overdue, pull });
    const active = [buildRunning({ issue: 9 })];
    const configText = WIDE.replace("running: 100,", "running: 100, perTeam: { qa: 1 },");

    expect(startedIn(planOf({ configText, active, queue: [fix, buildTask({ ...dev })] }))).toEqual([42]);
  });

  it("do not wait for each other where the feature depends on the fix", () => {
    const dependsOn = [{ kind: "issue" as const, ref: "acme/shop#42", state: "open" as const }];
    const reasons = [reason("dependency.open", "acme/shop#42 is not done yet.")];
    const feature = buildTask({ issue: 7, ...dev, pull, dependencies: dependsOn, reasons });

    expect(startedIn(planOf({ queue: [buildTask(FILE), feature] }))).toEqual([42]);
  });
});

describe("a task that has waited longer than its priority allows", () => {
  const OVERDUE = { issue: 7, ...SRC, rankAt: NOW - 1, paths: ["src/**", "docs/**"] };
  const active = [buildRunning({ issue: 9, paths: ["docs/**"] })];

  it("keeps its paths from those behind it", () => {
    const plan = planOf({ active, queue: [buildTask(OVERDUE), buildTask({ ...FILE, rankAt: NOW })] });

    expect(startedIn(plan)).toEqual([]);
    expect(taskIn(plan).reasons[0]).toMatchObject({
      message: "Touches the same paths as #7, which is overdue and goes first (`src/a.ts`).",
      liftedBy: "the turn of #7",
    });
  });

  it.each<[string, Partial<Task>]>([
    ["while it is not overdue", { rankAt: NOW + 1 }],
    ["while it waits for something else", { held: true }],
  ])("does not %s", (_name, own) => {
    const queue = [buildTask({ ...OVERDUE, ...own }), buildTask({ ...FILE, rankAt: NOW + 2 })];
    expect(startedIn(planOf({ active, queue }))).toEqual([42]);
  });
});

/** Tasks come, run and end under the queue's own decisions; what runs ends as the rolls say. */
class World {
  readonly tasks = new Map<string, Task>();
  readonly begun = new Map<number, number>();
  step = 0;

  in(...states: readonly Task["state"][]): readonly Task[] {
    return [...this.tasks.values()].filter(({ state }) => states.includes(state));
  }

  add(own: Partial<Task>): void {
    const issue = this.tasks.size + 1;
    const now = NOW + this.step * HOUR_MS;
    const task = buildTask({ issue, enqueuedAt: now, rankAt: now, ...own });
    this.tasks.set(task.id, task);
  }

  advance(roll: number): void {
    this.step += 1;
    const queue = this.in("queued").toSorted((a, b) => a.rankAt - b.rankAt || (a.id < b.id ? -1 : 1));
    const active = this.in("running", "verifying", "blocked");
    const draft = buildDraft({
      snapshot: buildSnapshot({ configText: WIDE.replace("running: 100", "running: 3"), queue, active }),
      now: NOW + this.step * HOUR_MS,
    });
    planQueue(draft);
    const started = [...active];
    for (const task of draft.changedTasks().filter(({ state }) => state === "running")) {
      const met = started.filter(
        (other) => findCommonArea(scopeOf(task, draft.view), scopeOf(other, draft.view)) !== undefined,
      );
      expect(met.map(({ issue }) => issue)).toEqual([]);
      started.push(task);
      this.begun.set(task.issue, this.step);
    }
    for (const task of draft.changedTasks()) this.tasks.set(task.id, task);
    const under = this.in("running", "verifying").toSorted((a, b) => a.issue - b.issue);
    for (const task of new Set([under[0], under[roll % Math.max(1, under.length)]])) this.#goOn(task, roll);
  }

  /** To its pull request, or to its end. */
  #goOn(task: Task | undefined, roll: number): void {
    if (task === undefined) return;
    const isOpened = task.state === "running" && task.pull === null && roll % 2 === 0;
    const next: Partial<Task> = isOpened
      ? { state: "verifying", pull: buildTaskPull({ number: task.issue }) }
      : { state: "done" };
    this.tasks.set(task.id, { ...task, ...next });
  }
}

const SCOPES = [["a/**"], ["b/**"], ["c/**"], ["a/**", "b/**"], ["**"], []] as const;
const scopeRoll = fc.nat(SCOPES.length - 1);
const rolls = fc.array(fc.record({ scope: scopeRoll, roll: fc.nat(100), isQa: fc.boolean() }), {
  minLength: 40,
  maxLength: 40,
});

describe("nobody is starved", () => {
  it("since a task starts when those before it have ended, however many come behind it", () => {
    fc.assert(
      fc.property(rolls, (all) => {
        const world = new World();
        for (const { scope, roll } of all) {
          world.add({ team: "dev", paths: [...(SCOPES[scope] ?? [])] });
          world.advance(roll);
        }
        // The oldest under way goes on with every step and needs two at most, so whoever is behind it has its turn.
        const turns = [...world.tasks.values()].map(({ issue }) => ({ issue, by: issue * 2 + 6 }));
        for (const { issue, by } of turns.filter((turn) => turn.by < world.step))
          expect(world.begun.get(issue) ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(by);
      }),
      { numRuns: 40 },
    );
  });

  it("also where one or the other of what it needs is always in use", () => {
    const world = new World();
    world.add({ team: "dev", paths: ["a/**"] });
    world.add({ team: "dev", paths: ["b/**"] });
    world.advance(0);
    world.add({ team: "dev", paths: ["a/**", "b/**"] });
    for (let step = 0; step < 20; step += 1) {
      world.add({ team: "dev", paths: [step % 2 === 0 ? "a/**" : "b/**"] });
      world.advance(0);
    }
    expect(world.begun.get(3)).toBeLessThan(8);
  });

  it("and everything of both teams comes to its end when nothing more comes", () => {
    fc.assert(
      fc.property(rolls, (all) => {
        const world = new World();
        for (const { scope, isQa } of all.slice(0, 12))
          world.add({ team: isQa ? "qa" : "dev", paths: [...(SCOPES[scope] ?? [])] });
        for (const { roll } of [...all, ...all]) world.advance(roll);
        expect(world.in("queued", "running", "verifying")).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
