import { describe, expect, it } from "vitest";
import type { Event } from "../../../src/core/events.ts";
import { planEvent } from "../../../src/core/plan/plan-event.ts";
import { type ReasonCode, reason } from "../../../src/core/reasons.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildSession } from "../../support/build-session.ts";
import {
  buildRepository,
  buildSnapshot,
  REPO,
  type RepositoryOverrides,
} from "../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../support/build-task.ts";
import { codesOf } from "./plan-with.ts";

const CHANGED: Event = { kind: "stop.changed", repo: REPO };
const PAUSED = { pausedBy: "@ada: release day" };

function waiting(...codes: readonly ReasonCode[]): Task {
  return buildTask({
    state: "verifying",
    reasons: codes.map((code) => reason(code, code)),
    wakeAt: NOW + 60_000,
  });
}

/** Reasons of the only task after an event that has nothing to do with it; undefined when it was left as it is. */
function reasonsAfter(task: Task, overrides: RepositoryOverrides): readonly string[] | undefined {
  const snapshot = buildSnapshot({ active: [task], repository: buildRepository(overrides) });
  const own = { appId: 99, slug: "orchestrator" };
  const { tasks } = planEvent({ snapshot, gathered: {}, now: NOW, own }, CHANGED);
  const [saved] = tasks;
  return saved === undefined ? undefined : codesOf(saved);
}

describe("a pause", () => {
  it.each<ReasonCode>(["publish.pending", "merge.pending", "critics.reverting"])(
    "is why a task waits although %s was ordered",
    (code) => {
      expect(reasonsAfter(waiting(code), PAUSED)).toEqual(["repository.paused", code]);
    },
  );

  it("is told once, and no more when it is over", () => {
    const told = buildTask({
      ...waiting("publish.pending"),
      reasons: [
        reason("repository.paused", "The repository is paused by @ada: release day."),
        reason("publish.pending", "publish.pending"),
      ],
    });
    expect(codesOf(told)).toEqual(["repository.paused", "publish.pending"]);
    expect(reasonsAfter(told, PAUSED)).toBeUndefined();
    expect(reasonsAfter(told, {})).toEqual(["publish.pending"]);
  });

  it("is nothing to a task that waits for people or that a session takes to its end", () => {
    expect(reasonsAfter(waiting("approval.missing"), PAUSED)).toBeUndefined();
    const task = waiting("merge.pending");
    const session = buildSession({ taken: [{ id: task.id, minutes: 0, usd: 0 }] });
    expect(reasonsAfter(task, { ...PAUSED, sessions: [session] })).toBeUndefined();
  });
});
