import { describe, expect, it } from "vitest";
import type { Event } from "../../../src/core/events.ts";
import { RECEIPT_MS } from "../../../src/core/plan/deadlines.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { planEvent } from "../../../src/core/plan/plan-event.ts";
import { keepTouched } from "../../../src/core/queue/overlap/scope.ts";
import { type ReasonCode, reason } from "../../../src/core/reasons.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildEnded, buildSession } from "../../support/build-session.ts";
import {
  buildAttempt,
  buildConfigText,
  buildRepository,
  buildSnapshot,
  REPO,
  type RepositoryOverrides,
} from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, NOW } from "../../support/build-task.ts";
import { repositoryUnder } from "../organisation/govern-with.ts";
import { buildRunning, codesOf, planWith, projectionsIn, taskIn } from "./plan-with.ts";

const CHANGED: Event = { kind: "stop.changed", repo: REPO };
const PAUSED = { pausedBy: "@ada: release day" };

function waiting(...codes: readonly ReasonCode[]): Task {
  return buildTask({
    state: "verifying",
    reasons: codes.map((code) => reason(code, code)),
    wakeAt: NOW + 60_000,
  });
}

/** Reasons of the only task after an event that has nothing to do with it; undefined when it was left as it is. */
function reasonsAfter(task: Task, overrides: RepositoryOverrides): readonly string[] | undefined {
  const snapshot = buildSnapshot({ active: [task], repository: buildRepository(overrides) });
  const own = { appId: 99, slug: "orchestrator" };
  const { tasks } = planEvent({ snapshot, gathered: {}, now: NOW, own }, CHANGED);
  const [saved] = tasks;
  return saved === undefined ? undefined : codesOf(saved);
}

describe("a pause", () => {
  it.each<ReasonCode>(["publish.pending", "merge.pending", "critics.reverting"])(
    "is why a task waits although %s was ordered",
    (code) => {
      expect(reasonsAfter(waiting(code), PAUSED)).toEqual(["repository.paused", code]);
    },
  );

  it("is told once, and no more when it is over", () => {
    const told = buildTask({
      ...waiting("publish.pending"),
      reasons: [
        reason("repository.paused", "The repository is paused by @ada: release day."),
        reason("publish.pending", "publish.pending"),
      ],
    });
    expect(codesOf(told)).toEqual(["repository.paused", "publish.pending"]);
    expect(reasonsAfter(told, PAUSED)).toBeUndefined();
    expect(reasonsAfter(told, {})).toEqual(["publish.pending"]);
  });

  it("is nothing to a task that waits for people or that a session takes to its end", () => {
    expect(reasonsAfter(waiting("approval.missing"), PAUSED)).toBeUndefined();
    const task = waiting("merge.pending");
    const session = buildSession({ taken: [{ id: task.id, minutes: 0, usd: 0 }] });
    expect(reasonsAfter(task, { ...PAUSED, sessions: [session] })).toBeUndefined();
  });
});

const SHADOW = buildConfigText().replace("mode: active", "mode: shadow");
const OBSERVED = buildConfigText().replace("merge-with-approval", "observe");
const FREEZE = "windows: [{ name: freeze, starts: '* * * * *', lasts: 1h, stops: [dispatch] }]";
const ordered = buildAttempt({ state: "dispatching", runId: null, runUrl: null, runAttempt: null });
const unconfirmed = buildRunning({ reasons: [reason("dispatch.unconfirmed", "m")] });

/** What a task whose dispatch GitHub has not confirmed says after an event that is not about it. */
function dispatchedAfter(
  task: Task,
  overrides: Parameters<typeof buildSnapshot>[0] = {},
  attempts = [ordered],
): readonly string[] | undefined {
  const [saved] = planWith(CHANGED, { snapshot: { active: [task], attempts, ...overrides } }).tasks;
  return saved === undefined ? undefined : codesOf(saved);
}

describe("an order that is held back", () => {
  const held = (task: Task): Task => ({ ...task, held: true });

  it.each<[ReasonCode, (task: Task) => Task, RepositoryOverrides]>([
    ["task.held", held, {}],
    ["repository.paused", (task) => task, PAUSED],
    ["mode.shadow", (task) => task, { configText: SHADOW }],
    ["autonomy.too-low", (task) => task, { configText: OBSERVED }],
    ["config.absent", (task) => task, { configText: null }],
    ["installation.suspended", (task) => task, { status: "suspended" }],
  ])("says %s first, whatever was ordered, and no more when that is lifted", (code, change, overrides) => {
    for (const pending of ["publish.pending", "merge.pending", "critics.reverting"] as const) {
      const task = change(waiting(pending));
      expect(reasonsAfter(task, overrides)).toEqual([code, pending]);
      const told = { ...waiting(pending), reasons: [reason(code, "m"), ...task.reasons] };
      expect(reasonsAfter(told, {})).toEqual([pending]);
    }
    expect(dispatchedAfter(change(unconfirmed), overrides)).toEqual([code, "dispatch.unconfirmed"]);
    const told = { ...unconfirmed, reasons: [reason(code, "m"), ...unconfirmed.reasons] };
    expect(dispatchedAfter(told)).toEqual(["dispatch.unconfirmed"]);
  });

  it("F198 says that a publication has come under a ceiling, and from where that is", () => {
    const configText = buildConfigText({ lines: ['ceilings: [{ paths: ["src/**"], autonomy: observe }]'] });
    const touching = (...touched: readonly string[]) => ({ ...waiting("publish.pending"), touched });
    const [saved] = planWith(CHANGED, {
      snapshot: { active: [touching("lib/a.ts", "src/a.ts")], configText },
    }).tasks;

    expect(saved?.reasons[0]).toMatchObject({
      code: "autonomy.too-low",
      message:
        "Autonomy `observe`, from `ceilings`, does not allow what was ordered before; `draft-pr` or more does.",
    });
    expect(reasonsAfter(touching("lib/a.ts"), { configText })).toBeUndefined();
    expect(
      reasonsAfter({ ...touching("src/a.ts"), ...waiting("merge.pending") }, { configText }),
    ).toBeUndefined();
  });

  it("F198 blames no ceiling for a change of so many files that only their folders are remembered", () => {
    const configText = buildConfigText({ lines: ['ceilings: [{ paths: ["infra/**"], autonomy: observe }]'] });
    const paths = Array.from({ length: 201 }, (_, index) => `src/${index}.ts`);
    const task = { ...waiting("publish.pending"), touched: keepTouched([...paths, "README.md"]) };

    expect(task.touched).toEqual(["src/", "README.md"]);
    expect(reasonsAfter(task, { configText })).toBeUndefined();
    const readme = buildConfigText({ lines: ["ceilings: [{ paths: [README.md], autonomy: observe }]"] });
    expect(reasonsAfter(task, { configText: readme })).toEqual(["autonomy.too-low", "publish.pending"]);
  });

  it("says all of it at once, what is lifted first before the rest", () => {
    const task = held(waiting("publish.pending"));
    const both = { ...PAUSED, configText: SHADOW.replace("merge-with-approval", "observe") };
    const all = ["task.held", "repository.paused", "mode.shadow", "autonomy.too-low", "publish.pending"];

    expect(reasonsAfter(task, both)).toEqual(all);
    const stop = { scope: "all", source: "operator", by: "ops", at: 1, why: null } as const;
    const stops = [{ ...stop, keepsRuns: true, commentId: null }];
    const repository = { ...buildRepository(both), stops };
    const [saved] = planWith(CHANGED, { snapshot: { active: [task], repository } }).tasks;
    expect(codesOf(saved ?? task)).toEqual(["repository.stopped", ...all]);
    expect(planWith(CHANGED, { snapshot: { active: [saved ?? task], repository } }).tasks).toEqual([]);
  });

  it("says for a dispatch that a window is open, or that nobody has let it start; for a publication neither", () => {
    const frozen = { configText: buildConfigText({ lines: [FREEZE] }) };
    const governed = { configText: buildConfigText({ lines: ["governed: true"] }) };

    expect(dispatchedAfter(unconfirmed, frozen)).toEqual(["window.closed", "dispatch.unconfirmed"]);
    expect(dispatchedAfter(unconfirmed, governed)).toEqual(["approval.dispatch", "dispatch.unconfirmed"]);
    for (const overrides of [frozen, governed])
      expect(reasonsAfter(waiting("publish.pending"), overrides)).toBeUndefined();
  });

  it("says what nobody can read where that allows nothing", () => {
    const broken = { repository: repositoryUnder("version: 9\n") };

    expect(
      codesOf(taskIn(planWith(CHANGED, { snapshot: { active: [waiting("publish.pending")], ...broken } }))),
    ).toEqual(["organisation.invalid", "publish.pending"]);
  });

  it("is nothing that a repository is asked about which the app was removed from", () => {
    expect(reasonsAfter(waiting("publish.pending"), { status: "removed" })).toBeUndefined();
  });

  it("is no run that GitHub has taken, which goes on whatever is ordered meanwhile", () => {
    const working = held(buildRunning({ reasons: [reason("run.working", "m")] }));

    expect(dispatchedAfter(working, PAUSED, [buildAttempt()])).toBeUndefined();
  });

  it("may be the critics'", () => {
    const aftermath = { phase: "looking", merged: buildTaskPull(), mergeSha: "a", tries: 1 } as const;
    const looking = held({
      ...unconfirmed,
      state: "verifying",
      reasons: [reason("critics.running", "m")],
      aftermath: { ...aftermath, revert: null, refusals: 0 },
    });
    expect(dispatchedAfter(looking)).toEqual(["task.held", "critics.running"]);

    const unordered = { ...looking, correlation: null, reasons: [reason("repository.paused", "m")] };
    expect(dispatchedAfter(unordered, {}, [])).toBeUndefined();
  });

  it("says so in its comment, with what lifts it", () => {
    const bodies = [held(waiting("publish.pending")), held(unconfirmed)].map((task) => {
      const snapshot = { active: [task], attempts: [ordered] };
      return projectionsIn(planWith(CHANGED, { snapshot }), "comment")[0]?.body ?? "";
    });

    for (const body of bodies) {
      expect(body).toContain("**Next:** it goes on when the hold is lifted.");
      expect(body).toContain("| `task.held` | The task is on hold. | `/orchestrate unhold` |");
    }
  });

  it("is in the audit once, however often its task is looked at", () => {
    const first = planWith(CHANGED, { snapshot: { active: [held(unconfirmed)], attempts: [ordered] } });
    const moved = first.audit.filter(({ kind }) => kind === "task.moved");
    expect(moved).toMatchObject([{ data: { reasons: ["task.held", "dispatch.unconfirmed"] } }]);

    let task = first.tasks[0] ?? unconfirmed;
    const due: Event = { kind: "task.due", repo: REPO, taskId: task.id };
    const moves = [1, 2, 3].map((times) => {
      const now = NOW + times * RECEIPT_MS;
      const focus = { ...task, wakeAt: now };
      const plan = planWith(due, { snapshot: { active: [focus], focus, attempts: [ordered] }, now });
      task = plan.tasks[0] ?? task;
      return plan.audit.filter(({ kind }) => kind === "task.moved").length;
    });
    // The second look says since when there is silence.
    expect(moves).toEqual([1, 0, 0]);
    expect(codesOf(task)).toEqual(["task.held", "dispatch.unconfirmed"]);
  });
});

describe("a session", () => {
  const session = (task: Task) => buildEnded({ taken: [{ id: task.id, minutes: 0, usd: 0 }], endedAt: null });
  const endOf = (plan: Plan) => plan.repository?.stored.sessions?.at(-1)?.endedAt;

  it.each<[string, Task, Parameters<typeof buildSnapshot>[0]]>([
    ["is on hold", { ...waiting("publish.pending"), held: true }, {}],
    ["is kept back by shadow mode", waiting("publish.pending"), { configText: SHADOW }],
    ["has too little autonomy", waiting("publish.pending"), { configText: OBSERVED }],
    ["is on hold before its run was started", { ...unconfirmed, held: true }, { attempts: [ordered] }],
  ])("is over when all that it took %s", (_, task, more) => {
    const sessions = [session(task)];

    expect(endOf(planWith(CHANGED, { snapshot: { active: [task], sessions, ...more } }))).toBe(NOW);
    const attempts = [ordered];
    const free = { ...task, held: false };
    expect(planWith(CHANGED, { snapshot: { active: [free], sessions, attempts } }).repository).toBeNull();
  });

  it("that a pause ended does not wait for a run that the pause keeps back", () => {
    const closed = { by: "pause", at: 1, who: "@ada" } as const;
    const sessions = [{ ...session(unconfirmed), closed }];
    const paused = { active: [unconfirmed], attempts: [ordered], sessions, ...PAUSED };

    expect(endOf(planWith(CHANGED, { snapshot: paused }))).toBe(NOW);
    expect(planWith(CHANGED, { snapshot: { ...paused, attempts: [buildAttempt()] } }).repository).toBeNull();
  });
});
