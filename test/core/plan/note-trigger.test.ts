import { describe, expect, it } from "vitest";
import type { Event } from "../../../src/core/events.ts";
import type { Gathered } from "../../../src/core/plan/gathered.ts";
import { noteTrigger } from "../../../src/core/plan/task/note-trigger.ts";
import { buildDraft, buildRepository, buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { buildTask } from "../../support/build-task.ts";
import { buildRunning, planWith, projectionsIn, taskIn } from "./plan-with.ts";

const GONE: Gathered = { hasTrigger: false };

const labelChanged = (label: string, former: string | null = null): Event => ({
  kind: "label.changed",
  repo: REPO,
  label,
  former,
});

function repositoryMissing(label: string) {
  const record = buildRepository();
  return { ...record, stored: { ...record.stored, missingLabel: label } };
}

describe("F103 the trigger label of a repository", () => {
  it("stops no task when it is deleted, and tells people once, with every task that goes on", () => {
    const running = buildRunning({ issue: 1 });
    const waiting = buildTask({ issue: 2, held: true });
    const plan = planWith(labelChanged("autopilot"), {
      snapshot: { active: [running], queue: [waiting] },
      gathered: GONE,
    });

    expect(plan.events).toEqual([]);
    expect(taskIn(plan, 1)).toMatchObject({ state: "running", trigger: "command" });
    expect(taskIn(plan, 2)).toMatchObject({ state: "queued", trigger: "command" });
    expect(plan.repository?.stored.missingLabel).toBe("autopilot");
    expect(projectionsIn(plan, "issue")).toMatchObject([{ key: "1001:label-issue", state: "open" }]);
    expect(projectionsIn(plan, "issue")[0]?.body).toMatchInlineSnapshot(`
      "This repository has no label \`autopilot\` any more. That took it off every issue at once, which is not taken for a wish to stop the work.

      **Tasks that are under way or wait go on:** [#1](../issues/1), [#2](../issues/2). \`/orchestrate cancel\` on an issue stops its task.

      **Nothing new can be handed over** until there is the label: make the label again, or name another one as \`label\` in \`.github/orchestrator.yml\`.

      This issue is closed when the label is there."
    `);
  });

  it("is named with its new name when it was renamed", () => {
    const plan = planWith(labelChanged("robot", "Autopilot"), {
      snapshot: { active: [buildRunning()] },
      gathered: GONE,
    });

    expect(projectionsIn(plan, "issue")[0]?.body).toContain("it is called `robot` now");
    expect(projectionsIn(plan, "issue")[0]?.body).toContain("give `robot` its old name back");
  });

  it("is not told of a second time", () => {
    const draft = buildDraft({
      snapshot: buildSnapshot({
        repository: repositoryMissing("autopilot"),
        queue: [buildTask({ held: true })],
      }),
      gathered: GONE,
    });
    noteTrigger(draft, null);

    expect(draft.toPlan().effects).toEqual([]);
    expect(draft.toPlan().tasks).toMatchObject([{ trigger: "command" }]);
  });

  it("is no news in a repository where it hands nothing over", () => {
    const draft = buildDraft({
      snapshot: buildSnapshot({ queue: [buildTask({ trigger: "command" })] }),
      gathered: GONE,
    });
    noteTrigger(draft, null);

    expect(draft.toPlan()).toMatchObject({ effects: [], tasks: [], repository: null });
  });

  it("closes the notice when it is back", () => {
    const plan = planWith(labelChanged("autopilot"), {
      snapshot: { repository: repositoryMissing("autopilot") },
      gathered: { hasTrigger: true },
    });

    expect(projectionsIn(plan, "issue")).toMatchObject([{ state: "absent" }]);
    expect(plan.repository?.stored).not.toHaveProperty("missingLabel");
  });

  it("names twenty issues of many, and none so that it is mentioned", () => {
    const queue = Array.from({ length: 30 }, (_, index) => buildTask({ issue: index + 1, held: true }));
    const plan = planWith(labelChanged("autopilot"), { snapshot: { queue }, gathered: GONE });
    const body = projectionsIn(plan, "issue")[0]?.body ?? "";

    expect(body).toContain("[#20](../issues/20) and 10 more");
    expect(body).not.toMatch(/(?<!\[)#\d/u);
  });

  it("is the only label of which a change is looked at", () => {
    const plan = planWith(labelChanged("wontfix"), { snapshot: { active: [buildRunning()] } });

    expect(plan.outcome).toEqual({ status: "ignored", reason: "not the trigger label" });
    expect(plan.tasks).toEqual([]);
  });
});
