import { describe, expect, it } from "vitest";
import type { Gathered } from "../../../src/core/plan/gathered.ts";
import { reconcileTasks } from "../../../src/core/plan/task/reconcile-tasks.ts";
import { buildDraft, buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTask } from "../../support/build-task.ts";
import { buildIssue, buildRunning, ROBIN, taskIn } from "./plan-with.ts";

function planOf(gathered: Gathered, snapshot: Parameters<typeof buildSnapshot>[0] = {}) {
  const draft = buildDraft({ snapshot: buildSnapshot(snapshot), gathered });
  reconcileTasks(draft);
  return draft.toPlan();
}

describe("the comparison with GitHub", () => {
  it("F024 makes up for a label of which nobody told, with the text and the person that GitHub shows", () => {
    const issue = buildIssue({ number: 12, title: "T", body: "B", labels: ["Autopilot", "bug"] });
    const plan = planOf({ labeled: [{ issue, labeledBy: ROBIN }] });

    expect(plan.events).toEqual([
      {
        kind: "issue.labeled",
        repo: expect.anything(),
        issue: 12,
        sender: ROBIN,
        label: "autopilot",
        text: { title: "T", body: "B", labels: ["Autopilot", "bug"] },
        isPull: false,
      },
    ]);
  });

  it("F036 makes up for no label whose task is known", () => {
    const labeled = [
      { issue: buildIssue({ number: 12 }), labeledBy: ROBIN },
      { issue: buildIssue({ number: 13 }), labeledBy: ROBIN },
    ];
    const plan = planOf(
      { labeled },
      { active: [buildRunning({ issue: 12 })], queue: [buildTask({ issue: 13 })] },
    );

    expect(plan.events).toEqual([]);
  });

  it.each([
    ["deleted", null, "issue.gone"],
    ["closed", buildIssue({ state: "closed", stateReason: "completed" }), "issue.closed"],
  ])("F026 makes up for an issue that is %s", (_, issue, kind) => {
    const plan = planOf({ strayed: [{ number: 42, issue }] }, { active: [buildRunning()] });
    expect(plan.events).toMatchObject([{ kind, issue: 42, sender: { id: 0 } }]);
  });

  it("F026 makes up for a label that somebody took off, as that person", () => {
    const issue = buildIssue({ labels: ["bug"] });
    const plan = planOf(
      { strayed: [{ number: 42, issue, unlabeledBy: ROBIN }] },
      { active: [buildRunning()] },
    );
    expect(plan.events).toMatchObject([{ kind: "issue.unlabeled", issue: 42, sender: ROBIN }]);
  });

  it("F103 F105 cancels nothing for a label that nobody took off, and asks for it no more", () => {
    const issue = buildIssue({ labels: ["bug"] });
    const plan = planOf({ strayed: [{ number: 42, issue }] }, { active: [buildRunning()] });

    expect(plan.events).toEqual([]);
    expect(taskIn(plan)).toMatchObject({ state: "running", trigger: "command" });
    expect(taskIn(plan).history.at(-1)?.text).toContain("nobody took it off: the task goes on");
  });

  it("hands on why an issue was closed", () => {
    const issue = buildIssue({ state: "closed", stateReason: "not_planned" });
    const plan = planOf({ strayed: [{ number: 42, issue }] }, { active: [buildRunning()] });
    expect(plan.events).toMatchObject([{ reason: "not_planned" }]);
  });

  it("finds nothing wrong with an open issue that has its label in another case", () => {
    const plan = planOf(
      { strayed: [{ number: 42, issue: buildIssue({ labels: ["AUTOPILOT"] }) }] },
      { active: [buildRunning()] },
    );
    expect(plan.events).toEqual([]);
  });

  it("does not ask a task for a label that was started by a command, but ends it with its issue", () => {
    const task = buildRunning({ trigger: "command" });
    const eventsOf = (issue: ReturnType<typeof buildIssue> | null) =>
      planOf({ strayed: [{ number: 42, issue }] }, { active: [task] }).events.map(({ kind }) => kind);

    expect(eventsOf(buildIssue({ labels: [] }))).toEqual([]);
    expect(eventsOf(buildIssue({ labels: [], state: "closed" }))).toEqual(["issue.closed"]);
    expect(eventsOf(null)).toEqual(["issue.gone"]);
  });

  it("takes how the dependencies stand, also those of other repositories", () => {
    const dependencies = [
      { kind: "issue", ref: "acme/shop#7", state: "open" },
      { kind: "issue", ref: "other/place#8", state: "open" },
    ] as const;
    const outcomes = new Map([
      ["ACME/shop#7", "done"],
      ["other/place#8", "not-done"],
    ] as const);
    const plan = planOf({ outcomes }, { queue: [buildTask({ dependencies })] });

    expect(taskIn(plan).dependencies.map(({ state }) => state)).toEqual(["done", "not-done"]);
  });

  it("gives a kind to a task that has none, when the configuration knows it by now", () => {
    const task = buildTask({ kind: "unknown", role: "unknown", team: "unknown", budget: 1 });
    const unfit = buildTask({ issue: 43, kind: "unknown", labels: ["autopilot"] });
    const plan = planOf({}, { queue: [task, unfit] });

    expect(plan.tasks).toMatchObject([{ issue: 42, kind: "bugfix", role: "bugfix", team: "qa", budget: 15 }]);
  });

  it("writes nothing when everything is as it was", () => {
    const task = buildTask({ dependencies: [{ kind: "issue", ref: "acme/shop#7", state: "open" }] });
    const plan = planOf(
      { labeled: [], strayed: [], outcomes: new Map([["acme/shop#7", "open"]]) },
      { queue: [task] },
    );

    expect([...plan.tasks, ...plan.events, ...plan.effects]).toEqual([]);
  });
});
