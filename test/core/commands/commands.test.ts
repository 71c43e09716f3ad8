import { describe, expect, it } from "vitest";
import type { CommandRow } from "../../../src/core/commands/command-row.ts";
import { COMMANDS } from "../../../src/core/commands/table.ts";
import type { IssueNow } from "../../../src/core/facts.ts";
import { reason } from "../../../src/core/reasons.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildSession } from "../../support/build-session.ts";
import {
  buildAttempt,
  buildConfigText,
  buildRepository,
  buildSnapshot,
} from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, HOUR_MS, NOW } from "../../support/build-task.ts";
import { ADA, otherKeysIn, planFor, reactionIn, replyIn, storedAfter } from "./comment-on.ts";

const HEAD = buildTaskPull().headSha;
const LINE = {
  attempt: 1,
  stage: "change",
  correlation: "1001.42.1.1.0.0",
  state: "FAIL",
  runUrl: null,
  startedAt: NOW - HOUR_MS,
  endedAt: NOW - 1000,
  note: "",
} as const;

function issue(overrides: Partial<IssueNow> = {}): IssueNow {
  return {
    number: 42,
    state: "open",
    stateReason: null,
    title: "Totals are wrong",
    body: "They are.",
    labels: ["bug"],
    isPull: false,
    locked: false,
    ...overrides,
  };
}

/** The plan for a comment on the issue of this task. */
function planOn(task: Partial<Task>, body: string, more: Parameters<typeof planFor>[1] = {}) {
  const focus = buildTask(task);
  const where = focus.state === "queued" ? { queue: [focus] } : { active: [focus] };
  const isLive = !["done", "failed", "cancelled"].includes(focus.state);
  return planFor(body, { snapshot: buildSnapshot({ focus, ...(isLive ? where : {}) }), ...more });
}

function failedTarget(number: number) {
  return {
    task: buildTask({ id: `1001.${number}.1`, issue: number, state: "failed", wakeAt: null }),
    position: null,
  };
}

describe("run", () => {
  it("makes a task of the issue as it is now", () => {
    const plan = planFor("/orchestrate run", { snapshot: buildSnapshot(), gathered: { issue: issue() } });

    expect(plan.tasks).toMatchObject([
      { id: "1001.42.1", title: "Totals are wrong", kind: "bugfix", state: "queued", requestedBy: ADA },
    ]);
    expect(replyIn(plan)).toBe("@ada: ▶️ **#42** is queued, position 1 of 1. Undo: `/orchestrate cancel`");
    expect(reactionIn(plan)).toBe("rocket");
  });

  it("makes the next generation after a task that has ended", () => {
    const plan = planOn({ state: "done" }, "/orchestrate run", { gathered: { issue: issue() } });

    expect(plan.tasks).toMatchObject([{ issue: 42, generation: 2, state: "queued" }]);
  });

  it.each([
    ["a live task", { snapshot: buildSnapshot({ focus: buildTask() }), gathered: { issue: issue() } }],
    ["a closed issue", { snapshot: buildSnapshot(), gathered: { issue: issue({ state: "closed" }) } }],
    ["an issue that is gone", { snapshot: buildSnapshot(), gathered: { issue: null } }],
    ["a pull request", { snapshot: buildSnapshot(), gathered: { issue: issue() }, event: { isPull: true } }],
  ])("starts nothing for %s", (_, given) => {
    expect(planFor("/orchestrate run", given).tasks).toEqual([]);
  });
});

describe("retry", () => {
  it.each(["failed", "blocked", "cancelled"] as const)(
    "arms a %s task again from its first stage",
    (state) => {
      const task = {
        state,
        stage: 2,
        attempt: 1,
        spent: 1,
        retries: 2,
        lastRunId: 5,
        timeline: [LINE],
        fingerprints: ["x"],
        wakeAt: null,
      };

      const plan = planOn(task, "/orchestrate retry");

      expect(plan.tasks).toMatchObject([
        {
          id: "1001.42.1",
          state: "queued",
          stage: 0,
          attempt: 2,
          spent: 1,
          retries: 0,
          correlation: null,
          notBefore: null,
          lastRunId: null,
          fingerprints: ["x"],
        },
      ]);
      expect(plan.tasks[0]?.wakeAt).toBeGreaterThan(NOW);
      expect(replyIn(plan)).toBe(
        "@ada: ↻ **#42** is queued again, position 1 of 1; attempt 2 is next, 1 of 15 is used. Undo: `/orchestrate cancel`",
      );
    },
  );

  it("keeps the number of an attempt that never began", () => {
    const plan = planOn({ state: "blocked", attempt: 1 }, "/orchestrate retry");

    expect(plan.tasks).toMatchObject([{ attempt: 1, state: "queued" }]);
  });

  it("forgets the pull request of a cancelled task, which was closed, and keeps that of a failed one", () => {
    const pull = buildTaskPull();

    expect(planOn({ state: "cancelled", pull }, "/orchestrate retry").tasks).toMatchObject([{ pull: null }]);
    expect(planOn({ state: "failed", pull }, "/orchestrate retry").tasks).toMatchObject([{ pull }]);
  });

  it.each(["failed", "blocked", "cancelled", "queued"] as const)(
    "starts no run for a %s task whose issue is closed",
    (state) => {
      const texts = new Map([[42, issue({ state: "closed" })]]);
      const task = { state, notBefore: NOW + HOUR_MS };
      const plan = planOn(task, "/orchestrate retry --reset-budget", { gathered: { texts } });

      expect(plan.tasks).toEqual([]);
      expect(replyIn(plan)).toBe("@ada: **#42** is closed. Reopen it first, then `/orchestrate retry`.");
    },
  );

  it("starts no run for a task whose issue is gone, and names a closed one where it is written elsewhere", () => {
    const targets = new Map([7, 8].map((number) => [number, failedTarget(number)]));
    const texts = new Map([
      [7, null],
      [8, issue({ number: 8, state: "closed" })],
    ]);
    const plan = (number: number) =>
      planFor(`/orchestrate retry #${number}`, { gathered: { targets, texts } });

    expect(replyIn(plan(7))).toBe(
      "@ada: **#7** cannot be read: it was deleted or moved, or this app may not see it. So nothing is tried again.",
    );
    expect(replyIn(plan(8))).toBe("@ada: **#8** is closed. Reopen it first, then `/orchestrate retry #8`.");
    expect([...plan(7).tasks, ...plan(8).tasks]).toEqual([]);
  });

  it("tries again what failed while its issue is open", () => {
    const texts = new Map([[42, issue()]]);

    expect(planOn({ state: "failed" }, "/orchestrate retry", { gathered: { texts } }).tasks).toMatchObject([
      { state: "queued" },
    ]);
  });

  it("names the flag that gives a fresh budget when all attempts are used", () => {
    const plan = planOn({ state: "failed", spent: 15 }, "/orchestrate retry");

    expect(replyIn(plan)).toBe(
      "@ada: All 15 attempts of **#42** are used. `/orchestrate retry --reset-budget` gives it a fresh budget.",
    );
    expect(plan.tasks).toEqual([]);
  });

  it("forgets spent attempts and failures with --reset-budget", () => {
    const plan = planOn(
      { state: "failed", spent: 15, fingerprints: ["x"] },
      "/orchestrate retry --reset-budget",
    );

    expect(plan.tasks).toMatchObject([{ state: "queued", spent: 0, fingerprints: [] }]);
  });

  it("says that the only attempt is used where there is one", () => {
    expect(replyIn(planOn({ state: "failed", spent: 1, budget: 1 }, "/orchestrate retry"))).toBe(
      "@ada: The only attempt of **#42** is used. `/orchestrate retry --reset-budget` gives it a fresh budget.",
    );
  });

  it("names the flag also when the task has cost what it may, and counts anew with it", () => {
    const configText = buildConfigText().replace("running: 2,", "running: 2, minutesPerTask: 90,");
    const focus = buildTask({ state: "blocked", usage: { minutes: 45, tokens: 9, usd: 1 } });
    const snapshot = buildSnapshot({ configText, focus, active: [focus] });

    const plan = planFor("/orchestrate retry", { snapshot });
    expect(replyIn(plan)).toBe(
      "@ada: 45 of 90 minutes of this task are spent, the next run is expected to take 60 minutes (`limits.minutesPerTask`). `/orchestrate retry --reset-budget` gives **#42** a fresh budget.",
    );
    expect(plan.tasks).toEqual([]);
    expect(planFor("/orchestrate retry --reset-budget", { snapshot }).tasks).toMatchObject([
      { state: "queued", usage: { minutes: 45 }, usageAtReset: { minutes: 45, usd: 1 } },
    ]);
  });

  it("tries a task at once that rests after trouble, and leaves its attempt alone", () => {
    const task = { attempt: 3, stage: 1, retries: 2, notBefore: NOW + HOUR_MS, timeline: [LINE] };

    const plan = planOn(task, "/orchestrate retry");

    expect(plan.tasks).toMatchObject([{ attempt: 3, stage: 1, retries: 2, notBefore: null }]);
    expect(replyIn(plan)).toContain("It does not rest until 15:00 UTC any more.");
  });

  it.each([
    ["queued", "is queued already"],
    ["running", "a run is under way. `/orchestrate cancel` stops it."],
    ["verifying", "its result is being verified"],
    ["done", "there is nothing to try again"],
  ] as const)("changes nothing of a %s task", (state, words) => {
    const plan = planOn({ state }, "/orchestrate retry");

    expect(plan.tasks).toEqual([]);
    expect(replyIn(plan)).toContain(words);
  });

  it("does not arm an ended task while the issue has a live one (I3)", () => {
    const plan = planFor("/orchestrate retry", {
      snapshot: buildSnapshot({
        focus: buildTask({ state: "cancelled", pull: buildTaskPull() }),
        queue: [buildTask({ generation: 2 })],
      }),
      event: { issue: 77, isPull: true },
    });

    expect(plan.tasks).toEqual([]);
    expect(replyIn(plan)).toContain("has a newer task under way");
  });
});

describe("cancel", () => {
  it("stops the run and closes the pull request", () => {
    const attempt = buildAttempt();
    const focus = buildTask({ state: "running", correlation: attempt.correlation, pull: buildTaskPull() });

    const plan = planFor("/orchestrate cancel -- done by @bob", {
      snapshot: buildSnapshot({ focus, active: [focus], attempts: [attempt] }),
    });

    expect(plan.tasks).toMatchObject([{ state: "cancelled", correlation: null, wakeAt: null }]);
    expect(plan.tasks[0]?.history.at(-1)?.text).toBe("Cancelled: @ada asked for it: done by @\u200bbob");
    expect(otherKeysIn(plan).toSorted()).toEqual([
      expect.stringMatching(/^1001:cancel-run:900/u),
      expect.stringMatching(/^1001:close-pull:/u),
    ]);
    expect(replyIn(plan)).toBe(
      "@ada: ⏹️ **#42** is cancelled. Its run is being stopped. Pull request #77 is being closed. Undo: `/orchestrate retry`",
    );
  });

  it("changes nothing of a task that has ended", () => {
    const plan = planOn({ state: "done" }, "/orchestrate cancel");

    expect(replyIn(plan)).toBe("@ada: Nothing changed: **#42** is done already.");
    expect(reactionIn(plan)).toBe("+1");
  });
});

describe("hold and unhold", () => {
  it("puts a task on hold and says why in its history", () => {
    const plan = planOn({}, "/orchestrate hold -- wait for *data*");

    expect(plan.tasks).toMatchObject([{ held: true, state: "queued" }]);
    expect(plan.tasks[0]?.history.at(-1)?.text).toBe("Put on hold by @ada: wait for \\*data\\*");
    expect(replyIn(plan)).toBe(
      "@ada: ✋ **#42** is on hold; nothing starts for it. Undo: `/orchestrate unhold`",
    );
  });

  it("says that a run under way is not stopped", () => {
    expect(replyIn(planOn({ state: "running" }, "/orchestrate hold"))).toContain("ends as it ends");
  });

  it("lifts a hold", () => {
    const plan = planOn({ held: true }, "/orchestrate unhold");

    expect(plan.tasks).toMatchObject([{ held: false }]);
    expect(replyIn(plan)).toContain("Undo: `/orchestrate hold`");
  });

  it.each([
    [{ held: true }, "/orchestrate hold", "is on hold already"],
    [{ held: false }, "/orchestrate unhold", "is not on hold"],
    [{ state: "failed" }, "/orchestrate hold", "there is nothing to hold"],
  ] as const)("changes nothing of %j by %s", (task, body, words) => {
    const plan = planOn(task, body);

    expect(plan.tasks).toEqual([]);
    expect(replyIn(plan)).toContain(words);
  });
});

describe("priority", () => {
  it("ranks the task anew and names its new place", () => {
    const [first, second] = [buildTask({ issue: 7, enqueuedAt: NOW - 2 * HOUR_MS }), buildTask()];

    const plan = planFor("/orchestrate priority P0 #42", {
      snapshot: buildSnapshot({ focus: second, queue: [first, second] }),
    });

    expect(plan.tasks).toMatchObject([{ issue: 42, priority: "p0", rankAt: second.enqueuedAt }]);
    expect(replyIn(plan)).toBe(
      "@ada: **#42** has priority **p0** now, position 1 of 2. Undo: `/orchestrate priority p2`",
    );
  });

  it("counts what the task unblocks in the roadmap", () => {
    const roadmapText = [
      "version: 1",
      "tasks:",
      "  - { id: A, title: a }",
      "  - { id: B, title: b, dependsOn: [A] }",
    ].join("\n");
    const focus = buildTask({ roadmapId: "A" });

    const plan = planFor("/orchestrate priority p1", {
      snapshot: buildSnapshot({
        focus,
        queue: [focus],
        roadmapText,
        configText: buildConfigText({ lines: ["roadmap: .github/roadmap.yml"] }),
      }),
    });

    expect(plan.tasks).toMatchObject([{ rankAt: focus.enqueuedAt + 8 * HOUR_MS - 2 * HOUR_MS }]);
  });

  it("knows no other priorities", () => {
    const plan = planOn({}, "/orchestrate priority #42 urgent");

    expect(plan.tasks).toEqual([]);
    expect(replyIn(plan)).toMatchInlineSnapshot(`
      "@ada:

      \`\`\`text
      /orchestrate priority #42 urgent
                                ^^^^^^ expected p0, p1, p2 or p3
      \`\`\`

      Usage: \`/orchestrate priority <p0-p3> [#n] [--dry-run]\`"
    `);
  });
});

describe("approve and unapprove", () => {
  const verifying = { state: "verifying", pull: buildTaskPull() } as const;

  it("keeps who approved which commit, and has the gates look again", () => {
    const plan = planOn(verifying, `/orchestrate approve ${HEAD.toUpperCase()}`);

    expect(plan.tasks[0]?.pull?.approvals).toEqual([{ sha: HEAD, base: "main", by: ADA, at: NOW }]);
    expect(plan.events).toEqual([
      { kind: "pull.changed", repo: expect.anything(), pull: 77, action: "reviewed", sender: ADA },
    ]);
    expect(replyIn(plan)).toBe(
      "@ada: ✅ Approved: `c0ffee123456` of pull request #77. The gates look at it again. Undo: `/orchestrate unapprove`",
    );
  });

  it.each([
    [
      "the beginning of the commit",
      "/orchestrate approve c0ffee1",
      verifying,
      {},
      `\`/orchestrate approve ${HEAD}\``,
    ],
    ["another commit", "/orchestrate approve 1234567", verifying, {}, "not `1234567`"],
    ["too few digits", "/orchestrate approve c0ffee", verifying, {}, "expected the 40 digits of the commit"],
    ["no commit", "/orchestrate approve", verifying, {}, "expected the 40 digits of the commit"],
    ["a task without a pull request", `/orchestrate approve ${HEAD}`, {}, {}, "no pull request yet"],
    [
      "work that the author asked for",
      `/orchestrate approve ${HEAD}`,
      { ...verifying, requestedBy: ADA },
      {},
      "somebody else has to approve it",
    ],
    [
      "a task that has ended",
      `/orchestrate approve ${HEAD}`,
      { ...verifying, state: "failed" as const },
      {},
      "is not ours any more",
    ],
    [
      "a head that was pushed since",
      `/orchestrate approve ${HEAD}`,
      verifying,
      { headSha: "d".repeat(40) },
      "is `dddddddddddd`, not `c0ffee1234567890c0ffee1234567890c0ffee12`",
    ],
  ])("does not approve %s", (_, body, task, pull, words) => {
    const gathered = Object.keys(pull).length === 0 ? {} : { pull: { ...PULL_NOW, ...pull } };

    const plan = planOn(task, body, { gathered });

    expect(plan.tasks).toEqual([]);
    expect(plan.events).toEqual([]);
    expect(replyIn(plan)).toContain(words);
  });

  it("does not take an approval from a bot, even an allowed one", () => {
    const sender = { id: 4242, login: "helper[bot]", type: "Bot" } as const;
    const focus = buildTask(verifying);

    const plan = planFor(`/orchestrate approve ${HEAD}`, {
      snapshot: buildSnapshot({ focus, configText: buildConfigText({ lines: ["allowedBots: [4242]"] }) }),
      event: { sender },
    });

    expect(plan.tasks).toEqual([]);
    expect(replyIn(plan)).toContain("Only people can approve");
  });

  it("counts a person once", () => {
    const approvals = [{ sha: HEAD, by: ADA, at: NOW - 1 }];

    const plan = planOn({ ...verifying, pull: buildTaskPull({ approvals }) }, `/orchestrate approve ${HEAD}`);

    expect(plan.tasks).toEqual([]);
    expect(replyIn(plan)).toContain("you approved `c0ffee123456` before");
  });

  it("drops approvals of earlier commits and keeps those of others", () => {
    const others = { id: 9, login: "bo", type: "User" } as const;
    const approvals = [
      { sha: "d".repeat(40), by: ADA, at: 1 },
      { sha: HEAD, by: others, at: 2 },
    ];

    const plan = planOn({ ...verifying, pull: buildTaskPull({ approvals }) }, `/orchestrate approve ${HEAD}`);

    expect(plan.tasks[0]?.pull?.approvals.map(({ sha, by }) => [sha, by.id])).toEqual([
      [HEAD, 9],
      [HEAD, ADA.id],
    ]);
  });

  it("takes back one's own approval only", () => {
    const others = { id: 9, login: "bo", type: "User" } as const;
    const approvals = [
      { sha: HEAD, by: ADA, at: 1 },
      { sha: HEAD, by: others, at: 2 },
    ];

    const plan = planOn({ ...verifying, pull: buildTaskPull({ approvals }) }, "/orchestrate unapprove");

    expect(plan.tasks[0]?.pull?.approvals).toEqual([{ sha: HEAD, by: others, at: 2 }]);
    expect(plan.events).toHaveLength(1);
    expect(replyIn(plan)).toContain("Undo: `/orchestrate approve c0ffee1234567890c0ffee1234567890c0ffee12`");
  });
});

const PULL_NOW = {
  number: 77,
  url: "",
  state: "open",
  merged: false,
  draft: false,
  headSha: HEAD,
  headRef: "fix/42",
  headRepoId: 1001,
  baseRef: "main",
  mergeable: true,
  author: { id: 1, login: "orchestrator[bot]", type: "Bot" },
  title: "Fix",
  body: "",
  changedFiles: 1,
  files: [],
  checks: [],
  pendingSuites: [],
} as const;

describe("pause and resume", () => {
  it("keeps who paused the repository and why", () => {
    const plan = planFor("/orchestrate pause -- release <day>");

    expect(plan.repository?.stored.pausedBy).toBe("@ada: release \\<day\\>");
    expect(replyIn(plan)).toBe(
      "@ada: ⏸️ This repository is paused. Nothing is running. Undo: `/orchestrate resume`",
    );
  });

  it("ends a pause", () => {
    const plan = planFor("/orchestrate resume", { snapshot: buildSnapshot({ pausedBy: "@bo" }) });

    expect(plan.repository?.stored.pausedBy).toBeNull();
    expect(replyIn(plan)).toContain("it was paused by @bo");
  });

  it.each([
    ["/orchestrate pause", "@bo", "is already paused by @bo. It goes on with `/orchestrate resume`."],
    ["/orchestrate resume", null, "is not paused"],
  ])("changes nothing by %s when it is so already", (body, pausedBy, words) => {
    const snapshot = buildSnapshot({ pausedBy });
    const plan = planFor(body, { snapshot });

    expect(storedAfter(plan, snapshot)).toEqual(snapshot.repository.stored);
    expect(replyIn(plan)).toContain(words);
  });

  it("goes on from its own draft in one comment", () => {
    const plan = planFor("/orchestrate pause\n/orchestrate resume\n/orchestrate resume");

    expect(plan.repository?.stored.pausedBy).toBeNull();
    expect(replyIn(plan)).toContain("Nothing changed: this repository is not paused.");
  });
});

describe("report", () => {
  it("asks for the report of this ISO week", () => {
    const plan = planFor("/orchestrate report");

    expect(plan.events).toMatchObject([{ kind: "report.due", week: "2026-W47" }]);
  });

  it("names the key that turns reports on", () => {
    const plan = planFor("/orchestrate report", { snapshot: buildSnapshot({ configText: "version: 1" }) });

    expect(plan.events).toEqual([]);
    expect(replyIn(plan)).toContain("`reports.weekly` in `.github/orchestrator.yml`");
  });
});

describe("where a command is aimed at", () => {
  const other = buildTask({ issue: 7, state: "failed" });
  const targets = new Map([[7, { task: other, position: null }]]);

  it("reaches the task of another issue that was gathered, and says its number in the undo", () => {
    const plan = planFor("/orchestrate retry #7", { gathered: { targets } });

    expect(plan.tasks).toMatchObject([{ issue: 7, state: "queued" }]);
    expect(replyIn(plan)).toContain("Undo: `/orchestrate cancel #7`");
  });

  it.each([
    ["is still behind the others", "/orchestrate priority p0 #7", "queued", "of 900"],
    ["is taken out of the queue", "/orchestrate cancel #7", "queued", "899 queued"],
    ["comes into the queue", "/orchestrate retry #7", "failed", "of 901"],
  ] as const)("counts a task far back in the queue once when it %s", (_, body, state, length) => {
    const far = { ...other, state, held: true };
    const plan = planFor(`${body}\n/orchestrate queue`, {
      gathered: { targets: new Map([[7, { task: far, position: 800 }]]) },
      snapshot: buildSnapshot({ queue: [buildTask({ issue: 9, held: true })], queueLength: 900 }),
    });

    expect(replyIn(plan)).toContain(length);
  });

  it("reaches a task by its pull request", () => {
    const focus = buildTask({ state: "verifying", pull: buildTaskPull() });

    const plan = planFor("/orchestrate hold #77", { snapshot: buildSnapshot({ active: [focus] }) });

    expect(plan.tasks).toMatchObject([{ issue: 42, held: true }]);
  });

  it("means the task of the pull request that it is written on", () => {
    const focus = buildTask({ state: "verifying", pull: buildTaskPull() });

    const plan = planFor("/orchestrate hold", {
      snapshot: buildSnapshot({ focus, active: [focus] }),
      event: { issue: 77, isPull: true },
    });

    expect(plan.tasks).toMatchObject([{ issue: 42, held: true }]);
    expect(replyIn(plan)).toContain("Undo: `/orchestrate unhold`");
  });

  it("takes this repository by its name and address, in any case", () => {
    expect(planFor("/orchestrate hold ACME/Shop#42").tasks).toHaveLength(1);
    expect(planFor("/orchestrate hold https://github.com/acme/shop/issues/42").tasks).toHaveLength(1);
  });

  it("leaves other repositories alone", () => {
    const plan = planFor("/orchestrate hold acme/other#42");

    expect(plan.tasks).toEqual([]);
    expect(replyIn(plan)).toBe(
      "@ada: `acme/other#42` is in another repository; write the command there. Here it works for `acme/shop` only.",
    );
  });

  it("says when there is no task, and how to start one here", () => {
    const snapshot = buildSnapshot();

    expect(replyIn(planFor("/orchestrate why #99", { snapshot }))).toBe("@ada: There is no task of **#99**.");
    expect(replyIn(planFor("/orchestrate why", { snapshot }))).toBe(
      "@ada: There is no task of **#42**. The label `autopilot` or `/orchestrate run` starts one.",
    );
  });
});

/** A repository that knows what the example of `forget` forgets. */
const KNOWING = (() => {
  const built = buildRepository();
  const object = {
    ...{ id: "1c0ffee1", title: "Prices are cents", body: "", paths: [] },
    ...{ taskId: "1001.7.1", issue: 7, runId: 1, seen: 1, firstAt: NOW, lastAt: NOW },
  };
  return { ...built, stored: { ...built.stored, knowledge: { objects: [object], forgotten: [] } } };
})();

const GOVERNED = buildRepository({ configText: buildConfigText({ lines: ["governed: true"] }) });

describe("a dry run", () => {
  const given: Readonly<Record<string, Parameters<typeof planOn>[0]>> = {
    retry: { state: "failed", spent: 1, timeline: [LINE] },
    unhold: { held: true },
    approve: {
      state: "verifying",
      pull: buildTaskPull({ headSha: "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d" }),
    },
    override: {
      state: "verifying",
      pull: buildTaskPull({
        verdict: {
          value: "BLOCKED",
          gates: [{ gate: "integrity", verdict: "BLOCKED", message: "m", seen: "s", wanted: "w" }],
        },
      }),
    },
    unapprove: {
      state: "verifying",
      pull: buildTaskPull({ approvals: [{ sha: HEAD, by: ADA, at: 1 }] }),
    },
  };

  const around: Readonly<Record<string, Parameters<typeof buildSnapshot>[0]>> = {
    resume: { pausedBy: "@bo" },
    allow: { repository: GOVERNED },
    forget: { repository: KNOWING },
    end: { sessions: [buildSession()] },
  };

  const dryLineOf = ({ verb, examples }: CommandRow) =>
    `${examples[0]?.line.replace(/ --? .*/u, "")} --dry-run${verb === "override" ? " -- agreed" : ""}`;

  it.each(COMMANDS.filter((row) => row.mutates))(
    "of $verb changes nothing and says what would change",
    (row) => {
      const line = dryLineOf(row);
      const focus = buildTask(given[row.verb]);
      const isRun = row.verb === "run";

      const plan = planFor(line, {
        snapshot: buildSnapshot({
          focus: isRun ? null : focus,
          queue: focus.state === "queued" && !isRun ? [focus] : [],
          active: focus.state === "verifying" ? [focus] : [],
          ...around[row.verb],
        }),
        gathered: isRun ? { issue: issue() } : {},
      });

      expect(plan).toMatchObject({ tasks: [], attempts: [], events: [], repository: null });
      expect(otherKeysIn(plan)).toEqual([]);
      expect(
        replyIn(plan)?.startsWith("@ada: 🧪 Dry run – nothing was changed\n\n| What | Now | Then |"),
      ).toBe(true);
    },
  );

  it("shows the dispatch that would follow", () => {
    const plan = planOn({ state: "failed", spent: 1, timeline: [LINE] }, "/orchestrate retry --dry-run");

    expect(replyIn(plan)).toMatchInlineSnapshot(`
      "@ada: 🧪 Dry run – nothing was changed

      | What | Now | Then |
      | --- | --- | --- |
      | #42: state | failed | running |
      | #42: attempt | 1 | 2 |
      | dispatch \`agent.yml\` on \`main\` |  | once |

      It would answer: ↻ **#42** is queued again, position 1 of 1; attempt 2 is next, 1 of 15 is used. Undo: \`/orchestrate cancel\`"
    `);
  });

  it("shows what a resume sets in motion, and only that", () => {
    const queue = [buildTask(), buildTask({ issue: 7, kind: "data", team: "dev", role: "data-engineer" })];

    const plan = planFor("/orchestrate resume --dry-run", {
      snapshot: buildSnapshot({ queue, pausedBy: "@bo" }),
    });

    expect(replyIn(plan)).toMatchInlineSnapshot(`
      "@ada: 🧪 Dry run – nothing was changed

      | What | Now | Then |
      | --- | --- | --- |
      | repository: paused by | @bo | nobody |
      | #42: state | queued | running |
      | #42: place | position 1 of 2 | not queued |
      | #7: state | queued | running |
      | #7: place | position 2 of 2 | not queued |
      | dispatch \`agent.yml\` on \`main\` |  | once |
      | dispatch \`generate.yml\` on \`main\` |  | once |

      It would answer: ▶️ This repository goes on; it was paused by @bo. 2 queued. Undo: \`/orchestrate pause\`"
    `);
  });

  it("says when nothing would change", () => {
    expect(replyIn(planOn({ held: true }, "/orchestrate hold --dry-run"))).toContain(
      "It would change nothing.",
    );
  });

  it("is not run for real when the flag is misspelt", () => {
    const plan = planOn({}, "/orchestrate cancel --dryrun");

    expect(plan.tasks).toEqual([]);
    expect(replyIn(plan)).toMatchInlineSnapshot(`
      "@ada:

      \`\`\`text
      /orchestrate cancel --dryrun
                          ^^^^^^^^ unknown flag; did you mean --dry-run?
      \`\`\`

      Usage: \`/orchestrate cancel [#n] [--dry-run] [-- reason]\`"
    `);
  });
});

describe("what people read", () => {
  it("why: every reason at once, who is first, what is next", () => {
    const running = buildTask({ issue: 9, state: "running" });
    const first = buildTask({ issue: 7, priority: "p1", revenue: true, rankAt: NOW });
    const focus = buildTask({ held: true, notBefore: NOW + HOUR_MS });

    const plan = planFor("/orchestrate why", {
      snapshot: buildSnapshot({ focus, queue: [first, focus], active: [running], pausedBy: "@bo" }),
    });

    expect(replyIn(plan)).toMatchInlineSnapshot(`
      "@ada: **#42** is **queued**, position 2 of 2.

      | Reason | Why | Lifted by | Looked at next |
      | --- | --- | --- | --- |
      | \`task.held\` | The task is on hold. | \`/orchestrate unhold\` | 15:00 UTC |
      | \`repository.paused\` | The repository is paused by @bo. | \`/orchestrate resume\` | 15:00 UTC |
      | \`retry.later\` | The last run ended by trouble that is not the task's own. | the clock | 15:00 UTC |
      | \`limit.team\` | 1 of 1 task of team qa is running (\`limits.perTeam\`). | the end of a running task of the team | 15:00 UTC |

      Before it in the queue, since their rank is earlier; its own is the last row.

      | Task | Waits for | Rank | Made of |
      | --- | --- | --- | --- |
      | #7 | \`repository.paused\`, \`limit.team\` | 14:00 UTC | p1, handed over 13:00 UTC, on the revenue path |
      | #42 | \`task.held\`, \`repository.paused\`, \`retry.later\`, \`limit.team\` | 2026-11-20 13:00 UTC | p2, handed over 13:00 UTC |

      **Next:** it is started by itself when every reason is lifted and it is its turn. Looked at again by 15:00 UTC."
    `);
  });

  it("why: names the window's end when the queue is longer than what is known of it", () => {
    const far = buildTask({ rankAt: NOW + 1000 * HOUR_MS });
    const queue = Array.from({ length: 100 }, (_, index) => buildTask({ issue: 100 + index }));

    const plan = planFor("/orchestrate why", {
      snapshot: buildSnapshot({ focus: far, queue, queueLength: 5000, focusPosition: 4000 }),
    });

    expect(replyIn(plan)).toContain("**#42** is **queued**, position 4001 of 5000.");
    expect(replyIn(plan)).toContain("The first 5 of 4000:");
  });

  it("why: of a task that waits for a person", () => {
    const reasons = [reason("gate.blocked", "paths: a person has to decide.", { deadline: NOW + HOUR_MS })];

    expect(replyIn(planOn({ state: "blocked", reasons }, "/orchestrate why"))).toMatchInlineSnapshot(`
      "@ada: **#42** is **blocked**.

      | Reason | Why | Lifted by | Looked at next |
      | --- | --- | --- | --- |
      | \`gate.blocked\` | paths: a person has to decide. | the named person | 15:00 UTC |

      **Next:** a person lifts the reasons, then \`/orchestrate retry\`. Looked at again by 15:00 UTC."
    `);
  });

  it("why: of a task that has ended, from elsewhere", () => {
    const task = buildTask({
      issue: 7,
      state: "failed",
      wakeAt: null,
      history: [{ at: NOW, text: "Failed: all 15 attempts are used", url: null }],
    });

    const plan = planFor("/orchestrate why #7", {
      gathered: { targets: new Map([[7, { task, position: null }]]) },
    });

    expect(replyIn(plan)).toMatchInlineSnapshot(`
      "@ada: **#7** is **failed**.

      Last: Failed: all 15 attempts are used.

      **Next:** nothing, unless \`/orchestrate retry #7 --reset-budget\` arms it again."
    `);
  });

  it("why: ends what was said last with one full stop", () => {
    const history = [{ at: NOW, text: "Attempt 1, change: FAIL. It did not work.", url: null }];
    const reply = replyIn(planOn({ state: "cancelled", wakeAt: null, history }, "/orchestrate why"));

    expect(reply).toContain("Last: Attempt 1, change: FAIL. It did not work.\n");
  });

  it("queue: running ones first, then the order, each with its reason", () => {
    const active = [
      buildTask({ issue: 11, state: "blocked", reasons: [reason("gate.blocked", "A person is needed.")] }),
      buildTask({
        issue: 9,
        state: "running",
        reasons: [reason("run.working", "Stage `train` is working.")],
      }),
    ];
    const queue = [
      buildTask({
        issue: 7,
        priority: "p0",
        title: "Fix `totals` for @everyone in #3",
        rankAt: 1,
        held: true,
      }),
      buildTask({ kind: "data", team: "dev", revenue: true }),
    ];

    const plan = planFor("/orchestrate queue", { snapshot: buildSnapshot({ active, queue }) });

    expect(replyIn(plan)).toMatchInlineSnapshot(`
      "@ada: **1 of 2 running**, 1 blocked, **2 queued**.

      | Place | Task | State | Priority | Why |
      | --- | --- | --- | --- | --- |
      |  | [#9](../issues/9) Forecast demand of small shops | running | p2 | Stage \`train\` is working. |
      |  | [#11](../issues/11) Forecast demand of small shops | blocked | p2 | A person is needed. |
      | 1 | [#7](../issues/7) Fix \\\`totals\\\` for @​everyone in #​3 | queued | p0 | The task is on hold. (and 1 more) |
      | 2 | [#42](../issues/42) Forecast demand of small shops | queued | p2 💰 | starts now |"
    `);
  });

  it("queue: twenty lines at most, and how many more there are", () => {
    const queue = Array.from({ length: 100 }, (_, index) => buildTask({ issue: 100 + index }));

    const reply = replyIn(
      planFor("/orchestrate queue", { snapshot: buildSnapshot({ queue, queueLength: 5000 }) }),
    );

    expect(reply?.match(/^\| \d+ \|/gmu)).toHaveLength(20);
    expect(reply).toContain("and 4980 more.");
  });

  it("next: the first that only waits for a free place", () => {
    const queue = [buildTask({ held: true }), buildTask({ issue: 7 })];

    const plan = planFor("/orchestrate next", {
      snapshot: buildSnapshot({ queue, active: [buildTask({ issue: 9, state: "running" })] }),
    });

    expect(replyIn(plan)).toMatchInlineSnapshot(`
      "@ada: Next is **#7** Forecast demand of small shops. The one before it cannot start.

      - 1 of 1 task of team qa is running (\`limits.perTeam\`). Lifted by: the end of a running task of the team."
    `);
  });

  it("next: nothing, when nothing is queued", () => {
    expect(replyIn(planFor("/orchestrate next", { snapshot: buildSnapshot() }))).toBe(
      "@ada: Nothing is queued.",
    );
  });

  it("status: what is under way, where the issue has no task", () => {
    const active = [buildTask({ issue: 9, state: "running", reasons: [reason("run.working", "It works.")] })];

    const plan = planFor("/orchestrate status", {
      snapshot: buildSnapshot({ active, weekUsage: { minutes: 12.4, usd: 1.5 } }),
    });

    expect(replyIn(plan)).toMatchInlineSnapshot(`
      "@ada: This issue has no task.

      **1 of 2 running**, **0 queued**.

      | Running | Attempt | Why |
      | --- | --- | --- |
      | [#9](../issues/9) Forecast demand of small shops | 1 | It works. |

      This week: 12 of 3000 minutes, $1.50. The whole list: \`/orchestrate queue\`"
    `);
  });

  it("status: one minute, with a limit and without", () => {
    const ask = (configText: string) =>
      replyIn(
        planFor("/orchestrate status", {
          snapshot: buildSnapshot({ configText, weekUsage: { minutes: 1.2, usd: 0 } }),
        }),
      );

    const other = buildConfigText().replace("minutesPerWeek: 3000", "usdPerWeek: 50");
    expect(ask(buildConfigText())).toContain("This week: 1 of 3000 minutes, $0.00.");
    expect(ask(other)).toContain("This week: 1 minute, $0.00 of $50.");
  });

  it("F189 status: all that is left of the week's money, where what runs has no price", () => {
    const line = { ...LINE, endedAt: null, reserved: { minutes: 20 } };
    const active = [
      buildTask({ issue: 1, state: "running", correlation: LINE.correlation, timeline: [line] }),
    ];
    const weekUsage = { minutes: 0, usd: 8 };
    const configText = buildConfigText().replace("minutesPerWeek: 3000", "usdPerWeek: 50");
    const snapshot = buildSnapshot({ configText, active, weekUsage });
    const said = replyIn(planFor("/orchestrate status", { snapshot }));

    expect(said).toContain("$8.00 of $50, and 20.0 min and $42.00 reserved for what is running.");
  });

  it("status: what is reserved for what is running", () => {
    const reserved = { minutes: 20, usd: 0.5 };
    const line = { ...LINE, endedAt: null, reserved };
    const active = [9, 10].map((number) =>
      buildTask({ issue: number, state: "running", correlation: line.correlation, timeline: [line] }),
    );
    const plan = planFor("/orchestrate status", { snapshot: buildSnapshot({ active }) });

    expect(replyIn(plan)).toContain(
      "0 of 3000 minutes, $0.00, and 40.0 min and $1.00 reserved for what is running.",
    );
  });

  it("status: the task as its own comment shows it, with the reasons of now", () => {
    expect(replyIn(planOn({ held: true }, "/orchestrate status"))).toContain("`task.held`");
  });

  it("help: three headings, and apart what needs more", () => {
    const plan = planFor("/orchestrate help", { gathered: { permission: "write" } });

    expect(replyIn(plan)).toMatchInlineSnapshot(`
      "@ada: What you can write here:

      **Working with tasks**

      - \`/orchestrate status [#n]\`: Shows a task, or what is under way in this repository.
      - \`/orchestrate why [#n]\`: Says why a task is where it is, and what happens next.
      - \`/orchestrate queue\`: Lists what runs and what is queued, in order.
      - \`/orchestrate next\`: Names the task that starts next, and what it waits for.
      - \`/orchestrate roadmap\`: Lists the open tasks of the roadmap, and why those without an issue have none.
      - \`/orchestrate knowledge\`: Lists what tasks of this repository have learned.
      - \`/orchestrate run [--dry-run]\`: Hands this issue over without the label.
      - \`/orchestrate retry [#n] [--reset-budget] [--dry-run]\`: Tries a failed, blocked or cancelled task again.
      - \`/orchestrate cancel [#n] [--dry-run] [-- reason]\`: Stops a task.
      - \`/orchestrate hold [#n] [--dry-run] [-- reason]\`: Keeps a task from starting anything new, and from being merged.
      - \`/orchestrate unhold [#n] [--dry-run]\`: Lifts a hold.
      - \`/orchestrate priority <p0-p3> [#n] [--dry-run]\`: Changes how urgent a task is.

      **Reviewing and releasing**

      - \`/orchestrate approve <sha> [#n] [--dry-run]\`: Approves one commit of a pull request.
      - \`/orchestrate unapprove [#n] [--dry-run]\`: Takes your approval back.

      **Administration**

      - \`/orchestrate help [command]\`: Lists the commands, or explains one.
      - \`/orchestrate ping\`: Answers, so that you see that somebody listens.
      - \`/orchestrate check-config\`: Lists every error and warning of the configuration.
      - \`/orchestrate explain-config\`: Shows the configuration in force and where each value comes from.
      - \`/orchestrate report [session] [session=n] [--dry-run]\`: Writes the report of this week now, or answers with that of a session.

      <details><summary>Commands that need more than you have here</summary>

      - \`/orchestrate allow [#n] [--dry-run]\`: Lets a task of a governed repository start. Needs **maintain**.
      - \`/orchestrate override <gate> [#n] [--dry-run] [-- reason]\`: Sets one gate aside for one commit, with a reason. Needs **maintain**.
      - \`/orchestrate forget <id> [--dry-run]\`: Takes a learning out for good, so that no task is told it any more. Needs **maintain**.
      - \`/orchestrate start [count=n] [hours=n] [team=name] [--dry-run]\`: Starts a session: works the queue within bounds, and reports. Needs **maintain**.
      - \`/orchestrate end [team=name] [--dry-run]\`: Ends a session before its bounds do. Needs **maintain**.
      - \`/orchestrate pause [--dry-run] [-- reason]\`: Starts nothing new in this repository. Needs **maintain**.
      - \`/orchestrate stop [--keep-runs] [--dry-run] [-- reason]\`: Kill switch: ends all runs and writes nothing in this repository any more. Needs **maintain**.
      - \`/orchestrate resume [--dry-run]\`: Ends a stop, a pause, and whatever rests after trouble or after a session. Needs **maintain**.

      </details>

      More about one: \`/orchestrate help <command>\`. Each command stands at the start of a line of its own."
    `);
  });

  it("help: one command", () => {
    expect(replyIn(planFor("/orchestrate help start"))).toMatchInlineSnapshot(`
      "@ada: \`/orchestrate start [count=n] [hours=n] [team=name] [--dry-run]\`

      Starts a session: works the queue within bounds, and reports. What it covers is worked even if the repository is paused. It ends when it has started \`count\` tasks, when its \`hours\` are over, or when nothing is left that needs no person; what is under way then is brought to its end, and one report comes to this place. After \`count\`, \`hours\` or \`end\` nothing more of it is started until \`/orchestrate start\` or \`/orchestrate resume\`. Sessions of different teams run side by side.

      - \`count=n\`: Starts at most so many different tasks; 1,000 without it.
      - \`hours=n\`: Starts nothing new after so many hours.
      - \`team=name\`: Only tasks of this team; without it, of every team.
      - \`--dry-run\`: Shows what would change and changes nothing.

      Examples:

      - \`/orchestrate start count=5\` works on the next five tasks
      - \`/orchestrate start hours=8 team=qa\` works on tasks of team \`qa\` for eight hours
      - \`/orchestrate start count=2 --dry-run\` says which tasks it would start first

      Who: **maintain** or more."
    `);
  });

  it("help: the list for a name that is none, and for no command at all", () => {
    expect(replyIn(planFor("/orchestrate help nonsense"))).toContain("There is no command `nonsense`.");
    expect(replyIn(planFor("/orchestrate"))).toContain("What you can write here:");
  });

  it("an unknown command: what was meant", () => {
    expect(replyIn(planFor("/orchestrate retyr"))).toBe(
      "@ada: Unknown command `retyr`. Did you mean `retry`? See `/orchestrate help`.",
    );
    expect(replyIn(planFor("/orchestrate xyzzyxyzzy @all"))).toBe(
      "@ada: Unknown command `xyzzyxyzzy`. See `/orchestrate help`.",
    );
  });

  it("a wrong argument: where it is", () => {
    expect(replyIn(planFor(`/orchestrate cancel #1 ${"x".repeat(900)}`))).toMatchInlineSnapshot(`
      "@ada:

      \`\`\`text
      /orchestrate cancel #1 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ not expected here
      \`\`\`

      Usage: \`/orchestrate cancel [#n] [--dry-run] [-- reason]\`"
    `);
    expect(replyIn(planFor("/orchestrate cancel #1 #2"))).toContain("one issue is enough");
    expect(replyIn(planFor("/orchestrate cancel 12"))).toContain("did you mean #12?");
    expect(replyIn(planFor("/orchestrate retry -- now"))).toContain("retry takes no reason");
    const both = replyIn(planFor("/orchestrate start count=0 hours=500"));
    expect(both).toContain("count=0\n                   ^^^^^^^ expected a whole number from 1 to 1000");
    expect(both).toContain("^^^^^^^^^ expected hours from 0.25 to 168");
    expect(both?.split("Usage:")).toHaveLength(2);
    expect(replyIn(planFor("/orchestrate queue priority=p1"))).toContain("queue takes no key=value");
    expect(replyIn(planFor("/orchestrate re\u200btry"))).toContain("Did you mean `retry`?");
    expect(replyIn(planFor(`/orchestrate retry ${"a".repeat(10_000)}`))).toContain(
      "at most 1,000 characters",
    );
  });

  it("check-config: valid, broken, absent, and what the repository lacks", () => {
    const lacking = buildConfigText({ lines: ["roles: { bugfix: { workflow: other.yml } }"] });
    const check = (configText: string | null) =>
      planFor("/orchestrate check-config", { snapshot: buildSnapshot({ configText }) });

    expect(replyIn(check(buildConfigText()))).toBe(
      "@ada: `main` at `ba5eba11ba5e`: The configuration is valid. It is in force.",
    );
    expect(replyIn(check("version: 1\nmodus: active"))).toContain("2:1");
    expect(reactionIn(check("version: 1\nmodus: active"))).toBe("confused");
    expect(replyIn(check(null))).toContain("There is no `.github/orchestrator.yml` on `main`");
    expect(replyIn(check(lacking))).toContain(
      "| `bugfix` | `change` | `other.yml` | the file, or its trigger `workflow_dispatch` |",
    );
  });

  it("explain-config: each value and where it is from", () => {
    const reply = replyIn(planFor("/orchestrate explain-config"));

    expect(reply?.slice(0, 700)).toMatchInlineSnapshot(`
      "@ada: In force is \`.github/orchestrator.yml\` of \`ba5eba11ba5e\`: **active**, autonomy **merge-with-approval**, label \`autopilot\`.

      <details><summary>General (11)</summary>

      | Key | Value | From |
      | --- | --- | --- |
      | \`mode\` | \`active\` | line 2 |
      | \`autonomy\` | \`merge-with-approval\` | line 3 |
      | \`governed\` | \`false\` | default |
      | \`label\` | \`autopilot\` | default |
      | \`knowledge.brief\` | \`true\` | default |
      | \`reports.weekly.issue\` | \`1\` | line 18 |
      | \`reports.weekly.cron\` | \`0 9 * * 1\` | line 18 |
      | \`reports.weekly.timezone\` | \`UTC\` | line 18 |
      | \`roadmapIssues.open\` | \`3\` | default |
      | \`roadmapUpdates.pullRequest\` | \`true\` | default |
      | \`allowedBots\` | \`[]\` | default |

      </details>

      <details><su"
    `);
    expect(reply).toContain("| `kinds.data.stages[2].accept[0].min` | `0.65` | line 14 |");
    expect(reply).toContain("| `roles.bugfix.timeout` | `1 h` | default |");
  });

  it("explain-config: nothing, when nothing is in force", () => {
    const reply = replyIn(
      planFor("/orchestrate explain-config", { snapshot: buildSnapshot({ configText: null }) }),
    );

    expect(reply).toContain("No configuration is in force");
  });
});
