import { describe, expect, it } from "vitest";
import { NO_RUN_MS, RECEIPT_MS, RETRY_PAUSES_MS } from "../../../src/core/plan/deadlines.ts";
import { findWithdrawal } from "../../../src/core/plan/find-withdrawal.ts";
import { Task } from "../../../src/core/task/task.ts";
import { buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { buildTaskPull, NOW } from "../../support/build-task.ts";
import { HEAD } from "../gate/build-subject.ts";
import {
  actionsIn,
  buildIssue,
  buildResult,
  buildRunning,
  codesOf,
  MINUTE_MS,
  orderedIn,
  projectionsIn,
  ROBIN,
} from "./plan-with.ts";
import { buildCriticsRepository, buildMerging, MERGE_SHA, playCritics } from "./play-critics.ts";

const ACCEPTING = [
  "critics:",
  "  workflow: critics.yml",
  "  inputs: { suite: all }",
  "  accept: [{ metric: errors, max: 0 }]",
  "  timeout: 20m",
];
const ended = (conclusion: string) => ({ status: "completed", conclusion }) as const;

/** A task whose critics are at work in run 950. */
function playLooking(lines?: readonly string[]) {
  const play = playCritics(lines === undefined ? undefined : buildCriticsRepository(lines));
  play.merge();
  play.confirm(950);
  return play;
}

describe("a merge where there are critics", () => {
  it("dispatches them on the default branch about the commit that the merge made, and leaves the issue open", () => {
    const play = playCritics(buildCriticsRepository(ACCEPTING));
    const plan = play.merge();

    expect(actionsIn(plan, "dispatch")).toMatchObject([
      {
        key: "1001:dispatch:1001.42.1.1.999.0",
        workflow: "critics.yml",
        ref: "main",
        inputs: { suite: "all", task: "1001.42.1", correlation: "1001.42.1.1.999.0", base_sha: MERGE_SHA },
      },
    ]);
    expect(orderedIn(plan)).toEqual(["dispatch:1001.42.1.1.999.0"]);
    expect(play.task()).toMatchObject({ state: "verifying", pull: null, wakeAt: NOW + RECEIPT_MS });
    expect(play.task().reasons).toMatchObject([{ code: "critics.running", deadline: NOW + 20 * MINUTE_MS }]);
    expect(play.attempt(play.task().correlation)).toMatchObject({ stage: "critics", baseSha: MERGE_SHA });
  });

  it.each([
    ["that a person made", (play: ReturnType<typeof playCritics>) => play.seePull({})],
    ["that the app made", (play: ReturnType<typeof playCritics>) => play.merge()],
  ])("%s begins them, and hearing of it twice begins them once", (_who, merge) => {
    const play = playCritics();
    merge(play);
    const before = play.task();
    play.merge();
    play.seePull({});

    expect(play.task()).toEqual(before);
    expect(play.audits().filter((kind) => kind === "critics.begun")).toHaveLength(1);
  });

  it("is shown with what comes next, and is stored as it is", () => {
    const play = playCritics();
    const plan = play.merge();

    const [status] = projectionsIn(plan, "comment");
    expect(status?.body).toContain("🔄 **running**");
    expect(status?.body).toContain("the critics say whether what pull request #77 merged may stay");
    expect(Task.parse(JSON.parse(JSON.stringify(play.task())))).toEqual(play.task());
  });

  it.each([
    ["there are none", []],
    ["the mode is shadow", ["critics: { workflow: critics.yml }"]],
  ])("is the end of the work where %s", (_where, lines) => {
    const record = buildCriticsRepository(lines);
    const text = record.stored.goodConfig?.text ?? "";
    const goodConfig = {
      text: lines.length === 0 ? text : text.replace("mode: active", "mode: shadow"),
      sha: HEAD,
    };
    const play = playCritics({ ...record, stored: { ...record.stored, goodConfig } });
    const plan = play.merge();

    expect(play.task()).toMatchObject({ state: "done", pull: { number: 77 } });
    expect(orderedIn(plan)).toEqual(["close-issue:1001.42.1"]);
  });

  it("stops the attempt that was under way when people merged the last one", () => {
    const running = buildRunning({ pull: buildTaskPull({ headSha: HEAD }) });
    const play = playCritics(buildCriticsRepository(), [running]);
    play.seePull({});

    expect(play.task()).toMatchObject({ state: "verifying", aftermath: { phase: "looking" } });
  });

  it("is no merge of the head that replaced the one whose merge was ordered", () => {
    const play = playCritics(buildCriticsRepository(), [
      buildMerging({ pull: buildTaskPull({ headSha: "e".repeat(40) }) }),
    ]);
    play.merge();

    expect(play.task()).toMatchObject({ state: "verifying", pull: { number: 77 } });
    expect(play.task().aftermath).toBeUndefined();
  });

  it.each([
    ["the workflow is gone", { "critics.yml": null }, "requires.workflow"],
    ["the workflow cannot be told apart", { "critics.yml": ["task"] }, "requires.input"],
  ])("says what they wait for while %s, and goes on when it is there", (_what, workflows, code) => {
    const play = playCritics(buildCriticsRepository(undefined, workflows));
    const plan = play.merge();
    expect(codesOf(play.task())).toEqual([code]);
    expect(orderedIn(plan)).toEqual([]);

    play.install(buildCriticsRepository());
    play.pass(10 * MINUTE_MS);
    expect(orderedIn(play.due())).toEqual(["dispatch:1001.42.1.1.999.0"]);
  });

  it("keeps tasks from starting where its workflow is missing, before there is anything to judge", () => {
    const play = playCritics(buildCriticsRepository(undefined, { "critics.yml": null }), [
      buildMerging({ state: "queued", pull: null, reasons: [] }),
    ]);
    play.due();

    expect(codesOf(play.task())).toContain("requires.workflow");
  });
});

describe("an order for the critics", () => {
  it("is carried out as long as the task waits for exactly this run", () => {
    const play = playCritics();
    const [action] = actionsIn(play.merge(), "dispatch");
    if (action === undefined) throw new Error("nothing was ordered");
    const snapshot = buildSnapshot({ focus: play.task(), repository: play.repository() });

    expect(findWithdrawal(action, snapshot, NOW)).toBeUndefined();
    expect(findWithdrawal({ ...action, correlation: "1001.42.1.1.999.7" }, snapshot, NOW)).toMatchObject({
      kind: "withdrawn",
    });
    expect(
      findWithdrawal(action, buildSnapshot({ focus: play.task(), pausedBy: "@ada" }), NOW),
    ).toMatchObject({
      kind: "wait",
    });
  });
});

describe("green critics", () => {
  it("end the task as done and close its issue, once", () => {
    const play = playLooking();
    const plan = play.seeRun({ id: 950, ...ended("success") }, { result: { kind: "missing" } });

    expect(play.task()).toMatchObject({ state: "done", pull: { number: 77 }, wakeAt: null });
    expect(play.task().history.at(-1)?.text).toContain("the critics let it stay");
    expect(orderedIn(plan)).toEqual(["close-issue:1001.42.1"]);
    expect(play.audits()).toContain("critics.passed");
  });

  it("are those whose result is this run's and within bounds, where something has to be accepted", () => {
    const play = playLooking(ACCEPTING);
    const attempt = play.attempt(play.task().correlation);
    const result = buildResult(attempt, { metrics: [{ name: "errors", value: 0, labels: {} }] });
    play.seeRun({ id: 950, ...ended("success") }, { result });

    expect(play.task().state).toBe("done");
  });

  it("count their minutes", () => {
    const play = playLooking();
    play.seeRun({ id: 950, ...ended("success"), startedAt: NOW - 3 * MINUTE_MS, updatedAt: NOW });
    expect(play.task().usage.minutes).toBe(3);
  });
});

describe("critics that prove nothing", () => {
  it.each([
    ["leave nothing where something has to be accepted", { kind: "missing" }],
    ["leave something that cannot be read", { kind: "unreadable", why: "no zip" }],
  ] as const)("do not pass when they %s; they are asked again and nothing is taken back", (_what, result) => {
    const play = playLooking(ACCEPTING);
    play.seeRun({ id: 950, ...ended("success") }, { result });

    expect(play.task()).toMatchObject({ state: "verifying", retries: 1, notBefore: NOW + 30_000 });
    expect(codesOf(play.task())).toEqual(["retry.later"]);
    expect(play.reverts()).toEqual([]);
  });

  it("F136 do not pass with a result that is another run's", () => {
    const play = playLooking();
    const attempt = play.attempt(play.task().correlation);
    if (attempt === undefined) throw new Error("no attempt");
    const result = buildResult({ ...attempt, correlation: "1001.42.1.1.999.9" });
    play.seeRun({ id: 950, ...ended("success") }, { result });

    expect(play.task().state).toBe("verifying");
    expect(play.attempt(attempt.correlation)?.outcome?.failureClass).toBe("no_evidence");
  });

  it.each(["startup_failure", "action_required", "neutral", "skipped", "something new"])(
    "leave the answer to a person when the run ends as %s",
    (conclusion) => {
      const play = playLooking();
      const plan = play.seeRun({ id: 950, ...ended(conclusion) });

      expect(play.task().state).toBe("blocked");
      expect(codesOf(play.task())).toEqual(["critics.blocked"]);
      expect(actionsIn(plan, "reply")).toHaveLength(1);
      expect(play.reverts()).toEqual([]);
    },
  );

  it("are asked again after each pause, and then a person is asked", () => {
    const play = playLooking();
    for (const [index, pause] of RETRY_PAUSES_MS.entries()) {
      play.seeRun({ id: 950 + index, ...ended("cancelled") });
      expect(play.task()).toMatchObject({ state: "verifying", wakeAt: play.now() + pause });
      play.pass(pause + MINUTE_MS);
      play.due();
      expect(play.task().correlation).toBe(`1001.42.1.1.999.${index + 1}`);
      play.confirm(951 + index);
    }
    const plan = play.seeRun({ id: 953, ...ended("cancelled") });

    expect(play.task()).toMatchObject({ state: "blocked", spent: 0 });
    expect(codesOf(play.task())).toEqual(["critics.blocked"]);
    expect(actionsIn(plan, "reply")[0]?.body).toContain(
      "4 runs of the critics in a row ended without an answer",
    );
    expect(play.reverts()).toEqual([]);
  });

  it("are stopped after their time and asked again", () => {
    const play = playLooking(ACCEPTING);
    play.seeRun({ id: 950, status: "in_progress" });
    expect(play.task().reasons).toMatchObject([{ code: "critics.running", deadline: NOW + 20 * MINUTE_MS }]);
    const { correlation } = play.task();
    play.pass(20 * MINUTE_MS);
    const plan = play.seeRun({ id: 950, status: "in_progress", startedAt: NOW });

    expect(actionsIn(plan, "cancel-run")).toMatchObject([{ runId: 950 }]);
    expect(play.attempt(correlation)).toMatchObject({
      state: "superseded",
      outcome: { failureClass: "timeout" },
    });
    expect(codesOf(play.task())).toEqual(["retry.later"]);
  });

  it("F122 that no runner takes are named with what GitHub says of them", () => {
    const play = playLooking();
    play.pass(16 * MINUTE_MS);
    play.seeRun({ id: 950, status: "waiting" });

    expect(play.task().state).toBe("verifying");
    expect(play.task().reasons).toMatchObject([
      {
        code: "run.silent",
        message: expect.stringContaining("since their dispatch at 14:00 UTC: GitHub says `waiting`"),
      },
    ]);
  });

  it("wait as long as a limit says that refused them", () => {
    const play = playLooking();
    const retryAt = new Date(NOW + 60 * MINUTE_MS).toISOString();
    const attempt = play.attempt(play.task().correlation);
    const result = buildResult(attempt, { outcome: "failed", failure: "rate_limit", retryAt });
    play.seeRun({ id: 950, ...ended("failure") }, { result });

    expect(play.task().reasons).toMatchObject([{ code: "retry.later", deadline: NOW + 60 * MINUTE_MS }]);
    expect(play.reverts()).toEqual([]);
  });

  it("are found again when their run is gone, and asked again", () => {
    const play = playLooking();
    play.pass(10 * MINUTE_MS);
    play.due({ run: null });

    expect(codesOf(play.task())).toEqual(["retry.later"]);
    expect(play.task().usage.minutes).toBe(10);
    expect(play.task().timeline).toMatchObject([{ state: "trouble", endedAt: play.now() }]);
  });

  it("F124 are waited for with a word when GitHub never confirms them", () => {
    const play = playCritics();
    play.merge();
    play.pass(RECEIPT_MS);
    play.due();

    expect(play.task().state).toBe("verifying");
    expect(play.task().reasons).toMatchObject([
      { code: "dispatch.unconfirmed", message: expect.stringContaining("ordered at 14:00 UTC") },
    ]);
    play.pass(RECEIPT_MS);
    play.due();
    expect(play.task().wakeAt).toBeGreaterThan(play.now());
  });

  it("F120 are asked again when GitHub took their dispatch and never shows a run", () => {
    const play = playCritics();
    play.merge();
    play.settle("dispatch", `1001:dispatch:${play.task().correlation}`, { runId: null, runUrl: null });
    play.pass(NO_RUN_MS - MINUTE_MS);
    play.due();
    expect(codesOf(play.task())).toEqual(["dispatch.unconfirmed"]);

    play.pass(MINUTE_MS);
    play.due();
    expect(codesOf(play.task())).toEqual(["retry.later"]);
    expect(play.task().usage.minutes).toBe(0);
  });

  it.each([
    ["open", null],
    ["closed, as a merge may do by its words", "completed"],
  ] as const)(
    "are asked again by /orchestrate retry and not the whole pipeline, the issue being %s",
    (_, closed) => {
      const play = playLooking();
      play.seeRun({ id: 950, ...ended("skipped") });
      const issue = buildIssue({ state: closed === null ? "open" : "closed", stateReason: closed });
      const plan = play.happen(
        {
          kind: "comment.created",
          repo: REPO,
          issue: 42,
          sender: ROBIN,
          commentId: 5,
          body: "/orchestrate retry",
          isPull: false,
          createdAt: NOW,
        },
        { permission: "write", texts: new Map([[42, issue]]) },
      );

      expect(play.task()).toMatchObject({ state: "verifying", attempt: 1, correlation: "1001.42.1.1.999.1" });
      expect(orderedIn(plan)).toContain("dispatch:1001.42.1.1.999.1");
      expect(actionsIn(plan, "reply")[0]?.body).toContain(
        "the critics are asked again about pull request #77",
      );
    },
  );
});

describe("people, while the critics look", () => {
  it("do not end the work by closing the issue as completed, as a merge may do by its words", () => {
    const play = playLooking();
    play.happen({ kind: "issue.closed", repo: REPO, issue: 42, sender: ROBIN, reason: "completed" });

    expect(play.task()).toMatchObject({ state: "verifying", aftermath: { phase: "looking" } });
  });

  it("end it by closing the issue as not planned: the run is stopped, and nothing is left to close", () => {
    const play = playLooking();
    const plan = play.happen({
      kind: "issue.closed",
      repo: REPO,
      issue: 42,
      sender: ROBIN,
      reason: "not_planned",
    });

    expect(play.task().state).toBe("cancelled");
    expect(orderedIn(plan)).toEqual(["cancel-run:950"]);
  });

  it("end the work when they take the critics out of the configuration before those have answered", () => {
    const play = playLooking();
    play.install(buildCriticsRepository([]));
    const usage = { minutes: 4, tokens: 9, usd: 0.5 };
    const result = buildResult(play.attempt(play.task().correlation), { usage });
    play.seeRun({ id: 950, ...ended("failure") }, { result });

    expect(play.task()).toMatchObject({ state: "done", pull: { number: 77 }, usage });
    expect(play.task().timeline).toMatchObject([{ state: "cancelled", endedAt: play.now() }]);
    expect(play.task().history.at(-1)?.text).toContain("no critics any more");
    expect(play.reverts()).toEqual([]);
  });
});
