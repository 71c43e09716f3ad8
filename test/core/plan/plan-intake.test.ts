import { describe, expect, it } from "vitest";
import type { EventOf } from "../../../src/core/events.ts";
import { SLACK_MS } from "../../../src/core/queue/rank.ts";
import { reason } from "../../../src/core/reasons.ts";
import type { Permission } from "../../../src/core/repo.ts";
import { Task } from "../../../src/core/task/task.ts";
import { buildAttempt, buildConfigText } from "../../support/build-snapshot.ts";
import { buildTask, HOUR_MS, NOW } from "../../support/build-task.ts";
import {
  actionsIn,
  buildIssue,
  buildLabeled,
  buildRunning,
  codesOf,
  orderedIn,
  planWith,
  ROBIN,
  taskIn,
} from "./plan-with.ts";

type Given = Parameters<typeof planWith>[1] & { readonly event?: Partial<EventOf<"issue.labeled">> };

const text = { title: "Prices are wrong", body: "Every second one.", labels: ["autopilot", "bug"] };

/** The plan for the trigger label on an open issue, put there by somebody with write. */
function planLabel({ event, gathered, ...given }: Given = {}) {
  return planWith(buildLabeled({ text, ...event }), {
    gathered: {
      permission: "write",
      issue: buildIssue({ labels: event?.text?.labels ?? text.labels }),
      ...gathered,
    },
    ...given,
  });
}

const labelled = (...labels: readonly string[]): Given => ({
  event: { text: { ...text, labels: ["autopilot", ...labels] } },
});

describe("the trigger label", () => {
  it("keeps what the text says of the paths that the work is about", () => {
    const body = "Every second one.\n\nPaths: src/prices/**, docs/prices.md";
    const [task] = planLabel({ event: { text: { ...text, body } } }).tasks;

    expect(task?.paths).toEqual(["src/prices/**", "docs/prices.md"]);
    expect(planLabel().tasks[0]).not.toHaveProperty("paths");
  });

  it.each<[Permission, boolean]>([
    ["none", false],
    ["read", false],
    ["triage", false],
    ["write", true],
    ["maintain", true],
    ["admin", true],
  ])("F099 by somebody with %s makes a task: %s", (permission, isEnough) => {
    const plan = planLabel({ gathered: { permission } });

    expect(plan.tasks).toHaveLength(isEnough ? 1 : 0);
    expect(actionsIn(plan, "reply")).toHaveLength(isEnough ? 0 : 1);
    expect(plan.audit.map(({ kind }) => kind).includes("intake.refused")).toBe(!isEnough);
    if (!isEnough) expect(orderedIn(plan)).toEqual(["intake-refused:42:7"]);
  });

  it("F178 makes no task when the permission could not be read", () => {
    const plan = planWith(buildLabeled({ text }), { gathered: { issue: buildIssue() } });

    expect(plan.tasks).toEqual([]);
    expect(plan.outcome.reason).toBe("refused: none is not enough");
  });

  it("F104 keeps the text and labels of that moment, not those that GitHub shows now", () => {
    const now = buildIssue({ title: "Delete everything", body: "rm -rf", labels: [...text.labels, "p0"] });
    const task = taskIn(planLabel({ gathered: { issue: now } }));

    expect(task).toMatchObject({ ...text, priority: "p2", requestedBy: ROBIN, trigger: "label" });
    expect(Task.parse(task)).toEqual(task);
  });

  it("F103 is known in any case", () => {
    const issue = buildIssue({ labels: ["AutoPilot", "bug"] });
    expect(planLabel({ event: { label: "AUTOPILOT" }, gathered: { issue } }).tasks).toHaveLength(1);
  });

  it("is the configured one", () => {
    const configText = `${buildConfigText()}label: robot\n`;
    const issue = buildIssue({ labels: ["robot", "bug"] });

    expect(planLabel({ snapshot: { configText } }).tasks).toEqual([]);
    expect(
      planLabel({ snapshot: { configText }, event: { label: "robot" }, gathered: { issue } }).tasks,
    ).toHaveLength(1);
  });

  it.each<[string, Given, string]>([
    [
      "on a pull request's event",
      { event: { isPull: true } },
      "the label is on a pull request, not on an issue",
    ],
    [
      "on a pull request by its number",
      { gathered: { issue: buildIssue({ isPull: true }) } },
      "the number is a pull request's",
    ],
    ["on an issue that is gone", { gathered: { issue: null } }, "the issue is gone"],
    ["on a closed issue", { gathered: { issue: buildIssue({ state: "closed" }) } }, "the issue is closed"],
    [
      "that is gone again",
      { gathered: { issue: buildIssue({ labels: ["bug"] }) } },
      "the label is gone again",
    ],
    [
      "by a bot",
      { event: { sender: { id: 4, login: "helper[bot]", type: "Bot" } } },
      "labelled by a bot that is not allowed",
    ],
    [
      "by an account that is nobody's",
      { event: { sender: { id: 0, login: "ghost", type: "Mannequin" } } },
      "labelled by a bot that is not allowed",
    ],
    [
      "on an issue whose task lives",
      { snapshot: { focus: buildTask({ state: "verifying" }) } },
      "the issue has a live task",
    ],
  ])("%s is ignored", (_, given, why) => {
    const plan = planLabel(given);

    expect(plan.outcome).toEqual({ status: "ignored", reason: why });
    expect(plan.effects.filter(({ sort }) => sort === "action")).toEqual([]);
    expect(plan.audit).toEqual([]);
  });

  it("F186 by a bot counts when the configuration names its id, not its name", () => {
    const configText = `${buildConfigText()}allowedBots: [4]\n`;
    const byBot = (id: number) =>
      planLabel({ snapshot: { configText }, event: { sender: { id, login: "helper[bot]", type: "Bot" } } });

    expect(byBot(4).tasks).toHaveLength(1);
    expect(byBot(5).tasks).toEqual([]);
  });

  it("is seen on the issue, and the task is audited, before anything else", () => {
    const plan = planLabel();

    expect(orderedIn(plan)[0]).toBe("seen:1001.42.1");
    expect(plan.audit[0]).toMatchObject({
      kind: "task.created",
      actor: "robin",
      data: { issue: 42, kind: "bugfix", priority: "p2" },
    });
  });

  it.each<[string, Partial<Task> | null, number]>([
    ["on a new issue", null, 1],
    ["after a task that is done", { state: "done", wakeAt: null, generation: 1 }, 2],
    ["after the third task was cancelled", { state: "cancelled", wakeAt: null, generation: 3 }, 4],
  ])("F101 %s makes the next generation", (_, before, generation) => {
    const focus = before === null ? null : buildTask(before);
    const task = taskIn(planLabel({ snapshot: { focus } }));

    expect(task).toMatchObject({ generation, id: `1001.42.${generation}` });
  });

  it("does not count generations of another issue that happens to be looked at", () => {
    const focus = buildTask({ issue: 9, state: "done", wakeAt: null, generation: 6 });
    expect(taskIn(planLabel({ snapshot: { focus } })).generation).toBe(1);
  });

  it("F104 hands an issue over again whose text a stranger had changed: the old task ends, a new one begins", () => {
    const focus = buildTask({
      state: "blocked",
      reasons: [reason("issue.text-changed", "A stranger changed it.")],
    });
    const plan = planLabel({ snapshot: { focus, active: [focus] } });

    expect(plan.tasks.map(({ id, state }) => [id, state])).toEqual([
      ["1001.42.1", "cancelled"],
      ["1001.42.2", "running"],
    ]);
  });

  it("takes what was found to be a dependency, and waits for it", () => {
    const dependencies = [{ kind: "issue", ref: "acme/shop#7", state: "open" }] as const;
    const task = taskIn(planLabel({ gathered: { dependencies } }));

    expect(task.dependencies).toEqual(dependencies);
    expect(codesOf(task)).toEqual(["dependency.open"]);
  });
});

describe("the kind of a task", () => {
  it.each<[readonly string[], string, string, string]>([
    [["bug"], "bugfix", "bugfix", "qa"],
    [["BUG"], "bugfix", "bugfix", "qa"],
    [["data"], "data", "data-engineer", "dev"],
    [["bug", "data"], "data", "data-engineer", "dev"],
    [["question"], "unknown", "unknown", "unknown"],
    [[], "unknown", "unknown", "unknown"],
  ])("with the labels %j is %s", (labels, kind, role, team) => {
    expect(taskIn(planLabel(labelled(...labels)))).toMatchObject({ kind, role, team });
  });

  it("needs all labels that the kind names", () => {
    const configText = buildConfigText().replace("labels: [bug]", "labels: [bug, small]");
    const kindOf = (...labels: string[]) =>
      taskIn(planLabel({ ...labelled(...labels), snapshot: { configText } })).kind;

    expect(kindOf("bug")).toBe("unknown");
    expect(kindOf("small", "bug")).toBe("bugfix");
  });

  it("is that of the roadmap's entry whose id the title begins with, whatever the labels say", () => {
    const configText = `${buildConfigText()}roadmap: .github/roadmap.yml\n`;
    const roadmapText = [
      "version: 1",
      "tasks:",
      "  - { id: R-1, title: Prices are wrong, kind: data, priority: p1, revenue: true }",
      "  - { id: R-2, title: Sell, dependsOn: [R-1] }",
      "",
    ].join("\n");
    const event = { text: { ...text, title: "R-1: Prices are wrong" } };
    const task = taskIn(planLabel({ event, snapshot: { configText, roadmapText } }));

    expect(task).toMatchObject({ kind: "data", priority: "p1", roadmapId: "R-1", revenue: true });
    expect(task.rankAt).toBe(NOW + SLACK_MS.p1 - 12 * HOUR_MS - 2 * HOUR_MS);
  });

  it("is asked for while nobody knows it, naming the labels that would do", () => {
    const task = taskIn(planLabel(labelled("question")));

    expect(task.state).toBe("queued");
    expect(task.reasons).toMatchObject([
      { code: "kind.unknown", message: expect.stringContaining("`data`, `bug`") },
    ]);
  });

  it("comes with a later label, and the task starts", () => {
    const focus = buildTask({
      kind: "unknown",
      role: "unknown",
      team: "unknown",
      budget: 1,
      labels: ["autopilot"],
    });
    const plan = planLabel({ event: { label: "Bug" }, snapshot: { focus, queue: [focus] } });

    expect(taskIn(plan)).toMatchObject({
      kind: "bugfix",
      role: "bugfix",
      budget: 15,
      labels: ["autopilot", "Bug"],
      state: "running",
    });
  });

  it("stays what it is when another kind's label comes later", () => {
    const focus = buildRunning();
    const plan = planLabel({
      event: { label: "data" },
      snapshot: { focus, active: [focus], attempts: [buildAttempt()] },
    });

    expect(plan.outcome).toEqual({ status: "ignored", reason: "not the trigger label" });
    expect(plan.tasks).toEqual([]);
  });
});

describe("the priority of a task", () => {
  it.each<[readonly string[], string]>([
    [[], "p2"],
    [["p0"], "p0"],
    [["P1"], "p1"],
    [["priority:p3"], "p3"],
    [["Priority:P0"], "p0"],
    [["p3", "p1"], "p1"],
    [["p4", "p10", "xp1"], "p2"],
  ])("with the labels %j is %s", (labels, priority) => {
    const task = taskIn(planLabel(labelled("bug", ...labels)));

    expect(task.priority).toBe(priority);
    expect(task.rankAt).toBe(NOW + SLACK_MS[task.priority]);
  });
});

describe("a label that shows a state", () => {
  it("is set right again when somebody put it there by hand", () => {
    const focus = buildRunning();
    const plan = planLabel({
      event: { label: "autopilot:done" },
      snapshot: { focus, active: [focus], attempts: [buildAttempt()] },
    });

    expect(plan.outcome.reason).toBe("written again");
    expect(taskIn(plan)).toMatchObject({ state: "running", renewedAt: NOW });
  });

  it("starts nothing on an issue without a task", () => {
    const plan = planLabel({ event: { label: "autopilot:queued" } });

    expect(plan.outcome.status).toBe("ignored");
    expect(plan.effects).toEqual([]);
  });
});
