import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import { continueTask } from "../../../src/core/plan/attempt/start-stage.ts";
import { planQueue } from "../../../src/core/plan/plan-queue.ts";
import { explainWindows } from "../../../src/core/queue/explain-windows.ts";
import { buildConfigText, buildDraft, buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTask, HOUR_MS, NOW } from "../../support/build-task.ts";
import { actionsIn, buildRunning, codesOf, taskIn } from "../plan/plan-with.ts";

/** Open on Wednesdays from 13:30 to 15:30 UTC; it is Wednesday, 14:00. */
function withWindow(stops: string): string {
  const window = `  - { name: noon freeze, starts: "30 13 * * 3", lasts: 2h, stops: [${stops}] }`;
  return buildConfigText({ lines: ["windows:", window] });
}

function configOf(text: string) {
  const parsed = parseConfig(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

describe("a window that stops dispatches", () => {
  it("is a reason while it is open, with its name and its end", () => {
    const config = configOf(withWindow("dispatch, merge"));

    expect(explainWindows(config, NOW)).toEqual([
      {
        code: "window.closed",
        message: "Nothing is started in the window `noon freeze`, which ends 15:30 UTC.",
        liftedBy: "the clock",
        deadline: NOW + 1.5 * HOUR_MS,
      },
    ]);
    expect(explainWindows(config, NOW + 1.5 * HOUR_MS)).toEqual([]);
    expect(explainWindows(null, NOW)).toEqual([]);
  });

  it("holds nothing back when it stops merges only", () => {
    expect(explainWindows(configOf(withWindow("merge")), NOW)).toEqual([]);
  });

  it("lets nothing begin, and is looked at again when it ends", () => {
    const soon = withWindow("dispatch").replace("lasts: 2h", "lasts: 35m");
    const draft = buildDraft({ snapshot: buildSnapshot({ configText: soon, queue: [buildTask()] }) });
    planQueue(draft);

    const plan = draft.toPlan();
    expect(actionsIn(plan, "dispatch")).toEqual([]);
    expect(codesOf(taskIn(plan))).toEqual(["window.closed"]);
    expect(taskIn(plan).wakeAt).toBe(NOW + 5 * 60_000);
  });

  it("sends a task that would go on with its next stage back to the queue", () => {
    const task = buildRunning();
    const snapshot = buildSnapshot({ configText: withWindow("dispatch"), active: [task] });
    const draft = buildDraft({ snapshot });

    expect(continueTask(draft, { ...task, correlation: null })).toMatchObject({ state: "queued" });
    expect(codesOf(taskIn(draft.toPlan()))).toEqual(["window.closed"]);
  });
});
