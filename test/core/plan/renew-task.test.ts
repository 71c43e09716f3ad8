import { describe, expect, it } from "vitest";
import { isStateLabel, renewTask } from "../../../src/core/plan/task/renew-task.ts";
import { buildConfigText, buildDraft, buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../support/build-task.ts";
import { planWith, projectionsIn, ROBIN } from "./plan-with.ts";

describe("a label that shows a state", () => {
  it.each([
    ["autopilot:running", true],
    ["AutoPilot:DONE", true],
    ["autopilot:whatever", true],
    ["autopilot", false],
    ["autopilots:x", false],
    ["bug", false],
  ])("%s is the app's: %s", (label, isOurs) => {
    expect(isStateLabel(buildDraft(), label)).toBe(isOurs);
  });

  it("begins with the configured label", () => {
    const draft = buildDraft({
      snapshot: buildSnapshot({ configText: `${buildConfigText()}label: robot\n` }),
    });

    expect(isStateLabel(draft, "robot:running")).toBe(true);
    expect(isStateLabel(draft, "autopilot:running")).toBe(false);
  });
});

describe("what somebody changed by hand", () => {
  it("is written again even though the task has not changed", () => {
    const focus = buildTask({ state: "blocked" });
    const plan = planWith(
      {
        kind: "issue.unlabeled",
        repo: REPO,
        issue: 42,
        sender: ROBIN,
        label: "autopilot:blocked",
        isPull: false,
      },
      { snapshot: { focus, active: [focus] } },
    );

    expect(projectionsIn(plan, "labels")).toMatchObject([{ labels: ["autopilot:blocked"], renewal: NOW }]);
    expect(projectionsIn(plan, "comment")).toMatchObject([{ renewal: NOW }]);
  });

  it("changes nothing of the task but when that was", () => {
    const draft = buildDraft();
    const task = buildTask({ state: "blocked", updatedAt: NOW });
    renewTask(draft, task);

    expect(draft.changedTasks()).toEqual([{ ...task, renewedAt: NOW }]);
  });
});
