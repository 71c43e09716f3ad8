import { describe, expect, it } from "vitest";
import type { Event } from "../../../src/core/events.ts";
import type { Gathered } from "../../../src/core/plan/gathered.ts";
import { buildAttempt, buildRepository, REPO } from "../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../support/build-task.ts";
import { buildIssue, buildLabeled, buildRunning, OWN, planWith, ROBIN, taskIn } from "./plan-with.ts";

const labeled = buildLabeled();
const hand = { permission: "write", issue: buildIssue() } as const;
const facts = buildRepository().stored.facts ?? null;

describe("a repository that the app is removed from", () => {
  it("F092 F093 ends every task without a word, and its attempts with it", () => {
    const running = buildRunning();
    const queued = buildTask({ issue: 43 });
    const plan = planWith(
      { kind: "repository.removed", repo: REPO },
      { snapshot: { active: [running], queue: [queued], attempts: [buildAttempt()] } },
    );

    expect(plan.repository?.status).toBe("removed");
    expect(plan.tasks.map(({ state, wakeAt, correlation }) => [state, wakeAt, correlation])).toEqual([
      ["cancelled", null, null],
      ["cancelled", null, null],
    ]);
    expect(plan.attempts).toMatchObject([{ state: "superseded", endedAt: NOW }]);
    expect(plan.effects).toEqual([]);
  });
});

describe("a repository that the app was removed from", () => {
  const removed = { status: "removed" } as const;

  it.each<Event>([
    labeled,
    { kind: "installation.unsuspended", repo: REPO },
    { kind: "repository.changed", repo: REPO },
    { kind: "branch.pushed", repo: REPO, branch: "main", sha: "0".repeat(40), sender: ROBIN },
  ])("F093 hears of $kind without doing anything", (event) => {
    const plan = planWith(event, { snapshot: removed, gathered: { ...hand, facts } });

    expect(plan).toMatchObject({
      outcome: { status: "ignored", reason: "the app may not work here any more" },
      repository: null,
      tasks: [],
      effects: [],
      events: [],
      audit: [],
    });
  });

  it("ends a task that was too far back in the queue to be seen at the removal, when it is due", () => {
    const focus = buildTask({ wakeAt: NOW });
    const plan = planWith(
      { kind: "task.due", repo: REPO, taskId: focus.id },
      { snapshot: { ...removed, focus, queue: [focus] } },
    );

    expect(taskIn(plan)).toMatchObject({ state: "cancelled", wakeAt: null });
    expect(plan.effects).toEqual([]);
  });

  it.each<Event>([
    { kind: "repository.added", repo: REPO },
    { kind: "repository.reconcile", repo: REPO },
  ])("F094 is worked on again after $kind, and takes up nothing by itself", (event) => {
    const plan = planWith(event, { snapshot: removed, gathered: { facts } });

    expect(plan.repository?.status).toBe("active");
    expect(plan.tasks).toEqual([]);
  });

  it("stays so when it cannot be read", () => {
    const plan = planWith(
      { kind: "repository.reconcile", repo: REPO },
      { snapshot: removed, gathered: { facts: null } },
    );
    expect(plan.repository).toBeNull();
  });
});

describe("a repository whose installation is suspended", () => {
  const suspended = { status: "suspended" } as const;

  it("F091 takes tasks in and starts none", () => {
    const plan = planWith(labeled, { snapshot: suspended, gathered: hand });

    expect(taskIn(plan)).toMatchObject({ state: "queued" });
    expect(plan.attempts).toEqual([]);
  });

  it.each<[string, Event, Gathered]>([
    ["GitHub says so", { kind: "installation.unsuspended", repo: REPO }, {}],
    ["nobody says so, but it could be read again", { kind: "repository.reconcile", repo: REPO }, { facts }],
  ])("F091 goes on when %s", (_when, event, gathered) => {
    const plan = planWith(event, { snapshot: { ...suspended, queue: [buildTask()] }, gathered });

    expect(taskIn(plan).state).toBe("running");
  });
});

describe("planEvent", () => {
  it("starts in the same breath what an event made ready", () => {
    const plan = planWith(labeled, { gathered: hand });

    expect(taskIn(plan).state).toBe("running");
    expect(plan.effects.map(({ key }) => key)).toEqual([
      "1001:seen:1001.42.1",
      "1001:dispatch:1001.42.1.1.0.0",
      "1001:status:42",
      "1001:labels:42",
    ]);
  });

  it("names itself as who did what nobody asked for", () => {
    const plan = planWith({ kind: "repository.removed", repo: REPO });
    expect(plan.audit).toMatchObject([{ kind: "repository.removed", actor: OWN.slug, at: NOW }]);
  });
});
