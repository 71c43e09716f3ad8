import { describe, expect, it } from "vitest";
import { type ReasonCode, reason } from "../../../src/core/reasons.ts";
import { describeEnd, explainSession } from "../../../src/core/session/explain-session.ts";
import {
  coversTask,
  findOpenSession,
  isInSession,
  isWithinScope,
  MAX_TASKS,
  overlaps,
  Session,
  takeTask,
} from "../../../src/core/session/session.ts";
import { startsByItself } from "../../../src/core/session/starts-by-itself.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { isUnderWay } from "../../../src/core/task/under-way.ts";
import { buildEnded, buildSession } from "../../support/build-session.ts";
import { buildTask, HOUR_MS, NOW } from "../../support/build-task.ts";

const QA = buildTask();
const DEV = buildTask({ issue: 43, team: "dev" });

describe("what a session covers", () => {
  it("is every task, or those of its team, whoever stands in", () => {
    const standsIn = { for: "bugfix", team: "qa", attempt: 1, because: "b" };

    expect([QA, DEV].map((task) => coversTask({ team: null }, task))).toEqual([true, true]);
    expect([QA, DEV].map((task) => coversTask({ team: "qa" }, task))).toEqual([true, false]);
    expect(coversTask({ team: "qa" }, { ...DEV, standsIn })).toBe(true);
    expect(coversTask({ team: "dev" }, { ...DEV, standsIn })).toBe(false);
  });

  it.each([
    [null, null, true, true],
    [null, "qa", true, false],
    ["qa", null, true, true],
    ["qa", "qa", true, true],
    ["qa", "dev", false, false],
  ])("of %s and %s meets: %s, and is within: %s", (inner, outer, meets, within) => {
    expect(overlaps({ team: inner }, { team: outer })).toBe(meets);
    expect(isWithinScope({ team: inner }, { team: outer })).toBe(within);
  });
});

describe("taking a task", () => {
  it("remembers what the task had used, and takes none twice", () => {
    const task = { ...QA, usage: { minutes: 5, tokens: 9, usd: 0.2 } };
    const once = takeTask(buildSession({ idleSince: 3 }), task, NOW);

    expect(once).toMatchObject({
      taken: [{ id: QA.id, minutes: 5, usd: 0.2 }],
      closed: null,
      idleSince: null,
    });
    expect(takeTask(once, task, NOW)).toBe(once);
  });

  it("closes the session with the last one that it may take", () => {
    const one = takeTask(buildSession({ count: 2 }), QA, NOW);
    const two = takeTask(one, DEV, NOW);

    expect(one.closed).toBeNull();
    expect(two).toMatchObject({ closed: { by: "count", at: NOW, who: null }, rests: true });
  });

  it(`closes a session without a count after ${MAX_TASKS}`, () => {
    const taken = Array.from({ length: MAX_TASKS - 1 }, (_, index) => ({
      id: `${index}`,
      minutes: 0,
      usd: 0,
    }));

    expect(takeTask(buildSession({ taken }), QA, NOW).closed?.by).toBe("count");
  });
});

describe("a task whose session is over", () => {
  it.each<[string, Partial<Session>, string]>([
    ["count", {}, "it has taken its one task"],
    [
      "hours",
      { endsAt: NOW, closed: { by: "hours", at: NOW, who: null } },
      "its time was over at 2026-11-18 14:00 UTC",
    ],
    ["command", { closed: { by: "command", at: NOW, who: "@ada" } }, "@ada ended it"],
  ])("waits after the end by %s, and says why", (_, session, why) => {
    expect(explainSession([buildEnded(session)], DEV)).toEqual([
      reason("session.over", `Session 1 takes nothing more: ${why}.`),
    ]);
  });

  it.each<[string, readonly Session[]]>([
    ["the session is of another team", [buildEnded({ team: "qa" })]],
    ["it holds nothing back", [buildEnded({ rests: false })]],
    ["another one is open for it", [buildEnded(), buildSession({ number: 2, team: "dev" })]],
    ["it had taken the task, which waited for people", [buildEnded({ left: [DEV.id] })]],
    ["there was none", []],
  ])("does not wait where %s", (_, sessions) => {
    expect(explainSession(sessions, DEV)).toEqual([]);
  });

  it("is said to be paused where a pause ended the session", () => {
    const paused = buildEnded({ closed: { by: "pause", at: NOW, who: "@ada" } });

    expect(describeEnd(paused)).toBe("@ada paused the repository");
  });
});

describe("a session that is open", () => {
  it("may start what it covers, also of another that rests", () => {
    const open = buildSession({ number: 2, team: "dev" });

    expect(findOpenSession([buildEnded(), open], DEV)).toBe(open);
    expect(isInSession([buildEnded(), open], DEV)).toBe(true);
    expect(isInSession([buildEnded(), open], buildTask({ issue: 44 }))).toBe(false);
  });

  it("is kept as it is by its schema", () => {
    expect(Session.parse(buildEnded({ idleSince: 4, left: ["a"] }))).toStrictEqual(
      buildEnded({ idleSince: 4, left: ["a"] }),
    );
  });
});

const at = (state: Task["state"], ...codes: readonly ReasonCode[]) => ({
  state,
  reasons: codes.map((code) => reason(code, "m")),
});

describe("what goes on by itself", () => {
  it.each([
    [at("running", "run.working"), true],
    [at("running", "run.waiting"), true],
    [at("running", "task.held", "dispatch.unconfirmed"), false],
    [at("running", "repository.stopped", "run.working"), true],
    [at("verifying", "autonomy.too-low", "publish.pending"), false],
    [at("verifying", "checks.pending"), true],
    [at("verifying", "merge.pending"), true],
    [at("verifying", "critics.running"), true],
    [at("verifying", "approval.missing"), false],
    [at("verifying", "approval.missing", "window.closed"), false],
    [at("verifying", "merge.by-hand"), false],
    [at("verifying", "requires.workflow"), false],
    [at("verifying", "mode.shadow"), false],
    [at("blocked", "gate.blocked"), false],
    [at("queued", "queue.behind"), false],
    [at("done"), false],
  ])("is known of a task that was started: %j is %s", (task, isIt) => {
    expect(isUnderWay(task)).toBe(isIt);
  });

  it.each<[readonly ReasonCode[], boolean, boolean]>([
    [[], true, true],
    [["retry.later", "breaker.open"], true, true],
    [["limit.running"], true, false],
    [["overlap.task", "retry.later"], true, false],
    [["limit.usd"], false, false],
    [["dependency.open"], false, false],
    [["retry.later", "task.held"], false, false],
    [["session.over"], false, false],
  ])("is known of a queued task with %j: %s while others go on, %s while none does", (codes, busy, idle) => {
    const task = at("queued", ...codes);

    expect(startsByItself(task, { isAnyUnderWay: true, before: NOW })).toBe(busy);
    expect(startsByItself(task, { isAnyUnderWay: false, before: NOW })).toBe(idle);
  });

  it("leaves out what the clock lifts too late", () => {
    const task = { reasons: [reason("window.closed", "m", { deadline: NOW + HOUR_MS })] };

    expect(startsByItself(task, { isAnyUnderWay: true, before: NOW + HOUR_MS })).toBe(false);
    expect(startsByItself(task, { isAnyUnderWay: true, before: NOW + HOUR_MS + 1 })).toBe(true);
  });
});
