import { describe, expect, it } from "vitest";
import { QUEUE_POLL_MS } from "../../../src/core/plan/deadlines.ts";
import { type ReasonCode, reason } from "../../../src/core/reasons.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { REPO } from "../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../support/build-task.ts";
import {
  actionsIn,
  type buildResult,
  buildRun,
  codesOf,
  DISPATCHED,
  MINUTE_MS,
  orderedIn,
  ROBIN,
} from "./plan-with.ts";
import { buildCriticsRepository, buildMerging, playCritics } from "./play-critics.ts";

const BREAKER = "breaker: { failures: 2, pause: 10m }";

/** Tasks that wait to be started with the workflow `agent.yml`, of a team each, so that only the breaker holds them. */
function playQueue(count = 3, lines: readonly string[] = [BREAKER]) {
  const tasks = Array.from({ length: count }, (_, index) =>
    buildTask({ issue: 42 + index, team: `team-${index}`, enqueuedAt: NOW - 1000 + index, wakeAt: NOW }),
  );
  const play = playCritics(buildCriticsRepository(lines), tasks);
  const id = (index: number) => tasks[index]?.id ?? "";

  function look(index: number) {
    const task = play.task(id(index));
    if (task.wakeAt !== null && task.wakeAt > play.now()) play.pass(task.wakeAt - play.now());
    return play.happen({ kind: "task.due", repo: REPO, taskId: id(index) }, {}, id(index));
  }

  /** The run of a task's attempt ends. */
  function end(index: number, conclusion: string, result?: ReturnType<typeof buildResult>) {
    const { correlation } = play.task(id(index));
    const run = buildRun({
      id: 900 + play.plans.length,
      title: `${correlation}`,
      status: "completed",
      conclusion,
    });
    const { id: runId, title, status, runAttempt } = run;
    return play.happen(
      { kind: "run.changed", repo: REPO, runId, title, status, conclusion, runAttempt },
      { run, ...(result !== undefined && { result }) },
      id(index),
    );
  }

  return { ...play, id, look, end, of: (index: number): Task => play.task(id(index)) };
}

/** Three runs in a row that were cancelled: the second has opened the breaker of `agent.yml`, the third was under way. */
function playOpen(lines?: readonly string[]) {
  const play = playQueue(3, lines);
  play.look(0);
  play.end(0, "cancelled");
  play.end(1, "cancelled");
  play.end(2, "cancelled");
  play.pass(MINUTE_MS);
  for (const index of [0, 1, 2]) play.look(index);
  return play;
}

const breakersIn = (play: ReturnType<typeof playQueue>) => play.repository().stored.breakers ?? {};

describe("a workflow in trouble", () => {
  it("starts nothing more after the configured number of troubles in a row, and says what, how often and until when", () => {
    const play = playOpen();

    expect(breakersIn(play)["agent.yml"]).toMatchObject({ failures: 3, openUntil: NOW + 10 * MINUTE_MS });
    const [held] = play.of(2).reasons;
    expect(held).toMatchObject({ code: "breaker.open", deadline: NOW + 10 * MINUTE_MS });
    expect(held?.message).toContain("Workflow `agent.yml`: 3 troubles in a row");
    expect(held?.message).toContain("The run was cancelled.");
    expect(play.of(2).wakeAt).toBe(NOW + 10 * MINUTE_MS);
    expect(play.audits().filter((kind) => kind === "breaker.opened")).toHaveLength(1);
  });

  it("starts one task as a probe when the pause is over, and the others when that one ended well", () => {
    const play = playOpen();
    play.look(2);

    const running = [0, 1, 2].filter((index) => play.of(index).state === "running");
    expect(running).toHaveLength(1);
    const [probe = 0] = running;
    const others = [0, 1, 2].filter((index) => index !== probe);
    for (const index of others) {
      expect(codesOf(play.of(index))).toContain("breaker.open");
      expect(play.of(index).reasons.find(({ code }) => code === "breaker.open")?.message).toContain(
        `Task \`${play.id(probe)}\` is under way as a probe.`,
      );
    }

    const plan = play.end(probe, "failure");
    expect(breakersIn(play)).toEqual({});
    expect(plan.audit).toContainEqual(
      expect.objectContaining({ kind: "breaker.closed", data: { key: "agent.yml" } }),
    );
    expect(actionsIn(plan, "dispatch").length).toBeGreaterThan(1);
  });

  it("rests for longer when the probe ends in trouble as well", () => {
    const play = playOpen();
    play.look(2);
    const probe = [0, 1, 2].find((index) => play.of(index).state === "running") ?? 0;
    play.end(probe, "stale");

    expect(breakersIn(play)["agent.yml"]).toMatchObject({
      failures: 4,
      failedProbes: 1,
      openUntil: play.now() + 20 * MINUTE_MS,
    });
    expect(play.audits().filter((kind) => kind === "breaker.opened")).toHaveLength(2);
    expect([0, 1, 2].map((index) => play.of(index).state)).toEqual(["queued", "queued", "queued"]);
  });

  it("probes with another task when the probe was cancelled", () => {
    const play = playOpen();
    play.look(2);
    const probe = [0, 1, 2].find((index) => play.of(index).state === "running") ?? 0;
    const plan = play.happen(
      { kind: "issue.closed", repo: REPO, issue: 42 + probe, sender: ROBIN, reason: "completed" },
      {},
      play.id(probe),
    );

    expect(actionsIn(plan, "dispatch")).toHaveLength(1);
  });

  it("does not hold back a task whose next stage uses another workflow", () => {
    const play = playOpen();
    const other = buildTask({ issue: 90, kind: "data", role: "data-engineer", team: "dev", enqueuedAt: NOW });
    const both = playCritics(play.repository(), [play.of(2), other]);
    const plan = both.happen({ kind: "task.due", repo: REPO, taskId: other.id }, {}, other.id);

    expect(actionsIn(plan, "dispatch").map(({ workflow }) => workflow)).toEqual(["generate.yml"]);
  });

  it("holds the next attempt of a task back as well, which limits do not", () => {
    const play = playQueue(1, ["breaker: { failures: 1, pause: 10m }"]);
    play.look(0);
    const plan = play.end(0, "timed_out");

    expect(play.of(0)).toMatchObject({ state: "queued", attempt: 2, spent: 1 });
    expect(codesOf(play.of(0))).toEqual(["breaker.open"]);
    expect(actionsIn(plan, "dispatch")).toEqual([]);
    expect(play.of(0).wakeAt).toBe(Math.min(NOW + QUEUE_POLL_MS, NOW + 10 * MINUTE_MS));
  });

  it.each([
    ["a run that failed at its work", "failure"],
    ["a run without evidence of a stage that works", "success"],
    ["a run that needs a person", "skipped"],
  ])("is not what %s is counted as", (_what, conclusion) => {
    const play = playQueue(1, ["breaker: { failures: 1 }"]);
    play.look(0);
    play.end(0, conclusion);

    expect(breakersIn(play)).toEqual({});
  });

  it("is what a run without evidence is counted as where a stage only has to prove something", () => {
    const task = buildTask({ kind: "data", role: "data-engineer", team: "dev", stage: 2 });
    const play = playCritics(buildCriticsRepository([BREAKER]), [task]);
    play.happen({ kind: "task.due", repo: REPO, taskId: task.id });
    const run = buildRun({
      ...{ title: `${play.task().correlation}`, status: "completed", conclusion: "success" },
      origin: { ...DISPATCHED, path: ".github/workflows/verify.yml" },
    });
    const { id: runId, title, status, conclusion, runAttempt } = run;
    play.happen({ kind: "run.changed", repo: REPO, runId, title, status, conclusion, runAttempt }, { run });

    expect(play.repository().stored.breakers).toMatchObject({ "verify.yml": { failures: 1 } });
  });

  it("counts a run that is gone", () => {
    const play = playQueue(1);
    play.look(0);
    const { correlation } = play.of(0);
    play.settle("dispatch", `1001:dispatch:${correlation}`, { runId: 7, runUrl: null }, play.id(0));
    play.pass(60 * MINUTE_MS);
    play.happen({ kind: "task.due", repo: REPO, taskId: play.id(0) }, { run: null }, play.id(0));

    expect(breakersIn(play)["agent.yml"]).toMatchObject({
      failures: 1,
      last: "Run 7 is not there any more.",
    });
  });

  it("is forgotten with one run that ended well", () => {
    const play = playQueue(2);
    play.look(0);
    play.end(0, "cancelled");
    expect(breakersIn(play)["agent.yml"]?.failures).toBe(1);
    play.end(1, "failure");

    expect(breakersIn(play)).toEqual({});
    expect(play.audits()).not.toContain("breaker.closed");
  });

  it("is used again at once when a maintainer says so", () => {
    const play = playOpen();
    const plan = play.happen(
      {
        kind: "comment.created",
        repo: REPO,
        issue: 44,
        sender: ROBIN,
        commentId: 5,
        body: "/orchestrate resume",
        isPull: false,
        createdAt: NOW,
      },
      { permission: "maintain" },
      play.id(2),
    );

    expect(breakersIn(play)).toEqual({});
    expect(actionsIn(plan, "reply")[0]?.body).toContain(
      "Nothing rests any more; these are used again: workflow `agent.yml`.",
    );
    expect(plan.audit).toContainEqual(expect.objectContaining({ kind: "breaker.closed", actor: "robin" }));
    expect(actionsIn(plan, "dispatch")).toHaveLength(2);
  });
});

describe("the critics' own workflow in trouble", () => {
  const lines = ["critics: { workflow: critics.yml }", "breaker: { failures: 1, pause: 10m }"];

  it("is asked nothing until the pause is over, and then by one task", () => {
    const tasks = [buildMerging(), buildMerging({ issue: 43 })];
    const play = playCritics(buildCriticsRepository(lines), tasks);
    play.merge();
    play.confirm(950);
    play.seeRun({ id: 950, status: "completed", conclusion: "cancelled" });
    const other = tasks[1]?.id ?? "";
    const head = tasks[1]?.pull?.headSha;
    play.settle("merge", `1001:merge:${other}:1:${head}`, { sha: "a".repeat(40) }, other);

    expect(codesOf(play.task(other))).toEqual(["breaker.open"]);
    expect(play.task(other).wakeAt).toBe(NOW + 10 * MINUTE_MS);

    play.pass(10 * MINUTE_MS);
    const plan = play.happen({ kind: "task.due", repo: REPO, taskId: other }, {}, other);
    expect(orderedIn(plan)).toEqual([`dispatch:${other}.1.999.0`]);
    play.due();
    expect(codesOf(play.task())).toEqual(["breaker.open"]);
  });
});

describe("a role whose merged changes the critics refuse", () => {
  const lines = ["critics: { workflow: critics.yml }", "breaker: { failures: 1, pause: 10m }"];

  function playRed(conclusion: string) {
    const play = playCritics(buildCriticsRepository(lines));
    play.merge();
    play.confirm(950);
    play.seeRun({ id: 950, status: "completed", conclusion });
    return play;
  }

  it("starts nothing more for a while, with the change and what was seen as its reason", () => {
    const { repository, audits } = playRed("failure");

    expect(repository().stored.breakers).toMatchObject({
      "role:bugfix": {
        failures: 1,
        last: "Pull request #77: The run failed.",
        openUntil: NOW + 10 * MINUTE_MS,
      },
    });
    expect(audits()).toContain("breaker.opened");
  });

  it("holds back the next tasks of the role, and none where there are no critics", () => {
    const waiting = buildTask({ issue: 50, enqueuedAt: NOW, wakeAt: NOW });
    const { repository } = playRed("failure");
    const held = playCritics(repository(), [waiting]);
    held.due();
    expect(codesOf(held.task())).toEqual(["breaker.open"]);
    expect(held.task().reasons[0]?.message).toContain(
      "Role `bugfix`: the critics refused what it had merged",
    );

    const { breakers = {} } = repository().stored;
    const without = buildCriticsRepository(["breaker: { failures: 1 }"]);
    const free = playCritics({ ...without, stored: { ...without.stored, breakers } }, [waiting]);
    free.due();
    expect(free.task().state).toBe("running");
  });

  it.each<[ReasonCode, boolean]>([
    ["merge.by-hand", false],
    ["approval.missing", false],
    ["merge.draft", false],
    ["task.held", false],
    ["checks.pending", true],
  ])("is probed by another task while the probe shows %s: %s means it waits for that one", (code, waits) => {
    const { repository } = playRed("failure");
    const [breaker] = Object.values(repository().stored.breakers ?? {});
    if (breaker === undefined) throw new Error("no breaker is open");
    const probe = buildMerging({ issue: 50, reasons: [reason(code, "m")], held: code === "task.held" });
    const breakers = { "role:bugfix": { ...breaker, openUntil: NOW - 1, probe: probe.id } };
    const record = { ...repository(), stored: { ...repository().stored, breakers } };
    const next = buildTask({ issue: 51, enqueuedAt: NOW, wakeAt: NOW });
    const play = playCritics(record, [next, probe]);
    play.due();

    expect(play.task().state).toBe(waits ? "queued" : "running");
    expect(play.repository().stored.breakers?.["role:bugfix"]?.probe).toBe(waits ? probe.id : next.id);
  });

  it("is trusted again with the next change that the critics let stay", () => {
    const { repository } = playRed("failure");
    const next = playCritics(repository(), [buildMerging({ issue: 60 })]);
    next.merge();
    next.confirm(960);
    next.seeRun({ id: 960, status: "completed", conclusion: "success" });

    expect(next.repository().stored.breakers).toEqual({});
    expect(next.audits()).toContain("breaker.closed");
  });
});
