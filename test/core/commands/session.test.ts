import { describe, expect, it } from "vitest";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { frontOf } from "../../../src/core/queue/front.ts";
import { reason } from "../../../src/core/reasons.ts";
import type { Session } from "../../../src/core/session/session.ts";
import { buildEnded, buildSession } from "../../support/build-session.ts";
import { buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTask, HOUR_MS, NOW } from "../../support/build-task.ts";
import { ADA, planFor, reactionIn, replyIn, storedAfter } from "./comment-on.ts";

const FIRST = buildTask({ issue: 2 });
const SECOND = buildTask({ issue: 3, kind: "data", role: "data-engineer", team: "dev", labels: ["data"] });
const THIRD = buildTask({ issue: 4 });
const QUEUE = [FIRST, SECOND, THIRD];

function planIn(body: string, given: Parameters<typeof buildSnapshot>[0] = {}): Plan {
  return planFor(body, { snapshot: buildSnapshot({ queue: QUEUE, ...given }), event: { issue: 1 } });
}

function sessionsIn(plan: Plan): readonly Session[] {
  return plan.repository?.stored.sessions ?? [];
}

describe("start", () => {
  it("begins a session, and says its bounds, what it starts, what comes after it and how it is ended", () => {
    const plan = planIn("/orchestrate start count=2 hours=1.5", { pausedBy: "@bo" });

    expect(sessionsIn(plan)).toEqual([
      buildSession({ startedAt: NOW, startedBy: ADA, count: 2, endsAt: NOW + 1.5 * HOUR_MS }),
    ]);
    expect(replyIn(plan)).toMatchInlineSnapshot(
      `"@ada: ▶️ Session **1**: at most 2 tasks, nothing new after 15:30 UTC (1 h 30 min). It starts #2 and #3 now. #4 is left for later. After that nothing more is started until \`/orchestrate start\` or \`/orchestrate resume\`, unless nothing was left to do. Its report comes here. Everything else stays paused. End it: \`/orchestrate end\`"`,
    );
    expect(reactionIn(plan)).toBe("rocket");
    expect(plan.audit).toContainEqual(
      expect.objectContaining({
        kind: "session.started",
        actor: "ada",
        data: { session: 1, team: null, count: 2, endsAt: NOW + 1.5 * HOUR_MS, issue: 1 },
      }),
    );
  });

  it("F115 finds the tasks of its team behind a hundred of another that are paused", () => {
    const reasons = [reason("repository.paused", "The repository is paused by @bo.")];
    const before = Array.from({ length: 100 }, (_, index) =>
      buildTask({ ...SECOND, issue: 100 + index, id: `1001.${100 + index}.1`, rankAt: NOW + index, reasons }),
    );
    const all = [...before, { ...FIRST, rankAt: NOW + 100, reasons }];
    const plan = planIn("/orchestrate start team=qa", {
      pausedBy: "@bo",
      queue: frontOf(all),
      queueLength: all.length,
    });

    expect(replyIn(plan)).toContain("It starts #2 now.");
  });

  it("says of a session without bounds that it ends when nothing is left", () => {
    expect(replyIn(planIn("/orchestrate start team=DEV"))).toMatchInlineSnapshot(
      `"@ada: ▶️ Session **1**: all tasks of team \`dev\`. It starts #3 now. It ends when nothing is left that needs no person. Its report comes here. End it: \`/orchestrate end team=dev\`"`,
    );
  });

  it("shows by a dry run which tasks would start and why others would wait, and starts nothing", () => {
    const plan = planIn("/orchestrate start count=1 --dry-run", { pausedBy: "@bo" });

    expect(plan).toMatchObject({ repository: null, tasks: [] });
    expect(replyIn(plan)).toMatchInlineSnapshot(`
      "@ada: 🧪 Dry run – nothing was changed

      | What | Now | Then |
      | --- | --- | --- |
      | session 1 | none | ending, 1 of 1 task taken: it has taken its one task |
      | #2: state | queued | running |
      | #2: place | position 1 of 3 | not queued |
      | #3: place | position 2 of 3 | position 1 of 2 |
      | #4: place | position 3 of 3 | position 2 of 2 |
      | dispatch \`agent.yml\` on \`main\` |  | once |

      It would answer: ▶️ Session **1**: at most 1 task. It starts #2 now. #3 and #4 are left for later. After that nothing more is started until \`/orchestrate start\` or \`/orchestrate resume\`, unless nothing was left to do. Its report comes here. Everything else stays paused. End it: \`/orchestrate end\`"
    `);
  });

  it.each([
    ["count=0", "expected a whole number from 1 to 1000"],
    ["count=1001", "expected a whole number from 1 to 1000"],
    ["count=2.5", "expected a whole number from 1 to 1000"],
    ["hours=0.2", "expected hours from 0.25 to 168"],
    ["hours=168.01", "expected hours from 0.25 to 168"],
    ["hours=", "expected hours from 0.25 to 168"],
    ["hours=1h", "expected hours from 0.25 to 168"],
    ["count=2 count=3", "count is there twice"],
    ["cuont=2", "unknown key, expected count or hours or team; did you mean count?"],
    ["5", "not expected here"],
  ])("does not take %s", (given, message) => {
    const plan = planIn(`/orchestrate start ${given}`);

    expect(replyIn(plan)).toContain(message);
    expect(reactionIn(plan)).toBe("confused");
    expect(plan.repository).toBeNull();
  });

  it.each(["hours=0.25", "hours=168", "hours=.5", "hours=167.75", "count=1", "count=1000"])(
    "takes %s",
    (given) => {
      expect(sessionsIn(planIn(`/orchestrate start ${given}`))).toHaveLength(1);
    },
  );

  it.each<readonly [string, string, Parameters<typeof buildSnapshot>[0], RegExp]>([
    ["a team that is not there", "team=qq", {}, /There is no team `qq`\. Did you mean `qa`\? Teams here: /],
    ["no task queued", "", { queue: [] }, /No session was started: no task is queued\. Hand issues over/],
    ["no task of the team queued", "team=dev", { queue: [FIRST] }, /no task of team `dev` is queued/],
    [
      "only tasks that need a person",
      "",
      { queue: [{ ...FIRST, held: true }] },
      /no task can start without a person\. #2 waits: The task is on hold\. `\/orchestrate queue` says/,
    ],
    [
      "a session of every team",
      "team=qa",
      { sessions: [buildSession({ count: 3 })] },
      /^@ada: Session 1 by @ada is not over: open, 0 of 3 tasks taken\. `\/orchestrate end` ends it\.$/,
    ],
    [
      "a session of one of the teams",
      "",
      { sessions: [buildSession({ team: "qa" })] },
      /^@ada: Session 1 of team `qa` by @ada .*`\/orchestrate end team=qa` ends it\.$/,
    ],
    [
      "one whose tasks have not ended",
      "",
      { sessions: [buildEnded({ endedAt: null })] },
      /ending, 1 of 1 task taken: it has taken its one task\. Its report comes when they have ended\.$/,
    ],
  ])("is refused with %s", (_, given, snapshot, words) => {
    const plan = planIn(`/orchestrate start ${given}`, snapshot);

    expect(replyIn(plan)).toMatch(words);
    expect(reactionIn(plan)).toBe("-1");
    expect(plan.repository).toBeNull();
  });

  it("goes beside a session of another team, and numbers on", () => {
    const plan = planIn("/orchestrate start team=dev", {
      sessions: [buildSession({ number: 7, team: "qa" })],
    });

    expect(sessionsIn(plan).map(({ number, team }) => `${number} ${team}`)).toEqual(["7 qa", "8 dev"]);
  });

  it("lets what rested within its scope go on, and leaves the rest of others alone", () => {
    const resting = [buildEnded({ number: 1 }), buildEnded({ number: 2, team: "qa" })];
    const ofTeam = sessionsIn(planIn("/orchestrate start team=qa", { sessions: resting }));
    const ofAll = sessionsIn(planIn("/orchestrate start", { sessions: resting }));

    expect(ofTeam.map(({ rests }) => rests)).toEqual([true, false, false]);
    expect(ofAll.map(({ rests }) => rests)).toEqual([false, false, false]);
  });
});

describe("end", () => {
  it("closes every open session, and says what is brought to its end and where the report comes", () => {
    const running = buildTask({ issue: 5, state: "running" });
    const plan = planIn("/orchestrate end", {
      active: [running],
      sessions: [
        buildSession({ number: 2, team: "qa", taken: [{ id: running.id, minutes: 0, usd: 0 }] }),
        buildSession({ number: 3, team: "dev" }),
      ],
    });

    expect(sessionsIn(plan)).toMatchObject([
      { closed: { by: "command", at: NOW, who: "@ada" }, rests: true, endedAt: null },
      { closed: { by: "command" }, rests: true },
    ]);
    expect(replyIn(plan)).toMatchInlineSnapshot(
      `"@ada: ⏹️ Session 2 of team \`qa\` takes nothing more. #5 is brought to an end; its report comes to #1. Session 3 of team \`dev\` takes nothing more. Nothing of it is under way; its report comes to #1. What else is queued waits: \`/orchestrate start\` begins another session, \`/orchestrate resume\` goes on without one."`,
    );
  });

  it("closes only the session of the team that is named", () => {
    const sessions = [buildSession({ team: "qa" }), buildSession({ number: 2, team: "dev" })];

    expect(
      sessionsIn(planIn("/orchestrate end team=QA", { sessions })).map(({ closed }) => closed?.by),
    ).toEqual(["command", undefined]);
  });

  it.each<readonly [string, readonly Session[], string]>([
    ["", [], "@ada: No session is open here. `/orchestrate start` begins one."],
    [
      "team=qa",
      [buildSession()],
      "@ada: No session of team `qa` is open here; Session 1 is for every team: `/orchestrate end` ends it.",
    ],
    [
      "",
      [buildEnded({ endedAt: null })],
      "@ada: Nothing changed: Session 1 takes nothing more, it has taken its one task.",
    ],
  ])("with %s says when there is nothing to end", (given, sessions, words) => {
    const snapshot = buildSnapshot({ queue: QUEUE, sessions });
    const plan = planFor(`/orchestrate end ${given}`, { snapshot, event: { issue: 1 } });

    expect(replyIn(plan)).toBe(words);
    expect(storedAfter(plan, snapshot)).toEqual(snapshot.repository.stored);
  });
});

describe("pause and resume", () => {
  it("ends what sessions may do by a pause, also by a second one", () => {
    const sessions = [buildSession(), buildEnded({ number: 2, left: ["1001.42.1"] })];
    const first = planIn("/orchestrate pause", { sessions });
    const second = planIn("/orchestrate pause", { sessions, pausedBy: "@bo" });

    for (const plan of [first, second]) {
      expect(sessionsIn(plan)).toMatchObject([
        { closed: { by: "pause", who: "@ada" }, rests: false },
        { closed: { by: "count" }, rests: true, left: [] },
      ]);
    }
    expect(replyIn(first)).toContain("paused. Nothing is running. Session 1 takes nothing more.");
    expect(replyIn(second)).toBe(
      "@ada: ⏸️ Session 1 takes nothing more. This repository is already paused by @bo. It goes on with `/orchestrate resume`.",
    );
  });

  it("takes a closed session's tasks under the pause", () => {
    const closed = buildEnded({ endedAt: null });

    expect(sessionsIn(planIn("/orchestrate pause", { sessions: [closed] }))).toMatchObject([
      { closed: { by: "pause", who: "@ada" }, rests: true },
    ]);
  });

  it("lets go on by resume what sessions hold back, and leaves open ones open", () => {
    const plan = planIn("/orchestrate resume", {
      sessions: [buildSession({ team: "dev" }), buildEnded({ number: 2, team: "qa" })],
    });

    expect(sessionsIn(plan)).toMatchObject([{ closed: null }, { rests: false }]);
    expect(replyIn(plan)).toBe(
      "@ada: ▶️ Session 2 of team `qa` holds nothing back any more. 3 queued. Undo: `/orchestrate pause`",
    );
  });
});

describe("what shows sessions", () => {
  it.each(["status", "queue"])(
    "is %s, with those that are open and those that hold something back",
    (verb) => {
      const sessions = [
        buildSession({ team: "dev", count: 5, endsAt: NOW + HOUR_MS }),
        buildEnded({ number: 2, team: "qa" }),
        buildEnded({ number: 3, rests: false }),
      ];

      expect(replyIn(planIn(`/orchestrate ${verb}`, { sessions, focus: null }))).toContain(
        [
          "- Session 1 of team `dev` by ada: open, 0 of 5 tasks taken, until 2026-11-18 15:00 UTC.",
          "- Session 2 of team `qa` by ada: over, 1 of 1 task taken: it has taken its one task; what it covers waits.\n",
        ].join("\n"),
      );
    },
  );

  it("is why: a task that a session's end keeps waiting says which, why, and who lifts it", () => {
    const snapshot = buildSnapshot({
      queue: QUEUE,
      focus: FIRST,
      sessions: [buildEnded({ number: 2, team: "qa" })],
    });

    expect(replyIn(planFor("/orchestrate why", { snapshot, event: { issue: 2 } }))).toContain(
      "| `session.over` | Session 2 of team `qa` takes nothing more: it has taken its one task. | `/orchestrate start` or `/orchestrate resume` by a maintainer |",
    );
  });
});

describe("report session", () => {
  const done = buildTask({ state: "done", wakeAt: null, usage: { minutes: 12, tokens: 0, usd: 0.4 } });
  const ended = buildEnded();

  it.each(["report session", "report session=1"])("answers %s with the report of the session", (verb) => {
    const plan = planFor(`/orchestrate ${verb}`, {
      snapshot: buildSnapshot({ sessions: [ended] }),
      gathered: { history: { tasks: [done], attempts: [] } },
    });

    expect(replyIn(plan)).toContain("\n\n## Orchestrator report, session 1 – 1 accepted, 0 failed, $0.40\n");
    expect(plan.events).toEqual([]);
  });

  it.each([
    ["report session", [], "There was no session here. `/orchestrate start` begins one."],
    ["report session=9", [ended], "Nothing is kept of session 9. These are: 1."],
    ["report session", [ended], "The tasks of the session could not be read. Ask again."],
  ])("answers %s with what is missing", (verb, sessions, words) => {
    expect(replyIn(planFor(`/orchestrate ${verb}`, { snapshot: buildSnapshot({ sessions }) }))).toBe(
      `@ada: ${words}`,
    );
  });
});
