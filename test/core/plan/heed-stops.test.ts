import { describe, expect, it } from "vitest";
import type { Event } from "../../../src/core/events.ts";
import { planEvent } from "../../../src/core/plan/plan-event.ts";
import type { Snapshot } from "../../../src/core/plan/snapshot.ts";
import { reason } from "../../../src/core/reasons.ts";
import { type Stop, scopesOf } from "../../../src/core/stop/stop.ts";
import { buildAttempt, buildRepository, buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, NOW } from "../../support/build-task.ts";
import { buildRunning } from "./plan-with.ts";

const STOP: Stop = {
  scope: "owner:acme",
  source: "operator",
  by: "the operator",
  at: NOW - 1000,
  why: null,
  keepsRuns: false,
  commentId: null,
};
const CHANGED: Event = { kind: "stop.changed", repo: REPO };
const HALTED = reason("repository.stopped", "stopped");
const RUNNING = buildRunning();
const ATTEMPT = buildAttempt({ correlation: RUNNING.correlation ?? "" });

function planWith(snapshot: Partial<Snapshot>, stops: readonly Stop[], event = CHANGED) {
  const repository = { ...buildRepository(), stops };
  return planEvent(
    {
      snapshot: buildSnapshot({ ...snapshot, repository }),
      gathered: {},
      now: NOW,
      own: { appId: 99, slug: "orchestrator" },
    },
    event,
  );
}

const actionsOf = ({ effects }: ReturnType<typeof planEvent>) =>
  effects.flatMap((effect) => (effect.sort === "action" ? [effect.action] : []));

describe("a stop", () => {
  it("F190 is about a repository by its id, its account in any case, or everything", () => {
    expect(scopesOf({ id: 7, owner: "Acme" })).toEqual(["all", "owner:acme", "repo:7"]);
  });

  it("F190 breaks runs off, once, and burns nothing of the task", () => {
    const plan = planWith({ active: [RUNNING], attempts: [ATTEMPT] }, [STOP]);
    const [task] = plan.tasks;

    expect(actionsOf(plan)).toEqual([{ kind: "cancel-run", runId: 900 }]);
    expect(task).toMatchObject({
      state: "queued",
      correlation: null,
      restarts: 1,
      attempt: RUNNING.attempt,
      spent: RUNNING.spent,
      retries: RUNNING.retries,
    });
    expect(task?.reasons[0]).toMatchObject({
      code: "repository.stopped",
      message:
        "Everything in the repositories of acme was stopped by the operator on 2026-11-18 at 13:59 UTC.",
      liftedBy: "the operator, with `orchestrator resume`",
    });
    expect(plan.attempts).toMatchObject([{ state: "superseded" }]);
    expect(plan.audit.map(({ kind }) => kind)).toContain("repository.stopped");
  });

  it("lets runs go on when it says so, but no dispatch that GitHub has not confirmed", () => {
    const keeping = [{ ...STOP, keepsRuns: true }];
    const going = planWith({ active: [RUNNING], attempts: [ATTEMPT] }, keeping);
    const ordered = { ...ATTEMPT, state: "dispatching", runId: null } as const;
    const ending = planWith({ active: [RUNNING], attempts: [ordered] }, keeping);

    expect(actionsOf(going)).toEqual([]);
    expect(going.tasks[0]).toMatchObject({ state: "running", correlation: RUNNING.correlation });
    expect(going.tasks[0]?.reasons[0]?.code).toBe("repository.stopped");
    expect(ending.tasks[0]).toMatchObject({ state: "queued", correlation: null });
  });

  it("ends runs when one of two stops says so", () => {
    const stops = [STOP, { ...STOP, scope: "all", keepsRuns: true }];
    expect(actionsOf(planWith({ active: [RUNNING], attempts: [ATTEMPT] }, stops))).toHaveLength(1);
  });

  it("keeps queued tasks from starting, and shows every stop with who lifts it", () => {
    const queued = buildTask({ state: "queued" });
    const command: Stop = { ...STOP, scope: "repo:1001", source: "command", by: "@ada", why: "`rm` <b>" };
    const plan = planWith({ queue: [queued] }, [STOP, command]);
    const reasons = plan.tasks[0]?.reasons.filter(({ code }) => code === "repository.stopped");

    expect(plan.tasks[0]?.state).toBe("queued");
    expect(actionsOf(plan)).toEqual([]);
    expect(reasons?.map(({ liftedBy }) => liftedBy)).toEqual([
      "the operator, with `orchestrator resume`",
      "`/orchestrate resume` by a maintainer",
    ]);
    expect(reasons?.[1]?.message).not.toContain("<b>");
  });

  it("says the same to a task that is verified, and nothing new when it is asked again", () => {
    const verifying = buildRunning({
      state: "verifying",
      pull: buildTaskPull(),
      reasons: [reason("checks.pending", "waiting")],
    });
    const [stopped] = planWith({ active: [verifying] }, [STOP]).tasks;

    expect(stopped?.reasons.map(({ code }) => code)).toEqual(["repository.stopped", "checks.pending"]);
    expect(planWith({ active: stopped === undefined ? [] : [stopped] }, [STOP]).tasks).toEqual([]);
  });
});

describe("the end of a stop", () => {
  it("starts what was broken off, as another run of the same attempt", () => {
    const broken = buildRunning({ state: "queued", correlation: null, restarts: 1, reasons: [HALTED] });
    const plan = planWith({ queue: [broken] }, []);

    expect(plan.tasks[0]).toMatchObject({ state: "running", attempt: broken.attempt, spent: broken.spent });
    expect(plan.tasks[0]?.correlation).toBe(`${broken.id}.${broken.attempt}.${broken.stage}.1`);
    expect(plan.audit.map(({ kind }) => kind)).toContain("repository.resumed");
  });

  it("has a verdict worked out again before it merges", () => {
    const merging = buildRunning({
      state: "verifying",
      pull: buildTaskPull({ verdict: { value: "PASS", gates: [] } }),
      reasons: [HALTED, reason("merge.pending", "merging")],
    });
    const plan = planWith({ active: [merging] }, []);

    expect(plan.tasks[0]?.reasons.map(({ code }) => code)).toEqual(["checks.pending"]);
    expect(plan.events).toMatchObject([{ kind: "pull.changed", pull: 77, action: "resumed" }]);
  });

  it("looks once at a change that is being taken back, which knows already why it waits", () => {
    const aftermath = {
      phase: "reverting",
      merged: buildTaskPull(),
      mergeSha: "a".repeat(40),
      tries: 1,
      revert: null,
      refusals: 1,
    } as const;
    const reverting = buildRunning({
      state: "verifying",
      correlation: null,
      pull: null,
      aftermath,
      reasons: [HALTED, reason("critics.reverting", "taken back")],
    });
    const plan = planWith({ active: [reverting] }, []);
    const [released] = plan.tasks;

    expect(plan.events).toMatchObject([{ kind: "task.due", taskId: reverting.id }]);
    expect(released?.reasons.map(({ code }) => code)).toEqual(["critics.reverting"]);
    expect(planWith({ active: released === undefined ? [] : [released] }, []).events).toEqual([]);
  });

  it("leaves alone what was never stopped", () => {
    const plan = planWith({ active: [RUNNING], attempts: [ATTEMPT] }, []);
    expect([plan.tasks, plan.events]).toEqual([[], []]);
  });
});
