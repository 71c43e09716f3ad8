import { describe, expect, it } from "vitest";
import {
  renderSessionAnswer,
  renderSessionReport,
} from "../../../src/core/messages/report/session-report.ts";
import { COMMENT_MAX_CHARS } from "../../../src/core/messages/text.ts";
import { reason } from "../../../src/core/reasons.ts";
import {
  computeSessionReport,
  type SessionReportInput,
} from "../../../src/core/report/compute-session-report.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildEnded, buildSession } from "../../support/build-session.ts";
import { buildAttempt } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, HOUR_MS, NOW } from "../../support/build-task.ts";

const MERGED = buildTaskPull({ mergeOrders: 1, verdict: { value: "PASS", gates: [] } });
const line = (text: string) => ({ at: NOW - HOUR_MS / 2, text, url: null });

function buildDone(issue: number, overrides: Partial<Task> = {}): Task {
  return buildTask({
    issue,
    state: "done",
    wakeAt: null,
    pull: { ...MERGED, number: 100 + issue },
    history: [line("Handed over by @robin"), line(`Done: pull request #${100 + issue} is merged`)],
    ...overrides,
  });
}

const TASKS: readonly Task[] = [
  buildDone(1, { usage: { minutes: 30, tokens: 0, usd: 1.5 } }),
  buildDone(2, {
    title: "Fix <b>@ada</b>'s | prices",
    history: [line("Tried again by @ada"), line("Done: it")],
  }),
  buildTask({ issue: 3, state: "failed", wakeAt: null, history: [line("Failed: all 15 attempts are used")] }),
  buildTask({
    issue: 4,
    state: "verifying",
    reasons: [
      reason("approval.missing", "1 more approval of this commit needed."),
      reason("gate.blocked", "x"),
    ],
  }),
  buildTask({ issue: 5, state: "running", reasons: [reason("run.working", "At work.")] }),
];

function input(overrides: Partial<SessionReportInput> = {}): SessionReportInput {
  const taken = [
    ...TASKS.map(({ id }) => ({ id, minutes: 0, usd: 0 })),
    { id: "1001.99.1", minutes: 0, usd: 0 },
  ];
  return {
    session: buildEnded({ count: 6, taken, team: "qa", closed: { by: "count", at: NOW, who: null } }),
    sessions: [],
    now: NOW,
    tasks: [...TASKS, buildDone(50)],
    attempts: [
      buildAttempt({ taskId: "1001.1.1", correlation: "a", endedAt: NOW - 9, dispatchedAt: NOW - 60_000 }),
      buildAttempt({ taskId: "1001.50.1", correlation: "b", endedAt: NOW - 9 }),
      buildAttempt({
        taskId: "1001.1.1",
        correlation: "c",
        endedAt: NOW - 9,
        dispatchedAt: NOW - 9 * HOUR_MS,
      }),
    ],
    queueLength: 7,
    pausedBy: null,
    ...overrides,
  };
}

describe("the report of a session", () => {
  it("counts its own tasks and attempts, and what they used since it took them", () => {
    const [first] = input().session.taken;
    const session = { ...input().session, taken: [{ id: first?.id ?? "", minutes: 20, usd: 1 }] };

    expect(computeSessionReport(input({ session })).figures).toMatchObject({
      accepted: 1,
      failed: 0,
      attempts: 1,
      minutes: 10,
      usd: 0.5,
    });
  });

  it("leaves to the next session what a task used since that took it, whoever asks for which later", () => {
    const usage = { minutes: 90, tokens: 0, usd: 45 };
    const take = (number: number, minutes: number, usd: number) =>
      buildEnded({ number, taken: [{ id: "1001.1.1", minutes, usd }] });
    const sessions = [take(3, 80, 40), take(1, 0, 0), take(2, 60, 30), buildEnded({ number: 4 })];
    const costOf = (session: (typeof sessions)[number]) => {
      const { figures, tasks } = computeSessionReport(
        input({ session, sessions, tasks: [buildDone(1, { usage })] }),
      );
      expect(tasks[0]).toMatchObject({ minutes: figures.minutes, usd: figures.usd });
      return figures.usd;
    };

    expect(sessions.slice(0, 3).map(costOf)).toEqual([5, 30, 10]);
  });

  it("reads like this", () => {
    expect(renderSessionReport(computeSessionReport(input()))).toMatchInlineSnapshot(`
      "## Orchestrator report, session 1 – 2 accepted, 1 failed, $1.50

      @ada: session 1, for team \`qa\`, is over: it has taken its 6 tasks. It began at 2026-11-18 13:00 UTC and took 45 min.

      |  | In this session | Counted from |
      | --- | --- | --- |
      | Accepted | 2 | #1, #2 |
      | … of these without a person | 1 | #1 |
      | Failed | 1 | #3 |
      | Waiting for people | 1 | #4 |
      | Going on | 1 | #5 |
      | Attempts | 1 | runs that ended |
      | Minutes | 30 | every task since it was taken |
      | Cost | $1.50 | every task since it was taken |

      | Task | Role | Status | Minutes | Cost |
      | --- | --- | --- | --- | --- |
      | #1 Forecast demand of small shops | \`bugfix\` | ✅ accepted · #101 | 30 | $1.50 |
      | #2 Fix \\<b\\>@​ada\\</b\\>'s \\| prices | \`bugfix\` | ✅ accepted · #102 | 0 | $0.00 |
      | #3 Forecast demand of small shops | \`bugfix\` | ❌ failed | 0 | $0.00 |
      | #4 Forecast demand of small shops | \`bugfix\` | ✋ waits for people | 0 | $0.00 |
      | #5 Forecast demand of small shops | \`bugfix\` | ⏳ goes on | 0 | $0.00 |

      Of 1 task nothing is kept any more.

      <details><summary>Test results</summary>

      | Stage | PASS | FAIL | BLOCKED | Stopped | Attempts |
      | --- | --- | --- | --- | --- | --- |
      | \`change\` | 0 | 0 | 0 | 1 | 1 |

      </details>

      ### Next steps

      - [ ] #4: 1 more approval of this commit needed. (and 1 more) Lifted by: \`/orchestrate approve <sha>\`.
      - [ ] #3 failed: \`/orchestrate retry #3 --reset-budget\` queues it again.
      - [ ] Nothing more of team \`qa\` is started (7 tasks queued): \`/orchestrate start\` begins another session, \`/orchestrate resume\` goes on without one."
    `);
  });

  it("says so far while it goes on, and how to go on where the repository is paused", () => {
    const open = buildSession({ taken: [{ id: "1001.5.1", minutes: 0, usd: 0 }] });
    const soFar = renderSessionReport(computeSessionReport(input({ session: open })));
    expect(soFar).toContain("session 1, for every team, so far, as of 2026-11-18 14:00 UTC. It goes on.");
    expect(soFar).toContain("| Going on | 1 | #5 |");
    expect(soFar).toContain("Nothing is left to decide.");

    const done = buildEnded({ taken: [], rests: false, closed: { by: "done", at: NOW, who: null } });
    const paused = renderSessionReport(computeSessionReport(input({ session: done, pausedBy: "@bo" })));
    expect(paused).toContain("It started no task.");
    expect(paused).toContain(
      "- [ ] The repository is paused by @bo (7 tasks queued): `/orchestrate resume` goes on.",
    );
  });

  it("names nobody in an answer, and says once that a pause is what a task waits for", () => {
    const waits = buildTask({
      id: "1001.5.1",
      issue: 5,
      state: "verifying",
      reasons: [reason("repository.paused", "Paused."), reason("publish.pending", "Written.")],
    });
    const session = buildEnded({
      taken: [{ id: waits.id, minutes: 0, usd: 0 }],
      rests: false,
      closed: { by: "pause", at: NOW, who: "@bo" },
    });
    const report = computeSessionReport(input({ session, pausedBy: "@bo", tasks: [waits] }));
    const text = renderSessionAnswer(report);
    expect(text).toContain("\n\nSession 1, for every team, is over: @bo paused the repository.");
    expect(text).toContain("| Waiting for people | 1 | #5 |");
    expect(text.split("### Next steps\n\n")[1]).toBe(
      "- [ ] The repository is paused by @bo (7 tasks queued): `/orchestrate resume` goes on.",
    );
  });

  it.each<[string, Partial<Task>]>([
    ["gave a command", { history: [line("Put on hold by @ada"), line("Hold lifted by @ada")] }],
    ["merged by hand", { pull: { ...MERGED, mergeOrders: 0 } }],
    [
      "approved it",
      { pull: { ...MERGED, approvals: [{ sha: "s", by: { id: 1, login: "a", type: "User" }, at: 1 }] } },
    ],
    [
      "reviewed it",
      {
        pull: {
          ...MERGED,
          verdict: {
            value: "PASS",
            gates: [{ gate: "approval", verdict: "PASS", message: "m", seen: "1 of 1", wanted: "w" }],
          },
        },
      },
    ],
  ])("does not call a task finished without a person when somebody %s", (_, overrides) => {
    const tasks = [buildDone(1, overrides)];

    expect(computeSessionReport(input({ tasks })).tasks.map(({ isUnaided }) => isUnaided)).toEqual([false]);
  });

  it("does not take what a worker says for a person's doing", () => {
    const tasks = [
      buildDone(1, { history: [line("Attempt 1, change: PASS. Uses @types/node"), line("Done: @x")] }),
    ];

    expect(computeSessionReport(input({ tasks })).tasks[0]?.isUnaided).toBe(true);
  });

  it("fits into one comment however many tasks it had", () => {
    const tasks = Array.from({ length: 1000 }, (_, index) =>
      buildTask({
        issue: index + 1,
        title: "x|".repeat(100),
        state: "blocked",
        reasons: [reason("gate.blocked", "y".repeat(3000))],
      }),
    );
    const session = buildEnded({ taken: tasks.map(({ id }) => ({ id, minutes: 0, usd: 0 })) });
    const text = renderSessionReport(computeSessionReport(input({ session, tasks })));

    expect(text.length).toBeLessThanOrEqual(COMMENT_MAX_CHARS);
    expect(text).toContain("more");
  });
});
