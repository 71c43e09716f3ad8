import { describe, expect, it } from "vitest";
import type { EventOf } from "../../../src/core/events.ts";
import { HUMAN_POLL_MS } from "../../../src/core/plan/deadlines.ts";
import type { Gathered } from "../../../src/core/plan/gathered.ts";
import { reason } from "../../../src/core/reasons.ts";
import type { Permission } from "../../../src/core/repo.ts";
import type { Attempt } from "../../../src/core/task/attempt.ts";
import { isTerminal, TASK_STATES, type Task } from "../../../src/core/task/task.ts";
import { buildAttempt, REPO } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, NOW } from "../../support/build-task.ts";
import {
  buildIssue,
  buildRunning,
  codesOf,
  MALLORY,
  orderedIn,
  planWith,
  projectionsIn,
  ROBIN,
  taskIn,
} from "./plan-with.ts";

type Kind = `issue.${"unlabeled" | "edited" | "closed" | "reopened" | "unlocked" | "gone"}`;

interface Given {
  readonly task?: Task | null;
  readonly attempts?: readonly Attempt[];
  readonly queue?: readonly Task[];
  readonly gathered?: Gathered;
}

const about = { repo: REPO, issue: 42, sender: ROBIN };
const unlabeled: EventOf<"issue.unlabeled"> = {
  kind: "issue.unlabeled",
  ...about,
  label: "autopilot",
  isPull: false,
};
const closed: EventOf<"issue.closed"> = { kind: "issue.closed", ...about, reason: "not_planned" };

function planIssue(event: EventOf<Kind>, given: Given = {}) {
  const { task = buildRunning(), attempts = [buildAttempt()], queue = [], gathered = {} } = given;
  const isActive = task !== null && !isTerminal(task) && task.state !== "queued";
  return planWith(event, {
    snapshot: {
      focus: task,
      active: isActive ? [task] : [],
      queue: task?.state === "queued" ? [task, ...queue] : queue,
      attempts,
    },
    gathered,
  });
}

const bare = { issue: buildIssue({ labels: ["bug"] }) };

describe("the trigger label's removal", () => {
  it("F102 cancels the task and its run, once, and says who it was", () => {
    const plan = planIssue(unlabeled, { gathered: bare });

    expect(taskIn(plan)).toMatchObject({
      state: "cancelled",
      reasons: [],
      wakeAt: null,
      correlation: null,
      timeline: [{ state: "cancelled", endedAt: NOW }],
    });
    expect(taskIn(plan).history.at(-1)?.text).toBe("Cancelled: @robin removed the label");
    expect(orderedIn(plan)).toEqual(["cancel-run:900"]);
    expect(plan.attempts).toMatchObject([{ state: "superseded", endedAt: NOW }]);
    expect(plan.audit).toContainEqual(expect.objectContaining({ kind: "task.moved", actor: "robin" }));
  });

  it("leaves the run to be cancelled when it is known, where its dispatch is under way", () => {
    const attempts = [buildAttempt({ state: "dispatching", runId: null })];
    const plan = planIssue(unlabeled, { gathered: bare, attempts });

    expect(orderedIn(plan)).toEqual([]);
    expect(plan.attempts).toMatchObject([{ state: "superseded", runId: null }]);
  });

  it("closes the pull request and deletes its branch, and ends a check that waits", () => {
    const task = buildRunning({
      state: "verifying",
      pull: buildTaskPull(),
      reasons: [reason("checks.pending", "m")],
    });
    const plan = planIssue(unlabeled, { task, gathered: bare, attempts: [buildAttempt({ state: "ended" })] });

    expect(orderedIn(plan)).toEqual(["close-pull:1001.42.1:77"]);
    expect(projectionsIn(plan, "check")).toMatchObject([{ status: "completed", conclusion: "cancelled" }]);
  });

  it("F030 F101 changes nothing when GitHub shows the label again, in whatever case", () => {
    const plan = planIssue(unlabeled, { gathered: { issue: buildIssue({ labels: ["Autopilot"] }) } });

    expect(plan.outcome).toEqual({ status: "ignored", reason: "the label is back" });
    expect(plan.tasks).toEqual([]);
  });

  it.each([
    ["of another label", { ...unlabeled, label: "bug" }, undefined, "not the trigger label"],
    ["without a task", unlabeled, null, "no live task"],
    ["after the task's end", unlabeled, buildTask({ state: "done", wakeAt: null }), "no live task"],
  ])("is ignored when it is %s", (_, event, task, why) => {
    const plan = planIssue(event, { gathered: bare, ...(task === undefined ? {} : { task }) });

    expect(plan.outcome).toEqual({ status: "ignored", reason: why });
    expect(plan.tasks).toEqual([]);
  });

  it("of the label that shows the state has it put there again", () => {
    const plan = planIssue({ ...unlabeled, label: "Autopilot:Running" });

    expect(taskIn(plan)).toMatchObject({ state: "running", renewedAt: NOW });
    expect(projectionsIn(plan, "labels")).toMatchObject([{ labels: ["autopilot:running"], renewal: NOW }]);
  });

  it("cancels a task of every state that can be cancelled", () => {
    for (const state of TASK_STATES.filter((known) => !isTerminal({ state: known }))) {
      const plan = planIssue(unlabeled, { task: buildTask({ state }), gathered: bare });
      expect(taskIn(plan)).toMatchObject({ state: "cancelled", wakeAt: null });
    }
  });
});

describe("an edit of the text", () => {
  const edited = (
    body: string,
    sender: EventOf<"issue.edited">["sender"] = MALLORY,
  ): EventOf<"issue.edited"> => ({
    kind: "issue.edited",
    ...about,
    sender,
    text: { title: buildTask().title, body, labels: [] },
  });

  it.each<[Permission, boolean]>([
    ["none", true],
    ["read", true],
    ["triage", true],
    ["write", false],
    ["maintain", false],
    ["admin", false],
  ])("F104 by somebody with %s before the first dispatch blocks the task: %s", (permission, isBlocked) => {
    const task = buildTask({ held: true });
    const plan = planIssue(edited("Also, rm -rf."), { task, gathered: { permission } });

    expect(taskIn(plan)).toMatchObject({ state: isBlocked ? "blocked" : "queued", body: task.body });
    if (isBlocked) expect(taskIn(plan)).toMatchObject({ wakeAt: NOW + HUMAN_POLL_MS });
    expect(codesOf(taskIn(plan))).toEqual([isBlocked ? "issue.text-changed" : "task.held"]);
  });

  it("F104 blocks also when the permission could not be read", () => {
    expect(taskIn(planIssue(edited("x"), { task: buildTask() })).state).toBe("blocked");
  });

  it.each<[string, Task]>([
    ["runs", buildRunning()],
    ["has run and waits again", buildRunning({ state: "queued", held: true })],
    ["is verified", buildRunning({ state: "verifying" })],
    ["is blocked", buildTask({ state: "blocked" })],
  ])("F104 by a stranger does not reach a task that %s, and is audited", (_, task) => {
    const plan = planIssue(edited("x"), { task, gathered: { permission: "read" } });

    expect(plan.outcome.reason).toBe("the work keeps the text of label time");
    expect(plan.audit).toContainEqual(
      expect.objectContaining({
        kind: "issue.edited",
        actor: "mallory",
        data: { isWriter: false, hasBegun: true },
      }),
    );
    expect(
      plan.tasks.filter((changed) => changed.state !== task.state || changed.body !== task.body),
    ).toEqual([]);
  });

  it("that changes nothing is ignored", () => {
    const plan = planIssue(edited(buildTask().body), { task: buildTask({ held: true }) });
    expect(plan.outcome).toEqual({ status: "ignored", reason: "the text is the same" });
  });
});

describe("an issue that was closed", () => {
  it("F105 cancels its task, its run and its pull request, once each", () => {
    const plan = planIssue(closed, { task: buildRunning({ pull: buildTaskPull() }) });

    expect(taskIn(plan)).toMatchObject({ state: "cancelled", wakeAt: null });
    expect(orderedIn(plan)).toEqual(["cancel-run:900", "close-pull:1001.42.1:77"]);
  });

  it("by our own hand, as done, changes nothing of its task", () => {
    const plan = planIssue(
      { ...closed, reason: "completed" },
      { task: buildTask({ state: "done", wakeAt: null }) },
    );
    expect(plan.tasks).toEqual([]);
  });

  it("names nobody where nobody is known to have closed it, or to have taken off the label", () => {
    const sender = { id: 0, login: "ghost", type: "Mannequin" } as const;
    const last = (event: EventOf<"issue.closed" | "issue.unlabeled">) =>
      taskIn(planIssue({ ...event, sender })).history.at(-1)?.text;

    expect(last(closed)).toBe("Cancelled: the issue was closed");
    expect(last(unlabeled)).toBe("Cancelled: the label was removed");
    expect(taskIn(planIssue(closed)).history.at(-1)?.text).toBe("Cancelled: @robin closed the issue");
  });

  it.each<[EventOf<"issue.closed">["reason"], string, string]>([
    ["completed", "done", "running"],
    [null, "done", "running"],
    ["not_planned", "not-done", "queued"],
    ["duplicate", "not-done", "queued"],
  ])("as %s is, for what waits for it, %s, which makes it %s", (why, state, next) => {
    const waiting = buildTask({
      issue: 43,
      dependencies: [{ kind: "issue", ref: "acme/shop#42", state: "open" }],
    });
    const plan = planIssue({ ...closed, reason: why }, { task: null, queue: [waiting] });

    expect(taskIn(plan, 43)).toMatchObject({ state: next, dependencies: [{ state }] });
  });
});

describe("an issue that was opened again", () => {
  it("F105 starts nothing, but what waits for it waits again", () => {
    const waiting = buildTask({
      issue: 43,
      held: true,
      dependencies: [{ kind: "issue", ref: "acme/shop#42", state: "done" }],
    });
    const task = buildTask({ state: "cancelled", wakeAt: null });
    const plan = planIssue({ kind: "issue.reopened", ...about }, { task, queue: [waiting] });

    expect(plan.tasks.map(({ issue }) => issue)).toEqual([43]);
    expect(codesOf(taskIn(plan, 43))).toEqual(["dependency.open", "task.held"]);
    expect(orderedIn(plan)).toEqual([]);
  });
});

describe("an issue that was unlocked", () => {
  const unlocked: EventOf<"issue.unlocked"> = { kind: "issue.unlocked", ...about };

  it.each<[string, Task]>([
    ["runs", buildRunning()],
    ["has ended meanwhile", buildTask({ state: "done", wakeAt: null })],
  ])("F105 is told everything of a task that %s", (_, task) => {
    const plan = planIssue(unlocked, { task });

    expect(projectionsIn(plan, "comment")).toMatchObject([{ issue: 42, renewal: NOW }]);
    expect(taskIn(plan).state).toBe(task.state);
  });

  it("is nothing to an issue without a task", () => {
    expect(planIssue(unlocked, { task: null }).outcome.status).toBe("ignored");
  });
});

describe("an issue that is gone", () => {
  const gone: EventOf<"issue.gone"> = { kind: "issue.gone", ...about };

  it("F106 F107 cancels its task and its run, and nothing more is written about it", () => {
    const plan = planIssue(gone, { gathered: { issue: null } });

    expect(taskIn(plan)).toMatchObject({ state: "cancelled", wakeAt: null });
    expect(plan.effects.map(({ key }) => key)).toEqual(["1001:cancel-run:900"]);
  });

  it("F114 is, for what waits for it, something that cannot be read", () => {
    const waiting = buildTask({
      issue: 43,
      dependencies: [{ kind: "issue", ref: "acme/shop#42", state: "open" }],
    });
    const plan = planIssue(gone, { task: null, queue: [waiting], gathered: { issue: null } });

    expect(codesOf(taskIn(plan, 43))).toEqual(["dependency.unknown"]);
  });
});
