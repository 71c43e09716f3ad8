import { describe, expect, it } from "vitest";
import type { EventOf } from "../../../src/core/events.ts";
import { planEvent } from "../../../src/core/plan/plan-event.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, NOW } from "../../support/build-task.ts";

const SHA = "a".repeat(40);
const OPENED: EventOf<"pull.changed"> = {
  kind: "pull.changed",
  repo: REPO,
  pull: 90,
  action: "opened",
  sender: { id: 9, login: "ada", type: "User" },
  head: { sha: SHA, ref: "topic" },
};

function plan(event: EventOf<"pull.changed">, state: { focus?: Task | null; active?: readonly Task[] } = {}) {
  const snapshot = buildSnapshot({ focus: state.focus ?? null, active: state.active ?? [], queue: [] });
  return planEvent({ snapshot, gathered: {}, now: NOW, own: { appId: 1, slug: "orchestrator" } }, event);
}

describe("a pull request that no task made", () => {
  it("gets a neutral check that says it is not verified, and nothing else", () => {
    const { effects, outcome } = plan(OPENED);

    expect(outcome).toEqual({ status: "processed", reason: "not a task's pull request" });
    expect(effects).toHaveLength(1);
    expect(effects[0]).toMatchObject({
      sort: "projection",
      projection: {
        kind: "check",
        sha: SHA,
        name: "orchestrator / verify",
        status: "completed",
        conclusion: "neutral",
        output: { title: "Not a task's pull request: not verified" },
      },
    });
  });

  it("is looked at only where an action brings a head", () => {
    const { head, ...labeled } = OPENED;

    expect(head).toBeDefined();
    expect(plan({ ...labeled, action: "labeled" }).effects).toEqual([]);
  });

  it("is not one whose branch a task is publishing on while GitHub tells of it", () => {
    const writing = buildTask({ issue: 42, state: "verifying", pull: buildTaskPull({ branch: "topic" }) });

    expect(plan(OPENED, { active: [writing] }).effects).toEqual([]);
  });

  it("is not one whose head was judged for a task that has ended", () => {
    const ended = buildTask({
      state: "cancelled",
      wakeAt: null,
      pull: buildTaskPull({ number: 90, headSha: SHA }),
    });

    expect(plan({ ...OPENED, action: "reopened" }, { focus: ended }).effects).toEqual([]);
  });
});
