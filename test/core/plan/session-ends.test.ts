import { describe, expect, it } from "vitest";
import type { Event } from "../../../src/core/events.ts";
import { SESSION_IDLE_MS } from "../../../src/core/plan/deadlines.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { reason } from "../../../src/core/reasons.ts";
import type { Session } from "../../../src/core/session/session.ts";
import { buildEnded, buildSession } from "../../support/build-session.ts";
import { buildAttempt, buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, HOUR_MS, NOW } from "../../support/build-task.ts";
import { actionsIn, buildRunning, codesOf, planWith, taskIn } from "./plan-with.ts";

const DUE: Event = { kind: "session.due", repo: REPO };
const MINE = { id: "1001.42.1", minutes: 2, usd: 0.1 };

function look(snapshot: Parameters<typeof buildSnapshot>[0], now = NOW): Plan {
  return planWith(DUE, { snapshot, now });
}

function sessionIn(plan: Plan): Session | undefined {
  return plan.repository?.stored.sessions?.at(-1);
}

describe("when a session ends", () => {
  it("takes what it starts, in a paused repository too, and holds the next task back at its count", () => {
    const queue = [buildTask({ issue: 1 }), buildTask({ issue: 2 })];
    const plan = look({ queue, pausedBy: "@bo", sessions: [buildSession({ count: 1 })] });

    expect(taskIn(plan, 1).state).toBe("running");
    expect(codesOf(taskIn(plan, 2))).toEqual(["session.over", "repository.paused", "limit.team"]);
    expect(sessionIn(plan)).toMatchObject({
      taken: [{ id: "1001.1.1" }],
      closed: { by: "count" },
      endedAt: null,
    });
    expect(plan.audit.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["session.took", "session.closed"]),
    );
  });

  it("starts nothing at the very moment at which its time is over", () => {
    const sessions = [buildSession({ endsAt: NOW })];
    const queue = [buildTask({ issue: 1 })];

    expect(taskIn(look({ queue, pausedBy: "@bo", sessions }, NOW - 1), 1).state).toBe("running");
    const plan = look({ queue, pausedBy: "@bo", sessions });
    expect(actionsIn(plan, "dispatch")).toEqual([]);
    expect(sessionIn(plan)).toMatchObject({ closed: { by: "hours" }, rests: true, endedAt: NOW });
  });

  it("is when what it took has ended, and not before", () => {
    const running = buildRunning();
    const closed = buildEnded({ taken: [MINE], endedAt: null });
    const attempts = [buildAttempt()];

    expect(look({ active: [running], attempts, sessions: [closed] }).repository).toBeNull();
    const plan = look({ sessions: [closed] });
    expect(sessionIn(plan)).toMatchObject({ endedAt: NOW, left: [] });
    expect(plan.events).toEqual([{ kind: "session.ended", repo: REPO, session: 1 }]);
    expect(plan.audit).toContainEqual(
      expect.objectContaining({
        kind: "session.ended",
        data: { session: 1, by: "count", why: "it has taken its one task", taken: 1, rests: true },
      }),
    );
  });

  it("is when what it took waits for people; that is still brought to its end", () => {
    const waiting = buildTask({
      state: "verifying",
      pull: buildTaskPull(),
      reasons: [reason("approval.missing", "m")],
    });
    const plan = look({ active: [waiting], sessions: [buildEnded({ taken: [MINE], endedAt: null })] });

    expect(sessionIn(plan)).toMatchObject({ endedAt: NOW, left: [MINE.id] });
  });

  it("waits a while before it believes that nothing is left", () => {
    const first = look({ sessions: [buildSession()] });
    const idle = sessionIn(first);
    expect(idle).toMatchObject({ idleSince: NOW, closed: null });

    const early = look({ sessions: [buildSession({ idleSince: NOW })] }, NOW + SESSION_IDLE_MS - 1);
    expect(early.repository).toBeNull();
    const late = look({ sessions: [buildSession({ idleSince: NOW })] }, NOW + SESSION_IDLE_MS);
    expect(sessionIn(late)).toMatchObject({
      closed: { by: "done" },
      rests: false,
      endedAt: NOW + SESSION_IDLE_MS,
    });
  });

  it("forgets that nothing was left when something is", () => {
    const plan = look({ queue: [buildTask()], sessions: [buildSession({ idleSince: NOW - 5 })] });

    expect(sessionIn(plan)).toMatchObject({ idleSince: null, closed: null });
  });

  it("is not while everything is stopped, and by a pause as soon as runs have ended", () => {
    const stop = {
      scope: "repo:1001",
      source: "command",
      by: "@ada",
      at: 1,
      why: null,
      keepsRuns: true,
      commentId: null,
    } as const;
    const ended = buildEnded({ taken: [MINE], endedAt: null });
    const built = buildSnapshot({ sessions: [ended] });
    const stopped = look({ repository: { ...built.repository, stops: [stop] } });
    expect(stopped.repository).toBeNull();

    const paused = buildEnded({ taken: [MINE], endedAt: null, closed: { by: "pause", at: 1, who: "@ada" } });
    const verifying = buildTask({ state: "verifying", reasons: [reason("checks.pending", "m")] });
    expect(sessionIn(look({ active: [verifying], sessions: [paused] }))).toMatchObject({
      endedAt: NOW,
      left: [],
    });
  });

  it("is not written down beside other events of the repository", () => {
    const asked: Event = {
      kind: "stop.asked",
      repo: REPO,
      sender: { id: 8, login: "ada", type: "User" },
      commentId: 5,
      body: "/orchestrate stop",
      createdAt: NOW,
    };
    const snapshot = { sessions: [buildSession({ endsAt: NOW })] };

    const plan = planWith(asked, { snapshot, gathered: { permission: "maintain" } });

    expect(plan).toMatchObject({ repository: null, stopChanges: [{ kind: "set" }] });
  });

  it("keeps the last five that are over and hold nothing back, and all that do", () => {
    const old = Array.from({ length: 8 }, (_, index) =>
      buildEnded({ number: index + 1, rests: index === 0 }),
    );
    const plan = look({ sessions: [...old, buildSession({ number: 9, endsAt: NOW })] });

    expect(plan.repository?.stored.sessions?.map(({ number }) => number)).toEqual([1, 4, 5, 6, 7, 8, 9]);
  });
});

describe("the report of a session", () => {
  const event: Event = { kind: "session.ended", repo: REPO, session: 1 };
  const history = { tasks: [buildTask({ state: "done", wakeAt: null })], attempts: [] };

  it("is one comment where the session was asked for", () => {
    const plan = planWith(event, {
      snapshot: { sessions: [buildEnded({ issue: 7 })] },
      gathered: { history },
    });

    expect(actionsIn(plan, "reply")).toMatchObject([
      { key: "1001:session-report:1", issue: 7, body: expect.stringContaining("session 1 – 1 accepted") },
    ]);
  });

  it.each<[string, readonly Session[]]>([
    ["nobody knows", []],
    ["goes on", [buildSession()]],
  ])("is not written of a session that %s", (_, sessions) => {
    const plan = planWith(event, { snapshot: { sessions }, gathered: { history } });

    expect(plan.outcome.status).toBe("ignored");
    expect(plan.effects).toEqual([]);
  });
});

it("a task that was under way before goes on uncounted, and is taken when it is queued again", () => {
  const again = buildTask({ attempt: 2, enqueuedAt: NOW - 9 * HOUR_MS });
  const plan = look({ queue: [again], sessions: [buildSession()] });

  expect(sessionIn(plan)?.taken).toEqual([{ id: again.id, minutes: 0, usd: 0 }]);
});
