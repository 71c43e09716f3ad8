import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventOf } from "../../../src/core/events.ts";
import type { ResultFile, RunNow, RunOrigin } from "../../../src/core/facts.ts";
import { FIRST_JOB_MS, RUN_POLL_MS } from "../../../src/core/plan/deadlines.ts";
import type { OwnIdentity } from "../../../src/core/plan/draft.ts";
import { findCorrelation } from "../../../src/core/plan/events/plan-run.ts";
import { Attempt } from "../../../src/core/task/attempt.ts";
import { TASK_STATES, type Task } from "../../../src/core/task/task.ts";
import { buildAttempt, buildConfigText, REPO } from "../../support/build-snapshot.ts";
import { buildTask, HOUR_MS, NOW } from "../../support/build-task.ts";
import {
  actionsIn,
  buildResult,
  buildRun,
  buildRunning,
  codesOf,
  DISPATCHED,
  endedRun,
  MINUTE_MS,
  OWN,
  orderedIn,
  planWith,
  ROBIN,
  taskIn,
} from "./plan-with.ts";

interface Seen {
  readonly run?: RunNow | null;
  readonly task?: Task;
  readonly attempt?: Attempt;
  readonly event?: Partial<EventOf<"run.changed">>;
  readonly now?: number;
  readonly own?: OwnIdentity;
  readonly result?: ResultFile;
}

/** The plan for a run of which GitHub shows `run`, whatever the event said. */
function planRun({
  run = buildRun(),
  task = buildRunning(),
  attempt = buildAttempt(),
  event,
  now,
  own,
  result = buildResult(attempt),
}: Seen = {}) {
  return planWith(
    {
      kind: "run.changed",
      repo: REPO,
      runId: run?.id ?? 900,
      title: run?.title ?? "",
      status: run?.status ?? "completed",
      conclusion: run?.conclusion ?? null,
      runAttempt: 1,
      ...event,
    },
    {
      ...(now === undefined ? {} : { now }),
      ...(own === undefined ? {} : { own }),
      snapshot: { focus: task, active: task.state === "running" ? [task] : [], attempts: [attempt] },
      gathered: { run, ...(run?.status === "completed" ? { result } : {}) },
    },
  );
}

const dispatched = buildAttempt({ state: "dispatched", runId: null, runUrl: null, runAttempt: null });

describe("a run", () => {
  it("F117 is adopted by the correlation id in its name when the answer to its dispatch was lost", () => {
    const plan = planRun({ attempt: dispatched });

    expect(plan.attempts).toMatchObject([
      { runId: 900, runUrl: buildRun().url, runAttempt: 1, state: "running" },
    ]);
    expect(Attempt.parse(plan.attempts[0])).toEqual(plan.attempts[0]);
    expect(taskIn(plan)).toMatchObject({
      state: "running",
      timeline: [{ state: "running", runUrl: buildRun().url }],
    });
  });

  it.each<[string, Partial<RunOrigin> | null]>([
    ["a pull request, as a fork's is", { event: "pull_request" }],
    ["a dispatch of another workflow", { path: ".github/workflows/mine.yml" }],
    ["a dispatch in a fork", { headRepoId: 6666 }],
    ["a repository that is gone", { headRepoId: null }],
    ["somebody's own dispatch", { actorId: ROBIN.id }],
    ["an account that is gone", { actorId: null }],
    ["something that nobody has read", null],
  ])("F136 S30 is nobody's evidence when it was started by %s, whatever its name says", (_what, lies) => {
    const origin = lies === null ? null : { ...DISPATCHED, ...lies };
    const lost = planRun({ attempt: dispatched, run: buildRun({ origin }) });
    const ended = planRun({ attempt: dispatched, run: endedRun("success", { origin }) });
    const beside = planRun({ run: buildRun({ id: 901, origin }) });

    for (const plan of [lost, ended, beside]) {
      expect(plan.outcome.reason).toBe("somebody else's run with an attempt in its name");
      expect([...plan.tasks, ...plan.attempts, ...plan.effects]).toEqual([]);
    }
  });

  it("is adopted from the path that names its branch, and before the app knows its own account", () => {
    const origin = { ...DISPATCHED, path: ".github/workflows/agent.yml@refs/heads/main", actorId: 4 };
    const { botId: _unknown, ...own } = OWN;
    const plan = planRun({ attempt: dispatched, run: buildRun({ origin }), own });

    expect(plan.attempts).toMatchObject([{ runId: 900 }]);
  });

  it("F117 F119 is cancelled as surplus when the attempt has another one, and changes nothing else", () => {
    const plan = planRun({ run: buildRun({ id: 901 }) });

    expect(plan.outcome.reason).toBe("surplus run");
    expect(orderedIn(plan)).toEqual(["cancel-run:901"]);
    expect([...plan.tasks, ...plan.attempts]).toEqual([]);
  });

  it("is not cancelled as surplus when it has ended already, and is not judged", () => {
    const plan = planRun({ run: endedRun("success", { id: 901 }) });

    expect(plan.effects).toEqual([]);
    expect(plan.attempts).toEqual([]);
  });

  it("is not taken for another task's, whatever its name says", () => {
    const task = buildRunning({ issue: 43, correlation: "1001.43.1.1.0.0" });
    const plan = planRun({ task, event: { title: "agent 1001.43.1.1.0.0" } });

    expect(plan.outcome.reason).toBe("not a run of a known attempt");
    expect([...plan.tasks, ...plan.attempts, ...plan.effects]).toEqual([]);
  });

  it.each([
    [
      "no attempt is known of it",
      { attempt: buildAttempt({ correlation: "1001.9.1.1.0.0", runId: 5 }) },
      "not a run of a known attempt",
    ],
    ["GitHub does not show it any more", { run: null }, "the run is gone"],
  ])("is ignored when %s", (_, seen, why) => {
    const plan = planRun(seen);

    expect(plan.outcome).toEqual({ status: "ignored", reason: why });
    expect([...plan.effects, ...plan.attempts]).toEqual([]);
  });

  it("F031 counts by what GitHub shows, not by what the event says", () => {
    const late = planRun({ run: endedRun("cancelled"), event: { status: "queued", conclusion: null } });
    const early = planRun({ event: { status: "completed", conclusion: "success" } });

    expect(codesOf(taskIn(late))).toEqual(["retry.later"]);
    expect(codesOf(taskIn(early))).toEqual(["run.working"]);
  });

  it.each<[Attempt["state"], boolean]>([
    ["superseded", true],
    ["ended", false],
  ])("F126 of an attempt that is %s is cancelled: %s; the verdict stays", (state, isCancelled) => {
    const attempt = buildAttempt({ state, endedAt: NOW - 1 });
    const running = planRun({ attempt });
    const ended = planRun({ attempt, run: endedRun() });

    expect(orderedIn(running)).toEqual(isCancelled ? ["cancel-run:900"] : []);
    expect(orderedIn(ended)).toEqual([]);
    expect([...running.attempts, ...ended.attempts, ...running.tasks, ...ended.tasks]).toEqual([]);
  });

  it("F137 that appears after its task was cancelled is noted and cancelled", () => {
    const attempt = { ...dispatched, state: "superseded", endedAt: NOW - 1 } as const;
    const task = buildTask({ state: "cancelled", wakeAt: null });
    const plan = planRun({ attempt, task });

    expect(plan.attempts).toMatchObject([{ state: "superseded", runId: 900 }]);
    expect(orderedIn(plan)).toEqual(["cancel-run:900"]);
    expect(plan.tasks).toEqual([]);
  });

  it.each(TASK_STATES.filter((state) => ["done", "failed", "cancelled"].includes(state)))(
    "never moves a task that is %s",
    (state) => {
      const task = buildTask({ state, wakeAt: null });
      expect(planRun({ task, run: endedRun() }).tasks).toEqual([]);
    },
  );

  it("is taken once: the same end told twice changes nothing the second time", () => {
    const first = planRun({ run: endedRun("cancelled") });
    const [attempt] = first.attempts;
    const again = planRun({
      run: endedRun("cancelled"),
      task: taskIn(first),
      ...(attempt === undefined ? {} : { attempt }),
    });

    expect(again.outcome).toEqual({ status: "ignored", reason: "the attempt has ended" });
    expect(again.attempts).toEqual([]);
  });
});

describe("a run under way", () => {
  it("is looked at again before long, and its end is named", () => {
    const task = taskIn(planRun());

    expect(task.wakeAt).toBe(NOW + RUN_POLL_MS);
    expect(task.reasons).toMatchObject([{ code: "run.working", deadline: NOW - MINUTE_MS + HOUR_MS }]);
  });

  it("is looked at when its time is over, if that comes first", () => {
    const startedAt = NOW - HOUR_MS + 90_000;
    const attempt = buildAttempt({ dispatchedAt: startedAt });
    expect(taskIn(planRun({ run: buildRun({ startedAt }), attempt })).wakeAt).toBe(NOW + 90_000);
  });

  it.each(["queued", "waiting", "requested", "pending", "a status of tomorrow"])(
    "F125 F129 that is %s waits, and has not begun",
    (status) => {
      const plan = planRun({ run: buildRun({ status }) });

      expect(taskIn(plan).reasons).toMatchObject([
        { code: "run.waiting", message: expect.stringContaining(`\`${status}\``) },
      ]);
      expect(plan.attempts).toMatchObject([{ state: "dispatched" }]);
      expect(orderedIn(plan)).toEqual([]);
    },
  );

  it("is called silent when no runner takes it in time, and is waited for all the same", () => {
    const attempt = buildAttempt({ dispatchedAt: NOW - FIRST_JOB_MS });
    const plan = planRun({ run: buildRun({ status: "queued" }), attempt });

    expect(taskIn(plan)).toMatchObject({ state: "running", spent: 0, wakeAt: NOW + RUN_POLL_MS });
    expect(taskIn(plan).reasons).toMatchObject([
      { code: "run.silent", message: expect.stringContaining("since its dispatch at 13:45 UTC") },
    ]);
  });

  it("F130 that waits for days is not timed out: its time runs while it works", () => {
    const attempt = buildAttempt({ dispatchedAt: NOW - 72 * HOUR_MS });
    const run = buildRun({ status: "waiting", startedAt: NOW - 72 * HOUR_MS });
    expect(codesOf(taskIn(planRun({ run, attempt })))).toEqual(["run.silent"]);
  });

  it("F131 that never ends is cancelled once at the end of its time, and costs an attempt", () => {
    const startedAt = NOW - HOUR_MS;
    const plan = planRun({
      run: buildRun({ startedAt }),
      attempt: buildAttempt({ dispatchedAt: startedAt }),
    });

    expect(orderedIn(plan)).toEqual(["cancel-run:900", "dispatch:1001.42.1.2.0.0"]);
    expect(taskIn(plan)).toMatchObject({ spent: 1, attempt: 2 });
    expect(plan.attempts[0]).toMatchObject({
      state: "superseded",
      endedAt: NOW,
      outcome: { verdict: "FAIL", failureClass: "timeout" },
    });
    expect(taskIn(plan).feedback).toMatchObject([
      { gate: "run", message: expect.stringContaining("did not end within 1 h and") },
    ]);
  });

  it("has the time of its stage, else of its role", () => {
    const startedAt = NOW - 30 * MINUTE_MS;
    const seen = { run: buildRun({ startedAt }), attempt: buildAttempt({ dispatchedAt: startedAt }) };
    const ofRole = buildConfigText({ lines: ["roles: { bugfix: { timeout: 20m } }"] });
    const spentUnder = (configText: string) =>
      planWith(
        { kind: "task.due", repo: REPO, taskId: "1001.42.1" },
        {
          snapshot: {
            configText,
            focus: buildRunning({ wakeAt: NOW }),
            active: [buildRunning({ wakeAt: NOW })],
            attempts: [seen.attempt],
          },
          gathered: { run: seen.run },
        },
      );

    expect(taskIn(spentUnder(buildConfigText())).spent).toBe(0);
    expect(taskIn(spentUnder(ofRole)).spent).toBe(1);
  });

  it("counts what it used, and its line ends, when its stage is not in the configuration any more", () => {
    const attempt = buildAttempt({ stageIndex: 3, stage: "deploy" });
    const usage = { minutes: 12, tokens: 5, usd: 0.4 };
    const plan = planRun({ attempt, run: endedRun("failure"), result: buildResult(attempt, { usage }) });

    expect(taskIn(plan)).toMatchObject({ spent: 1, usage, timeline: [{ state: "FAIL", endedAt: NOW }, {}] });
    expect(plan.repository?.stored.roleWeek?.roles).toEqual({ bugfix: { minutes: 12, usd: 0.4 } });
  });

  it("F087 whose clock is an hour behind ours is not timed out when it has just begun", () => {
    const run = buildRun({ startedAt: NOW - HOUR_MS });
    expect(codesOf(taskIn(planRun({ run })))).toEqual(["run.working"]);
  });

  it("begins anew when people run it again, while the attempt is open", () => {
    const plan = planRun({ run: buildRun({ runAttempt: 2 }) });

    expect(plan.attempts).toMatchObject([{ runAttempt: 2, state: "running" }]);
    expect(actionsIn(plan, "cancel-run")).toEqual([]);
  });
});

describe("findCorrelation", () => {
  it.each([
    ["agent 1001.42.1.1.0.0", "1001.42.1.1.0.0"],
    ["[1001.42.1.12.3.2] Forecast", "1001.42.1.12.3.2"],
    ["1001.42.1.1.0.0, again", "1001.42.1.1.0.0"],
    ["1001.42.1.1.0", undefined],
    ["1001.42.1.1.0.0.7", undefined],
    ["x1001.42.1.1.0.0", "1001.42.1.1.0.0"],
    ["version 1.2.3", undefined],
    ["", undefined],
  ])("finds in %j %s", (title, correlation) => {
    expect(findCorrelation(title)).toBe(correlation);
  });

  it("finds what a dispatch was called, whatever stands round it", () => {
    const part = fc.integer({ min: 0, max: 999 });
    const around = fc.string({ maxLength: 20 }).map((text) => text.replace(/[\d.]/gu, ""));
    fc.assert(
      fc.property(fc.tuple(part, part, part, part, part, part), around, around, (parts, before, after) => {
        const correlation = parts.join(".");
        expect(findCorrelation(`${before}${correlation}${after}`)).toBe(correlation);
      }),
      { numRuns: 100 },
    );
  });
});
