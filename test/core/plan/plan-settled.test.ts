import { describe, expect, it } from "vitest";
import type { EventOf } from "../../../src/core/events.ts";
import { FIRST_JOB_MS, HUMAN_POLL_MS, PULL_POLL_MS, RUN_POLL_MS } from "../../../src/core/plan/deadlines.ts";
import { reason } from "../../../src/core/reasons.ts";
import type { Attempt } from "../../../src/core/task/attempt.ts";
import { TASK_STATES, Task } from "../../../src/core/task/task.ts";
import { buildAttempt, REPO } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, NOW } from "../../support/build-task.ts";
import { actionsIn, buildRunning, codesOf, orderedIn, planWith, projectionsIn, taskIn } from "./plan-with.ts";

type Outcome = EventOf<"effect.settled">["outcome"];

const CORRELATION = "1001.42.1.1.0.0";
const ENDED = TASK_STATES.filter((state) => ["done", "failed", "cancelled"].includes(state));
const HEAD = buildTaskPull().headSha;
const NEXT = "deadbee1234567890deadbee1234567890deadbe";

/** The plan for the end of an order, about the given task and its attempts. */
function planEnd(
  effect: string,
  outcome: Outcome,
  given: { readonly task: Task; readonly attempts?: readonly Attempt[]; readonly key?: string },
) {
  const { task, attempts = [buildAttempt()], key = `1001:${effect}:${CORRELATION}` } = given;
  const isActive = task.state !== "queued" && !ENDED.includes(task.state);
  return planWith(
    { kind: "effect.settled", repo: REPO, key, effect, taskId: task.id, outcome },
    { snapshot: { focus: task, active: isActive ? [task] : [], attempts } },
  );
}

const done = (facts: Extract<Outcome, { kind: "done" }>["facts"] = {}): Outcome => ({ kind: "done", facts });
const refused = (status: number, message = "No."): Outcome => ({ kind: "refused", status, message });

const ordered = buildAttempt({ state: "dispatching", runId: null, runUrl: null, runAttempt: null });
const url = "https://github.test/acme/shop/actions/runs/900";

describe("a dispatch that GitHub took", () => {
  it("gives the attempt its run, which is then waited for", () => {
    const plan = planEnd("dispatch", done({ runId: 900, runUrl: url }), {
      task: buildRunning(),
      attempts: [ordered],
    });

    expect(plan.attempts).toMatchObject([{ state: "dispatched", runId: 900, runUrl: url }]);
    expect(taskIn(plan)).toMatchObject({ wakeAt: NOW + RUN_POLL_MS, timeline: [{ runUrl: url }] });
    expect(taskIn(plan).reasons).toMatchObject([{ code: "run.waiting", deadline: NOW + FIRST_JOB_MS }]);
  });

  it("F118 without an id of its run is waited for by its correlation id", () => {
    const plan = planEnd("dispatch", done(), { task: buildRunning(), attempts: [ordered] });

    expect(plan.attempts).toMatchObject([{ state: "dispatched", runId: null }]);
    expect(codesOf(taskIn(plan))).toEqual(["run.waiting"]);
  });

  it("says nothing new when its run was heard of before", () => {
    const plan = planEnd("dispatch", done({ runId: 900, runUrl: url }), { task: buildRunning() });

    expect([...plan.attempts, ...plan.tasks]).toEqual([]);
  });

  it("does not open an attempt again that has ended", () => {
    const attempts = [buildAttempt({ state: "ended", runId: null, endedAt: NOW - 1 })];
    const plan = planEnd("dispatch", done({ runId: 900 }), {
      task: buildRunning({ state: "blocked" }),
      attempts,
    });

    expect(plan.attempts).toEqual([]);
  });

  it.each(ENDED)("F043 has its run cancelled when the task is %s by then", (state) => {
    const task = buildRunning({ state, wakeAt: null, correlation: null });
    const plan = planEnd("dispatch", done({ runId: 900, runUrl: url }), { task, attempts: [ordered] });

    expect(orderedIn(plan)).toEqual(["cancel-run:900"]);
    expect(plan.attempts).toMatchObject([{ state: "superseded", runId: 900 }]);
    expect(plan.tasks).toEqual([]);
  });

  it("has its run cancelled when the attempt was given up, though the task lives", () => {
    const plan = planEnd("dispatch", done({ runId: 900 }), {
      task: buildRunning({ attempt: 2, correlation: "1001.42.1.2.0.0" }),
      attempts: [{ ...ordered, state: "superseded" }],
    });

    expect(orderedIn(plan)).toEqual(["cancel-run:900"]);
    expect(plan.tasks).toEqual([]);
  });
});

describe("a dispatch that GitHub refused", () => {
  it("F121 F140 is put before a person with GitHub's own words, and costs nothing", () => {
    const plan = planEnd("dispatch", refused(422, "Workflow does not have 'workflow_dispatch' trigger"), {
      task: buildRunning(),
      attempts: [ordered],
    });

    expect(taskIn(plan)).toMatchObject({
      state: "blocked",
      spent: 0,
      correlation: null,
      wakeAt: NOW + HUMAN_POLL_MS,
    });
    expect(taskIn(plan).reasons).toMatchObject([
      {
        code: "dispatch.refused",
        message:
          "GitHub refused to start `agent.yml`: 422: `Workflow does not have 'workflow_dispatch' trigger`",
      },
    ]);
    expect(plan.attempts).toMatchObject([
      { state: "ended", outcome: { verdict: "BLOCKED", failureClass: "policy" } },
    ]);
    expect(orderedIn(plan)).toEqual(["needs-person:1001.42.1:1:0:0"]);
  });

  it.each<[string, Task, Attempt]>([
    ["the task has ended", buildTask({ state: "cancelled", wakeAt: null }), ordered],
    ["its run was heard of", buildRunning(), buildAttempt()],
    ["the attempt has ended", buildRunning(), buildAttempt({ state: "ended" })],
  ])("changes nothing when %s", (_, task, attempt) => {
    const plan = planEnd("dispatch", refused(422), { task, attempts: [attempt] });

    expect([...plan.tasks, ...plan.attempts]).toEqual([]);
    expect(orderedIn(plan)).toEqual([]);
  });

  it("changes nothing when it was not sent: whatever the task does now, it decided itself", () => {
    const plan = planEnd("dispatch", refused(0, "not sent: the task is on hold"), {
      task: buildRunning(),
      attempts: [ordered],
    });

    expect(plan.outcome).toEqual({ status: "processed", reason: "not sent: the task is on hold" });
    expect([...plan.tasks, ...plan.attempts, ...plan.audit]).toEqual([]);
  });
});

const publishing = buildRunning({
  state: "verifying",
  reasons: [reason("publish.pending", "It is written.")],
});
const judged = buildAttempt({ state: "ended", endedAt: NOW - 1 });
const written = done({ pull: 77, headSha: NEXT, branch: "fix/42-forecast" });

describe("a change that was published", () => {
  it("is the task's pull request, is verified at once, and is looked at again", () => {
    const plan = planEnd("publish", written, { task: publishing, attempts: [judged] });
    const task = taskIn(plan);

    expect(task).toMatchObject({
      state: "verifying",
      wakeAt: NOW + PULL_POLL_MS,
      pull: {
        number: 77,
        headSha: NEXT,
        headSince: NOW,
        branch: "fix/42-forecast",
        baseRef: "main",
        verdict: null,
        verdictSha: null,
        mergeOrders: 0,
      },
    });
    expect(codesOf(task)).toEqual(["checks.pending"]);
    expect(plan.events).toMatchObject([{ kind: "pull.changed", pull: 77 }]);
    expect(Task.parse(task)).toEqual(task);
  });

  it("F141 replaces the head before: its check ends, its verdict does not count, its approvals stay its own", () => {
    const approvals = [{ sha: HEAD, by: { id: 8, login: "ada", type: "User" }, at: NOW - 5 }] as const;
    const task = { ...publishing, pull: buildTaskPull({ approvals, mergeOrders: 2 }) };
    const plan = planEnd("publish", written, { task, attempts: [judged] });

    expect(projectionsIn(plan, "check")).toMatchObject([
      { key: `1001:verify:${HEAD}`, sha: HEAD, status: "completed", conclusion: "cancelled" },
    ]);
    expect(taskIn(plan).pull).toMatchObject({ headSha: NEXT, verdict: null, mergeOrders: 0, approvals });
  });

  it("leaves the check of a head alone that was judged", () => {
    const pull = buildTaskPull({ verdict: { value: "FAIL", gates: [] }, verdictSha: HEAD });
    const plan = planEnd("publish", written, { task: { ...publishing, pull }, attempts: [judged] });

    expect(projectionsIn(plan, "check")).toEqual([]);
  });

  it.each(ENDED)("is closed again when the task is %s by then", (state) => {
    const task = { ...publishing, state, wakeAt: null, correlation: null };
    const plan = planEnd("publish", written, { task, attempts: [judged] });

    expect(actionsIn(plan, "close-pull")).toMatchObject([{ pull: 77, branch: "fix/42-forecast" }]);
    expect(plan.tasks).toEqual([]);
  });

  it("does not take a task out of the attempt that it is in by then, but is known to it", () => {
    const task = buildRunning({ attempt: 2, correlation: "1001.42.1.2.0.0" });
    const plan = planEnd("publish", written, { task, attempts: [judged] });

    expect(taskIn(plan)).toMatchObject({
      state: "running",
      correlation: "1001.42.1.2.0.0",
      pull: { number: 77, headSha: NEXT },
    });
    expect(codesOf(taskIn(plan))).toEqual(codesOf(task));
    expect(plan.events).toEqual([]);
  });

  it("that GitHub refused is put before a person", () => {
    const plan = planEnd("publish", refused(403, "Resource not accessible by integration"), {
      task: publishing,
      attempts: [judged],
    });

    expect(taskIn(plan)).toMatchObject({ state: "blocked", pull: null });
    expect(taskIn(plan).reasons).toMatchObject([
      { code: "publish.refused", message: expect.stringContaining("403: `Resource not accessible") },
    ]);
  });

  it("that GitHub refused changes nothing when the task does something else by then", () => {
    const task = buildRunning({ attempt: 2, correlation: "1001.42.1.2.0.0" });
    const plan = planEnd("publish", refused(422), { task, attempts: [judged] });

    expect(plan.tasks).toEqual([]);
    expect(orderedIn(plan)).toEqual([]);
  });
});

const merging = buildRunning({
  state: "verifying",
  pull: buildTaskPull({ verdict: { value: "PASS", gates: [] }, verdictSha: HEAD, mergeOrders: 1 }),
  reasons: [reason("merge.pending", "It is merged.")],
});
const mergeKey = `1001:merge:1001.42.1:1:${HEAD}`;

describe("a merge", () => {
  it("lets what waited for the same paths start from the commit that it made, before the push is heard of", () => {
    const waiting = buildTask({ issue: 50, paths: ["src/a.ts"] });
    const plan = planWith(
      {
        kind: "effect.settled",
        repo: REPO,
        key: mergeKey,
        effect: "merge",
        taskId: merging.id,
        outcome: done({ sha: NEXT }),
      },
      {
        snapshot: {
          focus: { ...merging, paths: ["src/a.ts"] },
          active: [{ ...merging, paths: ["src/a.ts"] }],
          queue: [waiting],
          attempts: [judged],
        },
      },
    );

    expect(plan.attempts.filter(({ taskId }) => taskId === waiting.id)).toMatchObject([{ baseSha: NEXT }]);
  });

  it("ends the task as done and closes the issue, once", () => {
    const plan = planEnd("merge", done({ sha: NEXT }), { task: merging, key: mergeKey, attempts: [judged] });

    expect(taskIn(plan)).toMatchObject({ state: "done", wakeAt: null, reasons: [] });
    expect(orderedIn(plan)).toEqual(["close-issue:1001.42.1"]);
  });

  it.each(ENDED)("changes nothing when the task is %s by then", (state) => {
    const task = { ...merging, state, wakeAt: null };
    expect(planEnd("merge", done(), { task, key: mergeKey }).tasks).toEqual([]);
    expect(planEnd("merge", refused(405), { task, key: mergeKey }).tasks).toEqual([]);
  });

  it("that a rule of the repository refused is stopped, and says why", () => {
    const plan = planEnd("merge", refused(405, "At least 1 approving review is required"), {
      task: merging,
      key: mergeKey,
    });

    expect(taskIn(plan)).toMatchObject({ state: "blocked", wakeAt: NOW + HUMAN_POLL_MS });
    expect(taskIn(plan).reasons).toMatchObject([
      {
        code: "merge.refused",
        message: "GitHub refused to merge pull request #77: 405: `At least 1 approving review is required`",
      },
    ]);
    expect(plan.events).toEqual([]);
  });

  it("F142 whose head moved is looked at again", () => {
    const plan = planEnd("merge", refused(409, "Head branch was modified"), { task: merging, key: mergeKey });

    expect(codesOf(taskIn(plan))).toEqual(["merge.refused"]);
    expect(plan.events).toMatchObject([{ kind: "pull.changed", pull: 77, action: "merge refused" }]);
  });

  it("is not tried again without end when GitHub goes on saying that the head moved", () => {
    const pull = { ...buildTaskPull(), mergeOrders: 5 };
    const plan = planEnd("merge", refused(409), { task: { ...merging, pull }, key: mergeKey });

    expect(codesOf(taskIn(plan))).toEqual(["merge.refused"]);
    expect(plan.events).toEqual([]);
  });

  it.each<[string, Task, string]>([
    ["another commit is the head by now", { ...merging, pull: buildTaskPull({ headSha: NEXT }) }, mergeKey],
    ["it is not wanted any more", { ...merging, reasons: [reason("checks.pending", "Again.")] }, mergeKey],
    ["the task has no pull request any more", { ...merging, pull: null }, mergeKey],
  ])("that was refused changes nothing when %s", (_, task, key) => {
    const plan = planEnd("merge", refused(405), { task, key });

    expect([...plan.tasks, ...plan.events]).toEqual([]);
  });
});

describe("any other effect", () => {
  it.each([
    "comment",
    "labels",
    "check",
    "reply",
    "react",
    "cancel-run",
    "close-issue",
    "constructor",
    "__proto__",
  ])("%s that is done needs nothing", (effect) => {
    const plan = planEnd(effect, done(), { task: buildRunning() });

    expect(plan.outcome).toEqual({ status: "ignored", reason: "nothing waits for this effect" });
    expect([...plan.tasks, ...plan.audit]).toEqual([]);
  });

  it("F078 that is refused is noted in the audit, and nothing else happens", () => {
    const plan = planEnd("comment", refused(403, "Locked"), { task: buildRunning(), key: "1001:status:42" });

    expect(plan.audit).toMatchObject([
      { kind: "effect.refused", data: { key: "1001:status:42", status: 403, message: "Locked" } },
    ]);
    expect(plan.tasks).toEqual([]);
  });

  it("is noted also when nobody knows its task any more", () => {
    const plan = planWith({
      kind: "effect.settled",
      repo: REPO,
      key: "1001:dispatch:x",
      effect: "dispatch",
      taskId: "gone",
      outcome: refused(422),
    });

    expect(plan.outcome.reason).toBe("refusal noted");
  });
});

describe("what shadow mode kept from being closed", () => {
  const left = refused(0, "not sent: shadow mode");

  it.each([
    ["close-issue", "1001:close-issue:1001.42.1", "Shadow mode: issue #42 is left open"],
    [
      "close-pull",
      "1001:close-pull:1001.42.1:77",
      "Shadow mode: pull request #77 and its branch are left as they are",
    ],
  ])("is in the history of its task: %s", (effect, key, text) => {
    const task = buildTask({ state: "done", wakeAt: null });
    const plan = planEnd(effect, left, { task, key });

    expect(taskIn(plan).history).toEqual([{ at: NOW, text, url: null }]);
    expect(taskIn(plan).state).toBe("done");
    expect(plan.audit.map(({ kind }) => kind)).toContain("effect.refused");
    expect(projectionsIn(plan, "comment")[0]?.body).toContain(text);
  });

  it("is not what the last word of the comment says is closed", () => {
    const task = buildTask({ state: "done", wakeAt: null });
    const plan = planEnd("close-issue", left, { task, key: "1001:close-issue:1001.42.1" });

    expect(projectionsIn(plan, "comment")[0]?.body).toContain("nothing; the issue is left open.");
  });

  it("is not told where GitHub refused, or something else was not sent", () => {
    const task = buildTask({ state: "done", wakeAt: null });
    expect(planEnd("close-issue", refused(403), { task }).tasks).toEqual([]);
    expect(planEnd("publish", left, { task }).tasks).toEqual([]);
  });
});
