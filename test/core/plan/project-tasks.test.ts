import { describe, expect, it } from "vitest";
import type { GateResult } from "../../../src/core/gate/verdict.ts";
import { COMMENT_MAX_CHARS } from "../../../src/core/messages/text.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { projectTasks } from "../../../src/core/plan/project-tasks.ts";
import { type Reason, reason } from "../../../src/core/reasons.ts";
import type { StageLine, Task } from "../../../src/core/task/task.ts";
import { buildConfigText, buildDraft, buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, HOUR_MS, NOW } from "../../support/build-task.ts";
import { buildDataTask, MINUTE_MS, projectionsIn } from "./plan-with.ts";

/** What is shown of a task after it changed. */
function show(task: Task, snapshot: Parameters<typeof buildSnapshot>[0] = {}): Plan {
  const draft = buildDraft({ snapshot: buildSnapshot(snapshot) });
  draft.saveTask(task);
  projectTasks(draft);
  return draft.toPlan();
}

/** The label and the comment, as people find them. */
function read(task: Task): string {
  const plan = show(task);
  const [labels] = projectionsIn(plan, "labels");
  const [comment] = projectionsIn(plan, "comment");
  return `[${labels?.labels.join(", ")}]\n\n${comment?.body}`;
}

const RUN = "https://github.test/acme/shop/actions/runs/900";

function buildLine(overrides: Partial<StageLine> = {}): StageLine {
  return {
    attempt: 1,
    stage: "generate",
    correlation: "1001.42.1.1.0.0",
    state: "PASS",
    runUrl: RUN,
    startedAt: NOW - 30 * MINUTE_MS,
    endedAt: NOW - 28 * MINUTE_MS,
    note: "days 30",
    ...overrides,
  };
}

const FAILED: GateResult = {
  gate: "metrics.r2",
  verdict: "FAIL",
  message: "2 of 20 samples of `r2` are not ≥ 0.65; the worst is 0.61.",
  seen: "0.61",
  wanted: "≥ 0.65",
  evidenceUrl: RUN,
  details: ["✗ 0.61 (`tenant=t07`)", "✗ 0.64 (`tenant=t11`)"],
};

const PLACED = { position: { rank: 1, of: 1, at: NOW } };

const waits = (code: Reason["code"], message: string, more: Parameters<typeof reason>[2] = {}) =>
  reason(code, message, { deadline: NOW + 10 * MINUTE_MS, ...more });

describe("what people see of a task", () => {
  it("that waits for its turn", () => {
    const task = buildTask({
      position: { rank: 3, of: 12, at: NOW },
      wakeAt: NOW + 10 * MINUTE_MS,
      reasons: [
        waits("limit.running", "2 of 2 tasks are running (`limits.running`)."),
        waits("dependency.open", "acme/shop#12 is not done yet.", {
          liftedBy: "the completion of acme/shop#12",
        }),
      ],
      history: [{ at: NOW, text: "Handed over by @robin", url: null }],
    });
    expect(read(task)).toMatchInlineSnapshot(`
      "[autopilot:queued]

      ⏳ **queued**, position 3 of 12

      **Next:** it starts by itself when every reason below is lifted. Looked at again within 15 min.

      | Reason | Why | Lifted by | Looked at |
      | --- | --- | --- | --- |
      | \`limit.running\` | 2 of 2 tasks are running (\`limits.running\`). | the end of a running task | 14:10 UTC |
      | \`dependency.open\` | acme/shop#12 is not done yet. | the completion of acme/shop#12 | 14:10 UTC |

      <details><summary>History</summary>

      - 14:00 UTC Handed over by @robin

      </details>

      <sub>Task \`1001.42.1\` · bugfix · bugfix · p2 · 0 of 15 attempts spent · why: \`/orchestrate why\` · help: \`/orchestrate help\` · stop: remove \`autopilot\`</sub>"
    `);
  });

  it("that lacks something", () => {
    const task = buildTask({
      ...PLACED,
      wakeAt: NOW + 10 * MINUTE_MS,
      reasons: [
        waits("requires.path", "Path `data/shops.csv` is missing on `main`."),
        waits("requires.input", "Workflow `agent.yml` does not declare the input `correlation`."),
      ],
    });
    expect(read(task)).toMatchInlineSnapshot(`
      "[autopilot:needs-info]

      ❓ **needs-info**, position 1 of 1

      **Next:** it starts by itself when every reason below is lifted. Looked at again within 15 min.

      | Reason | Why | Lifted by | Looked at |
      | --- | --- | --- | --- |
      | \`requires.path\` | Path \`data/shops.csv\` is missing on \`main\`. | whoever adds the path | 14:10 UTC |
      | \`requires.input\` | Workflow \`agent.yml\` does not declare the input \`correlation\`. | whoever declares the input | 14:10 UTC |

      <sub>Task \`1001.42.1\` · bugfix · bugfix · p2 · 0 of 15 attempts spent · why: \`/orchestrate why\` · help: \`/orchestrate help\` · stop: remove \`autopilot\`</sub>"
    `);
  });

  it("that runs, after an attempt that failed", () => {
    const task = buildDataTask({
      state: "running",
      attempt: 2,
      spent: 1,
      wakeAt: NOW + 5 * MINUTE_MS,
      reasons: [waits("run.working", "Stage `generate` is working.", { deadline: NOW + 50 * MINUTE_MS })],
      timeline: [
        buildLine(),
        buildLine({ stage: "verify", state: "FAIL", note: "" }),
        buildLine({ attempt: 2, state: "running", endedAt: null, note: "days 365" }),
      ],
      feedback: [FAILED],
      usage: { minutes: 4.2, tokens: 1, usd: 0.4 },
      history: [
        { at: NOW - HOUR_MS, text: "Handed over by @robin", url: null },
        { at: NOW - MINUTE_MS, text: "Attempt 1, verify: FAIL. 2 of 20 samples are too low.", url: RUN },
      ],
    });
    expect(read(task)).toMatchInlineSnapshot(`
      "[autopilot:running]

      🔄 **running**, attempt 2

      **Next:** the result of the run is verified. Looked at again within 15 min.

      | Reason | Why | Lifted by | Looked at |
      | --- | --- | --- | --- |
      | \`run.working\` | Stage \`generate\` is working. | the run | 14:50 UTC |

      | Attempt | Stage | State | Run | Time |
      | --- | --- | --- | --- | --- |
      | 1 | generate (days 30) | ✅ PASS | [run](https://github.test/acme/shop/actions/runs/900) | 2 min |
      | 1 | verify | ❌ FAIL | [run](https://github.test/acme/shop/actions/runs/900) | 2 min |
      | 2 | generate (days 365) | 🔄 running | [run](https://github.test/acme/shop/actions/runs/900) |  |

      **Last verdict**, which the next attempt is told:

      | Gate | Verdict | Seen | Wanted | Evidence |
      | --- | --- | --- | --- | --- |
      | metrics.r2 | ❌ FAIL | 0.61 | ≥ 0.65 | [evidence](https://github.test/acme/shop/actions/runs/900) |

      <details><summary>2 findings</summary>

      - metrics.r2: ✗ 0.61 (\`tenant=t07\`)
      - metrics.r2: ✗ 0.64 (\`tenant=t11\`)

      </details>

      <details><summary>History</summary>

      - 13:00 UTC Handed over by @robin
      - 13:59 UTC Attempt 1, verify: FAIL. 2 of 20 samples are too low. ([run](https://github.test/acme/shop/actions/runs/900))

      </details>

      <sub>Task \`1001.42.1\` · data · data-engineer · p2 · 1 of 15 attempts spent, 4.2 min, $0.40 · why: \`/orchestrate why\` · help: \`/orchestrate help\` · stop: remove \`autopilot\`</sub>"
    `);
  });

  it("whose pull request waits for its checks", () => {
    const task = buildTask({
      state: "verifying",
      pull: buildTaskPull(),
      wakeAt: NOW + 5 * MINUTE_MS,
      reasons: [waits("checks.pending", "Pull request #77: waiting for `test`.")],
      timeline: [buildLine({ stage: "change", note: "" })],
    });
    expect(read(task)).toMatchInlineSnapshot(`
      "[autopilot:running]

      🔄 **running**, attempt 1

      **Next:** pull request #77 is verified and merged as far as the autonomy goes. Looked at again within 15 min.

      | Reason | Why | Lifted by | Looked at |
      | --- | --- | --- | --- |
      | \`checks.pending\` | Pull request #77: waiting for \`test\`. | the checks | 14:10 UTC |

      | Attempt | Stage | State | Run | Time |
      | --- | --- | --- | --- | --- |
      | 1 | change | ✅ PASS | [run](https://github.test/acme/shop/actions/runs/900) | 2 min |

      <sub>Task \`1001.42.1\` · bugfix · bugfix · p2 · 0 of 15 attempts spent · why: \`/orchestrate why\` · help: \`/orchestrate help\` · stop: remove \`autopilot\`</sub>"
    `);
  });

  it("whose answer is being written", () => {
    const task = buildTask({
      state: "verifying",
      wakeAt: NOW + 10 * MINUTE_MS,
      reasons: [waits("publish.pending", "The answer is being written as a pull request.")],
      timeline: [buildLine({ stage: "change", note: "" })],
    });
    expect(read(task)).toMatchInlineSnapshot(`
      "[autopilot:running]

      🔄 **running**, attempt 1

      **Next:** the pull request is written. Looked at again within 15 min.

      | Reason | Why | Lifted by | Looked at |
      | --- | --- | --- | --- |
      | \`publish.pending\` | The answer is being written as a pull request. | GitHub | 14:10 UTC |

      | Attempt | Stage | State | Run | Time |
      | --- | --- | --- | --- | --- |
      | 1 | change | ✅ PASS | [run](https://github.test/acme/shop/actions/runs/900) | 2 min |

      <sub>Task \`1001.42.1\` · bugfix · bugfix · p2 · 0 of 15 attempts spent · why: \`/orchestrate why\` · help: \`/orchestrate help\` · stop: remove \`autopilot\`</sub>"
    `);
  });

  it("whose pull request waits for an approval", () => {
    const task = buildTask({
      state: "verifying",
      pull: buildTaskPull(),
      wakeAt: NOW + 24 * HOUR_MS,
      reasons: [
        reason("approval.missing", "1 more approval of this commit needed, not from @robin.", {
          liftedBy: "`/orchestrate approve c0ffee123456`",
          deadline: NOW + 24 * HOUR_MS,
        }),
      ],
      timeline: [buildLine({ stage: "change", note: "" })],
    });
    expect(read(task)).toMatchInlineSnapshot(`
      "[autopilot:needs-review]

      👀 **needs-review**, attempt 1

      **Next:** somebody reviews pull request #77 and approves it; then it is merged. Looked at again within 24 h.

      | Reason | Why | Lifted by | Looked at |
      | --- | --- | --- | --- |
      | \`approval.missing\` | 1 more approval of this commit needed, not from @robin. | \`/orchestrate approve c0ffee123456\` | 2026-11-19 14:00 UTC |

      | Attempt | Stage | State | Run | Time |
      | --- | --- | --- | --- | --- |
      | 1 | change | ✅ PASS | [run](https://github.test/acme/shop/actions/runs/900) | 2 min |

      <sub>Task \`1001.42.1\` · bugfix · bugfix · p2 · 0 of 15 attempts spent · why: \`/orchestrate why\` · help: \`/orchestrate help\` · stop: remove \`autopilot\`</sub>"
    `);
  });

  it("whose pull request is merged by hand", () => {
    const task = buildTask({
      state: "verifying",
      pull: buildTaskPull(),
      wakeAt: NOW + 24 * HOUR_MS,
      reasons: [
        reason("merge.by-hand", "Pull request #77 passed; autonomy `draft-pr` leaves the merge to people."),
      ],
      timeline: [buildLine({ stage: "change", note: "" })],
    });
    expect(read(task)).toMatchInlineSnapshot(`
      "[autopilot:needs-review]

      👀 **needs-review**, attempt 1

      **Next:** somebody reviews pull request #77 and merges it; the app does not. Looked at again within 24 h.

      | Reason | Why | Lifted by | Looked at |
      | --- | --- | --- | --- |
      | \`merge.by-hand\` | Pull request #77 passed; autonomy \`draft-pr\` leaves the merge to people. | whoever merges | within 24 h |

      | Attempt | Stage | State | Run | Time |
      | --- | --- | --- | --- | --- |
      | 1 | change | ✅ PASS | [run](https://github.test/acme/shop/actions/runs/900) | 2 min |

      <sub>Task \`1001.42.1\` · bugfix · bugfix · p2 · 0 of 15 attempts spent · why: \`/orchestrate why\` · help: \`/orchestrate help\` · stop: remove \`autopilot\`</sub>"
    `);
  });

  it("whose pull request passed while it is on hold", () => {
    const task = buildTask({
      state: "verifying",
      held: true,
      pull: buildTaskPull(),
      wakeAt: NOW + 24 * HOUR_MS,
      reasons: [waits("task.held", "Pull request #77 passed; the task is on hold.")],
    });
    expect(read(task).split("\n\n")[2]).toBe(
      "**Next:** pull request #77 is merged when the hold is lifted. Looked at again within 24 h.",
    );
  });

  it("whose worker needs a person", () => {
    const task = buildTask({
      state: "blocked",
      wakeAt: NOW + 24 * HOUR_MS,
      reasons: [reason("gate.blocked", "worker: The key of the shop is missing.")],
    });
    expect(read(task).split("\n\n")[2]).toBe(
      "**Next:** a person lifts the reasons below, then `/orchestrate retry`. Looked at again within 24 h.",
    );
  });

  it("whose pull request needs a person", () => {
    const task = buildTask({
      state: "blocked",
      pull: buildTaskPull({ verdict: { value: "BLOCKED", gates: [] } }),
      wakeAt: NOW + 24 * HOUR_MS,
      reasons: [
        reason("gate.blocked", "checks: No result of any check on this commit, so nothing verifies it.", {
          liftedBy: "Add a workflow that runs on `pull_request`, or correct `gates.checks.required`.",
          deadline: NOW + 24 * HOUR_MS,
        }),
      ],
      timeline: [buildLine({ stage: "change", note: "" })],
    });
    expect(read(task)).toMatchInlineSnapshot(`
      "[autopilot:blocked]

      ✋ **blocked**, attempt 1

      **Next:** a person does what is named below, and it is verified again; \`/orchestrate retry\` makes a new attempt. Looked at again within 24 h.

      | Reason | Why | Lifted by | Looked at |
      | --- | --- | --- | --- |
      | \`gate.blocked\` | checks: No result of any check on this commit, so nothing verifies it. | Add a workflow that runs on \`pull_request\`, or correct \`gates.checks.required\`. | 2026-11-19 14:00 UTC |

      | Attempt | Stage | State | Run | Time |
      | --- | --- | --- | --- | --- |
      | 1 | change | ✅ PASS | [run](https://github.test/acme/shop/actions/runs/900) | 2 min |

      <sub>Task \`1001.42.1\` · bugfix · bugfix · p2 · 0 of 15 attempts spent · why: \`/orchestrate why\` · help: \`/orchestrate help\` · stop: remove \`autopilot\`</sub>"
    `);
  });

  it("whose text a stranger changed", () => {
    const message = "@mallory, who has no write access, changed the text after it was handed over.";
    const task = buildTask({
      state: "blocked",
      wakeAt: NOW + 24 * HOUR_MS,
      reasons: [reason("issue.text-changed", message, { deadline: NOW + 24 * HOUR_MS })],
    });
    expect(read(task)).toMatchInlineSnapshot(`
      "[autopilot:blocked]

      ✋ **blocked**

      **Next:** somebody with write access reads the new text, removes the label and adds it again. Looked at again within 24 h.

      | Reason | Why | Lifted by | Looked at |
      | --- | --- | --- | --- |
      | \`issue.text-changed\` | @mallory, who has no write access, changed the text after it was handed over. | labelling again | 2026-11-19 14:00 UTC |

      <sub>Task \`1001.42.1\` · bugfix · bugfix · p2 · 0 of 15 attempts spent · why: \`/orchestrate why\` · help: \`/orchestrate help\` · stop: remove \`autopilot\`</sub>"
    `);
  });

  it("that is done by a merged pull request", () => {
    const task = buildTask({
      state: "done",
      pull: buildTaskPull(),
      wakeAt: null,
      timeline: [buildLine({ stage: "change", note: "" })],
      history: [{ at: NOW, text: "Done: pull request #77 is merged", url: null }],
    });
    expect(read(task)).toMatchInlineSnapshot(`
      "[autopilot:done]

      ✅ **done**: finished @robin's task in 1 h

      **Next:** nothing; pull request #77 is merged.

      | Attempt | Stage | State | Run | Time |
      | --- | --- | --- | --- | --- |
      | 1 | change | ✅ PASS | [run](https://github.test/acme/shop/actions/runs/900) | 2 min |

      <details><summary>History</summary>

      - 14:00 UTC Done: pull request #77 is merged

      </details>

      <sub>Task \`1001.42.1\` · bugfix · bugfix · p2 · 0 of 15 attempts spent · why: \`/orchestrate why\` · help: \`/orchestrate help\`</sub>"
    `);
  });

  it("that is done without any change", () => {
    const task = buildDataTask({ state: "done", wakeAt: null, timeline: [buildLine()] });
    expect(read(task)).toMatchInlineSnapshot(`
      "[autopilot:done]

      ✅ **done**: finished @robin's task in 1 h

      **Next:** nothing; the issue is closed.

      | Attempt | Stage | State | Run | Time |
      | --- | --- | --- | --- | --- |
      | 1 | generate (days 30) | ✅ PASS | [run](https://github.test/acme/shop/actions/runs/900) | 2 min |

      <sub>Task \`1001.42.1\` · data · data-engineer · p2 · 0 of 15 attempts spent · why: \`/orchestrate why\` · help: \`/orchestrate help\`</sub>"
    `);
  });

  it("that failed", () => {
    const task = buildDataTask({
      state: "failed",
      attempt: 3,
      spent: 3,
      wakeAt: null,
      timeline: [buildLine({ attempt: 3, stage: "verify", state: "FAIL", note: "" })],
      feedback: [FAILED],
      history: [{ at: NOW, text: "Failed: the same failure 3 times in a row", url: null }],
    });
    expect(read(task)).toMatchInlineSnapshot(`
      "[autopilot:failed]

      ❌ **failed**, attempt 3

      **Next:** \`/orchestrate retry --reset-budget\` arms it again.

      | Attempt | Stage | State | Run | Time |
      | --- | --- | --- | --- | --- |
      | 3 | verify | ❌ FAIL | [run](https://github.test/acme/shop/actions/runs/900) | 2 min |

      **Last verdict:**

      | Gate | Verdict | Seen | Wanted | Evidence |
      | --- | --- | --- | --- | --- |
      | metrics.r2 | ❌ FAIL | 0.61 | ≥ 0.65 | [evidence](https://github.test/acme/shop/actions/runs/900) |

      <details><summary>2 findings</summary>

      - metrics.r2: ✗ 0.61 (\`tenant=t07\`)
      - metrics.r2: ✗ 0.64 (\`tenant=t11\`)

      </details>

      <details><summary>History</summary>

      - 14:00 UTC Failed: the same failure 3 times in a row

      </details>

      <sub>Task \`1001.42.1\` · data · data-engineer · p2 · 3 of 15 attempts spent · why: \`/orchestrate why\` · help: \`/orchestrate help\`</sub>"
    `);
  });

  it("that somebody cancelled", () => {
    const task = buildTask({
      state: "cancelled",
      wakeAt: null,
      timeline: [buildLine({ stage: "change", note: "", state: "cancelled" })],
      history: [{ at: NOW, text: "Cancelled: @robin removed the label", url: null }],
    });
    expect(read(task)).toMatchInlineSnapshot(`
      "[autopilot:cancelled]

      ⏹️ **cancelled**

      **Next:** nothing, unless somebody adds the label again or writes \`/orchestrate retry\`.

      | Attempt | Stage | State | Run | Time |
      | --- | --- | --- | --- | --- |
      | 1 | change | ⏹️ cancelled | [run](https://github.test/acme/shop/actions/runs/900) | 2 min |

      <details><summary>History</summary>

      - 14:00 UTC Cancelled: @robin removed the label

      </details>

      <sub>Task \`1001.42.1\` · bugfix · bugfix · p2 · 0 of 15 attempts spent · why: \`/orchestrate why\` · help: \`/orchestrate help\`</sub>"
    `);
  });
});

describe("projectTasks", () => {
  it("shows every task that changed, each in its own comment and labels, and no other", () => {
    const draft = buildDraft({ snapshot: buildSnapshot({ queue: [buildTask({ issue: 1, ...PLACED })] }) });
    draft.saveTask(buildTask({ issue: 2, ...PLACED }));
    draft.saveTask(buildTask({ issue: 3, ...PLACED }));
    projectTasks(draft);

    expect(draft.toPlan().effects.map(({ key, subject }) => [key, subject])).toEqual([
      ["1001:status:2", "1001:status:2"],
      ["1001:labels:2", "1001:labels:2"],
      ["1001:status:3", "1001:status:3"],
      ["1001:labels:3", "1001:labels:3"],
    ]);
  });

  it("sets exactly one label of its own, with the configured label before it", () => {
    const plan = show(buildTask(PLACED), { configText: `${buildConfigText()}label: robot\n` });

    expect(projectionsIn(plan, "labels")).toMatchObject([{ prefix: "robot:", labels: ["robot:queued"] }]);
    expect(projectionsIn(plan, "comment")[0]?.body).toContain("remove `robot`");
  });

  it("F111 gives a task far back in the queue its label and no comment, also when it is taken back", () => {
    const focus = buildTask();
    const kindsOf = (task: Task) => show(task, { focus, queue: [focus] }).effects.map(({ key }) => key);

    expect(kindsOf(focus)).toEqual(["1001:labels:42"]);
    expect(kindsOf({ ...focus, state: "cancelled" })).toEqual(["1001:labels:42"]);
  });

  it.each<[string, Partial<Task>]>([
    ["comes near", PLACED],
    ["starts", { state: "running" }],
    ["needs a person", { state: "blocked" }],
  ])("F111 gives it the comment when it %s", (_, change) => {
    const focus = buildTask();
    const plan = show({ ...focus, ...change }, { focus, queue: [focus] });

    expect(projectionsIn(plan, "comment")).toHaveLength(1);
  });

  it("F111 goes on showing a task that has its comment, wherever it waits and however it ends", () => {
    const focus = buildTask(PLACED);
    const plan = show({ ...focus, state: "cancelled", position: null }, { focus, queue: [focus] });

    expect(projectionsIn(plan, "comment")[0]?.body).toContain("**cancelled**");
  });

  it("F111 says when a task may start, where others tell how long a stage takes", () => {
    const line = { ...buildLine(), startedAt: NOW - 40 * MINUTE_MS, endedAt: NOW - 10 * MINUTE_MS };
    const timeline = [1, 2, 3].map((attempt) => ({ ...line, attempt, correlation: `c${attempt}` }));
    const active = [buildTask({ issue: 1, state: "verifying", timeline })];
    const waiting = buildTask({ position: { rank: 3, of: 9, at: NOW } });

    expect(projectionsIn(show(waiting, { active }), "comment")[0]?.body).toContain(
      "position 3 of 9, may start in about 1 h\n",
    );
    expect(projectionsIn(show(waiting), "comment")[0]?.body).toContain("position 3 of 9\n");
  });

  it("F093 writes nothing in a repository that was removed", () => {
    expect(show(buildTask(PLACED), { status: "removed" }).effects).toEqual([]);
  });

  it("F107 writes nothing about an issue that is gone, but about others", () => {
    const focus = buildTask({ issue: 1 });
    const draft = buildDraft({
      snapshot: buildSnapshot({ focus, queue: [focus] }),
      gathered: { issue: null },
    });
    draft.saveTask(focus);
    draft.saveTask(buildTask({ issue: 2, ...PLACED }));
    projectTasks(draft);

    expect(draft.toPlan().effects.map(({ key }) => key)).toEqual(["1001:status:2", "1001:labels:2"]);
  });

  it("never writes more than fits into a comment", () => {
    const huge = "x".repeat(COMMENT_MAX_CHARS);
    const plan = show(
      buildTask({
        ...PLACED,
        reasons: [reason("gate.blocked", huge)],
        history: [{ at: NOW, text: huge, url: null }],
      }),
    );

    expect(projectionsIn(plan, "comment")[0]?.body.length).toBeLessThanOrEqual(COMMENT_MAX_CHARS);
  });
});
