import { describe, expect, it } from "vitest";
import type { RunNow } from "../../../src/core/facts.ts";
import { RETRY_PAUSES_MS } from "../../../src/core/plan/deadlines.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { Attempt } from "../../../src/core/task/attempt.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildAttempt, buildConfigText, REPO } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, NOW } from "../../support/build-task.ts";
import {
  actionsIn,
  buildDataTask,
  buildResult,
  buildRunning,
  CHANGE,
  codesOf,
  endedRun,
  MINUTE_MS,
  orderedIn,
  planWith,
  taskIn,
} from "./plan-with.ts";

const DATA_STAGES = ["generate", "train", "verify"] as const;

interface Ended {
  readonly task?: Task;
  readonly attempt?: Attempt;
  readonly run?: Partial<RunNow>;
  readonly result?: Parameters<typeof buildResult>[1] | null;
  readonly configText?: string;
  readonly queue?: readonly Task[];
}

/** The plan for the end of the run in flight. */
function planEnd(ended: Ended = {}): Plan {
  const { task = buildRunning(), attempt = buildAttempt(), result = {}, queue = [] } = ended;
  const run = endedRun("success", ended.run);
  return planWith(
    {
      kind: "run.changed",
      repo: REPO,
      runId: run.id,
      title: run.title,
      status: run.status,
      conclusion: run.conclusion,
      runAttempt: run.runAttempt,
    },
    {
      snapshot: {
        focus: task,
        active: [task],
        attempts: [attempt],
        queue,
        ...(ended.configText === undefined ? {} : { configText: ended.configText }),
      },
      gathered: { run, result: result === null ? { kind: "missing" } : buildResult(attempt, result) },
    },
  );
}

/** The end of one stage of the data pipeline, in the given attempt. */
function planDataEnd(stageIndex: number, ended: Ended = {}, number = 1): Plan {
  const correlation = `1001.42.1.${number}.${stageIndex}.0`;
  const stage = DATA_STAGES[stageIndex] ?? "";
  const task = buildDataTask({
    state: "running",
    stage: stageIndex,
    attempt: number,
    spent: number - 1,
    correlation,
    ...ended.task,
  });
  const workflow = `${stage}.yml`;
  const attempt = buildAttempt({ correlation, number, stage, stageIndex, workflow });
  return planEnd({ ...ended, task, attempt });
}

const FAILED = { outcome: "failed", summary: "No." };
const r2 = (value: number) => [{ name: "r2", value, labels: { sensitivity: "high" } }];

describe("an attempt that passed", () => {
  it.each([
    [0, "train.yml"],
    [1, "verify.yml"],
  ])("goes from stage %i on to %s, with the run's id as its input", (stage, workflow) => {
    const plan = planDataEnd(stage);

    expect(taskIn(plan)).toMatchObject({
      state: "running",
      stage: stage + 1,
      attempt: 1,
      spent: 0,
      lastRunId: 900,
    });
    expect(actionsIn(plan, "dispatch")).toMatchObject([
      { workflow, correlation: `1001.42.1.1.${stage + 1}.0`, inputs: { from_run: "900" } },
    ]);
  });

  it("is told to the next stage by what it reported, beside the stages before and nothing of another attempt", () => {
    const artifacts = [{ name: "model", count: 20, bytes: 4096, sha256: "5eed".repeat(16) }];
    const known = { attempt: 1, stage: "generate", stageIndex: 0, runId: 899, artifacts: [] };
    const stale = { ...known, attempt: 0, runId: 1 };
    const correlation = "1001.42.1.1.1.0";
    const task = buildDataTask({ state: "running", stage: 1, correlation, stageReports: [stale, known] });
    const plan = planDataEnd(1, { task, result: { artifacts } });
    const [dispatch] = actionsIn(plan, "dispatch");

    const kept = { attempt: 1, stage: "train", stageIndex: 1, runId: 900, artifacts };
    expect(taskIn(plan).stageReports).toEqual([known, kept]);
    expect(JSON.parse(Buffer.from(dispatch?.inputs.brief ?? "", "base64url").toString()).earlier).toEqual([
      { stage: "generate", runId: 899, artifacts: [] },
      { stage: "train", runId: 900, artifacts },
    ]);
  });

  it("is done after its last stage when there is nothing to publish, and its issue is closed once", () => {
    const plan = planDataEnd(2, { result: { metrics: r2(0.7) } });

    expect(taskIn(plan)).toMatchObject({ state: "done", reasons: [], wakeAt: null, correlation: null });
    expect(orderedIn(plan)).toEqual(["close-issue:1001.42.1"]);
  });

  it("tells what waits for it at once that it is done", () => {
    const waiting = buildTask({
      issue: 43,
      dependencies: [{ kind: "issue", ref: "Acme/Shop#42", state: "open" }],
    });
    const plan = planDataEnd(2, { result: { metrics: r2(0.7) }, queue: [waiting] });

    expect(taskIn(plan, 43)).toMatchObject({ state: "running", dependencies: [{ state: "done" }] });
  });

  it("has its changes published by the app, onto the attempt's own base", () => {
    const plan = planEnd({ result: { changes: [CHANGE], summary: "Rounded." } });
    const [publish] = actionsIn(plan, "publish");

    expect(taskIn(plan)).toMatchObject({ state: "verifying", correlation: "1001.42.1.1.0.0" });
    expect(codesOf(taskIn(plan))).toEqual(["publish.pending"]);
    expect(publish).toMatchObject({
      key: "1001:publish:1001.42.1.1.0.0",
      branch: "fix/42-forecast-demand-of-small-shops",
      baseRef: "main",
      baseSha: buildAttempt().baseSha,
      changes: [CHANGE],
      draft: false,
    });
  });

  it("remembers the files of what is published", () => {
    const changes = [CHANGE, { ...CHANGE, path: "docs/price.md" }];
    expect(taskIn(planEnd({ result: { changes } })).touched).toEqual(["src/price.ts", "docs/price.md"]);
  });

  it("publishes a draft where people merge", () => {
    const configText = buildConfigText().replace("merge-with-approval", "draft-pr");
    expect(actionsIn(planEnd({ configText, result: { changes: [CHANGE] } }), "publish")).toMatchObject([
      { draft: true },
    ]);
  });

  it("goes on with the branch that its pull request has", () => {
    const task = buildRunning({ pull: buildTaskPull({ branch: "fix/42-as-it-was" }) });
    expect(actionsIn(planEnd({ task, result: { changes: [CHANGE] } }), "publish")).toMatchObject([
      { branch: "fix/42-as-it-was" },
    ]);
  });

  it.each([
    ["Öffnungszeiten: ÄÖÜ & ß!", "fix/42-offnungszeiten-aou"],
    ["漢字", "fix/42"],
    ["../../etc/passwd", "fix/42-etc-passwd"],
    ["-".repeat(80), "fix/42"],
    [`${"a".repeat(39)} b`, `fix/42-${"a".repeat(39)}`],
  ])("names the branch of %j %s", (title, branch) => {
    const task = buildRunning({ title });
    expect(actionsIn(planEnd({ task, result: { changes: [CHANGE] } }), "publish")[0]?.branch).toBe(branch);
  });

  it("names the branch of a later generation apart", () => {
    const task = buildRunning({ generation: 2, correlation: "1001.42.2.1.0.0" });
    const attempt = buildAttempt({ taskId: task.id, correlation: "1001.42.2.1.0.0" });
    const [publish] = actionsIn(planEnd({ task, attempt, result: { changes: [CHANGE] } }), "publish");

    expect(publish?.branch).toMatch(/^fix\/42-g2-/u);
  });

  it.each([
    [".github/workflows/ci.yml"],
    ["CODEOWNERS"],
    ["sub/package-lock.json"],
    ["CLAUDE.md"],
    [".mcp.json"],
  ])("F134 is put before a person when it changes %s, and nothing of it is written", (path) => {
    const plan = planEnd({ result: { changes: [CHANGE, { ...CHANGE, path }] } });

    expect(actionsIn(plan, "publish")).toEqual([]);
    expect(taskIn(plan)).toMatchObject({ state: "blocked", spent: 0 });
    expect(taskIn(plan).reasons).toMatchObject([
      { code: "gate.blocked", message: expect.stringContaining(path) },
    ]);
    expect(orderedIn(plan)).toEqual(["needs-person:1001.42.1:1:0:0"]);
  });

  it("is put before a person when it changes a path that is not allowed", () => {
    const configText = `${buildConfigText()}gates: { paths: { allow: ["docs/**"] } }\n`;
    const plan = planEnd({ configText, result: { changes: [CHANGE] } });

    expect(taskIn(plan)).toMatchObject({ state: "blocked", feedback: [{ gate: "paths" }] });
  });

  it.each(["observe", "suggest"])(
    "F134 is put before a person where the ceiling of a path is %s, and nothing of it is written",
    (autonomy) => {
      const ceilings = `ceilings: [{ paths: ["docs/**", "SRC/**"], autonomy: ${autonomy} }]`;
      const configText = buildConfigText({ lines: [ceilings] });
      const plan = planEnd({ configText, result: { changes: [{ ...CHANGE, path: "lib/a.ts" }, CHANGE] } });

      expect(orderedIn(plan)).toEqual(["needs-person:1001.42.1:1:0:0"]);
      expect(taskIn(plan)).toMatchObject({ state: "blocked", spent: 0, feedback: [{ gate: "ceiling" }] });
      expect(taskIn(plan).reasons).toMatchObject([
        {
          code: "gate.blocked",
          message: `ceiling: The answer changes a path where a task may not change anything: \`src/price.ts\`. The ceiling is \`${autonomy}\` for \`docs/**\`, \`SRC/**\`.`,
          liftedBy:
            "Raise `ceilings` on the default branch, or do this part by hand, then `/orchestrate retry`.",
        },
      ]);
    },
  );

  it("says at once which of its paths are protected and which are under a ceiling", () => {
    const configText = buildConfigText({ lines: ['ceilings: [{ paths: ["src/**"], autonomy: observe }]'] });
    const changes = [CHANGE, { ...CHANGE, path: "CODEOWNERS" }];
    const messages = taskIn(planEnd({ configText, result: { changes } })).reasons.map(
      ({ message }) => message,
    );

    expect(messages).toMatchObject([
      expect.stringMatching(/^paths: .*CODEOWNERS/u),
      expect.stringMatching(/^ceiling: .*src\/price\.ts/u),
    ]);
  });

  it.each([
    ["merge-with-approval", "draft-pr", true],
    ["draft-pr", "merge", true],
    ["merge-with-approval", "merge-with-approval", false],
  ])(
    "under %s, where the ceiling of one of its paths is %s: whether it is a draft",
    (own, ceiling, draft) => {
      const lines = [`ceilings: [{ paths: ["src/**"], autonomy: ${ceiling} }]`];
      const configText = buildConfigText({ lines }).replace("merge-with-approval", own);
      const changes = [{ ...CHANGE, path: "lib/a.ts" }, CHANGE];

      expect(actionsIn(planEnd({ configText, result: { changes } }), "publish")).toMatchObject([{ draft }]);
    },
  );

  it("does not start its next stage while it is held, and keeps its place in the pipeline", () => {
    const plan = planDataEnd(0, {
      task: buildDataTask({ held: true, state: "running", correlation: "1001.42.1.1.0.0" }),
    });

    expect(taskIn(plan)).toMatchObject({ state: "queued", stage: 1, lastRunId: 900 });
    expect(codesOf(taskIn(plan))).toEqual(["task.held"]);
    expect(actionsIn(plan, "dispatch")).toEqual([]);
  });
});

describe("an attempt that failed", () => {
  it("costs one of the budget, and the next one begins with the first stage and is told why", () => {
    const plan = planDataEnd(2, { result: { metrics: r2(0.61) } });

    expect(taskIn(plan)).toMatchObject({
      state: "running",
      attempt: 2,
      spent: 1,
      stage: 0,
      retries: 0,
      lastRunId: null,
      feedback: [{ gate: "metrics.r2", verdict: "FAIL" }],
    });
    expect(actionsIn(plan, "dispatch")).toMatchObject([
      { correlation: "1001.42.1.2.0.0", workflow: "generate.yml", inputs: { days: "365" } },
    ]);
  });

  it.each([
    ["task", { result: FAILED }],
    ["no_evidence", { result: null }],
    ["timeout", { run: { conclusion: "timed_out" } }],
  ])("of the class %s costs one of the budget", (failureClass, ended) => {
    const plan = planEnd(ended);

    expect(taskIn(plan)).toMatchObject({ spent: 1, attempt: 2 });
    expect(plan.attempts).toContainEqual(
      expect.objectContaining({
        number: 1,
        state: "ended",
        outcome: expect.objectContaining({ failureClass }),
      }),
    );
  });

  it("F188 ends the task when the budget is used, and says how to arm it again", () => {
    const task = buildRunning({ budget: 3, spent: 2 });
    const plan = planEnd({ task, result: FAILED });

    expect(taskIn(plan)).toMatchObject({ state: "failed", spent: 3, wakeAt: null, reasons: [] });
    expect(orderedIn(plan)).toEqual(["stopped:1001.42.1:1"]);
    expect(actionsIn(plan, "reply")[0]?.body).toMatchInlineSnapshot(`
      "❌ @robin: stopped, all 3 attempts are used.

      - **worker**: No.

      Arm it again with a fresh budget: \`/orchestrate retry --reset-budget\`"
    `);
  });

  it("says that the only attempt is used where there is one", () => {
    const plan = planEnd({ task: buildRunning({ budget: 1 }), result: FAILED });

    expect(actionsIn(plan, "reply")[0]?.body).toContain("❌ @robin: stopped, its only attempt is used.\n");
    expect(taskIn(plan).history.at(-1)?.text).toBe("Failed: its only attempt is used");
  });

  it("does not end the task one attempt early", () => {
    expect(taskIn(planEnd({ task: buildRunning({ budget: 3, spent: 1 }), result: FAILED })).state).toBe(
      "running",
    );
  });

  it("ends the task when it is the same three times in a row, and not when one of them differs", () => {
    const first = taskIn(planDataEnd(2, { result: { metrics: r2(0.61) } })).fingerprints;
    const other = taskIn(planDataEnd(2, { result: { metrics: r2(0.62) } })).fingerprints;
    const third = (fingerprints: readonly string[]) =>
      taskIn(
        planDataEnd(
          2,
          {
            task: {
              ...buildDataTask({ state: "running", stage: 2, attempt: 3, spent: 2 }),
              correlation: "1001.42.1.3.2.0",
              fingerprints,
            },
            result: { metrics: r2(0.61) },
          },
          3,
        ),
      ).state;

    expect(first).toHaveLength(1);
    expect(first).not.toEqual(other);
    expect(third([...first, ...first])).toBe("failed");
    expect(third([...first, ...other])).toBe("running");
    expect(third([...first])).toBe("running");
  });

  it("keeps the text that an attempt is told bounded", () => {
    const task = buildRunning({ fingerprints: ["a", "b", "c"] });
    expect(taskIn(planEnd({ task, result: FAILED })).fingerprints).toHaveLength(3);
  });
});

describe("an attempt that ended by trouble that is not its own", () => {
  it.each([
    [0, 30_000],
    [1, 120_000],
    [2, 600_000],
  ])("is tried again after pause %i, and costs nothing", (retries, pause) => {
    const plan = planEnd({ task: buildRunning({ retries }), run: { conclusion: "cancelled" } });
    const task = taskIn(plan);

    expect(RETRY_PAUSES_MS[retries]).toBe(pause);
    expect(task).toMatchObject({
      state: "queued",
      retries: retries + 1,
      spent: 0,
      attempt: 1,
      notBefore: NOW + pause,
      wakeAt: NOW + pause,
      correlation: null,
    });
    expect(task.reasons).toMatchObject([{ code: "retry.later", deadline: NOW + pause }]);
    expect(actionsIn(plan, "dispatch")).toEqual([]);
  });

  it("is put before a person after three pauses", () => {
    const plan = planEnd({ task: buildRunning({ retries: 3 }), run: { conclusion: "cancelled" } });

    expect(taskIn(plan)).toMatchObject({ state: "blocked", spent: 0, notBefore: null });
    expect(actionsIn(plan, "reply")[0]?.body).toMatchInlineSnapshot(`
      "✋ @robin: this task needs a person.

      - 4 tries in a row ended by trouble that is not the task's own. The run was cancelled. All is well. Lifted by: \`/orchestrate retry\`, when the trouble is over

      Then: \`/orchestrate retry\`"
    `);
  });

  it("begins to count anew with the next stage", () => {
    const task = buildDataTask({ state: "running", correlation: "1001.42.1.1.0.0", retries: 3 });
    expect(taskIn(planDataEnd(0, { task })).retries).toBe(0);
  });
});

describe("an attempt that needs a person", () => {
  it("stops there at once, costs nothing, and tells who asked for the work", () => {
    const plan = planEnd({ result: { outcome: "blocked", summary: "The key of the shop is missing." } });

    expect(taskIn(plan)).toMatchObject({ state: "blocked", spent: 0, attempt: 1, correlation: null });
    expect(orderedIn(plan)).toEqual(["needs-person:1001.42.1:1:0:0"]);
    expect(actionsIn(plan, "reply")[0]?.body).toMatchInlineSnapshot(`
      "✋ @robin: this task needs a person.

      - worker: The key of the shop is missing. Lifted by: the named person

      Then: \`/orchestrate retry\`"
    `);
  });
});

describe("every end", () => {
  it("is kept: verdict, class, metrics and use", () => {
    const usage = { minutes: 9, tokens: 100, usd: 0.5 };
    const plan = planDataEnd(2, { result: { metrics: r2(0.7), usage } });
    const attempt = plan.attempts[0];

    expect(attempt).toMatchObject({
      state: "ended",
      endedAt: NOW,
      runAttempt: 1,
      outcome: { verdict: "PASS", failureClass: null },
      metrics: r2(0.7),
    });
    expect(Attempt.parse(attempt)).toEqual(attempt);
    expect(taskIn(plan).usage).toEqual(usage);
  });

  it("counts the run's own clock where the worker says less", () => {
    const run = { startedAt: NOW - 12 * MINUTE_MS, updatedAt: NOW };
    const task = buildRunning({ usage: { minutes: 5, tokens: 1, usd: 1 } });
    const plan = planEnd({
      task,
      run,
      result: { usage: { minutes: 2, tokens: 3, usd: 0.25 }, changes: [CHANGE] },
    });

    expect(taskIn(plan).usage).toEqual({ minutes: 17, tokens: 4, usd: 1.25 });
  });

  it("F189 counts what a failed run used, so that the week's money is spent once", () => {
    const usage = { minutes: 2, tokens: 3, usd: 7 };
    expect(taskIn(planEnd({ run: { conclusion: "failure" }, result: { usage } })).usage.usd).toBe(7);
  });

  it("does not count time backwards when GitHub's clock does", () => {
    const run = { startedAt: NOW, updatedAt: NOW - MINUTE_MS };
    expect(taskIn(planEnd({ run, result: FAILED })).usage.minutes).toBe(0);
  });

  it("is audited with run, verdict and gates", () => {
    expect(planEnd({ result: FAILED }).audit).toContainEqual({
      kind: "attempt.judged",
      actor: "orchestrator",
      taskId: "1001.42.1",
      at: NOW,
      data: {
        correlation: "1001.42.1.1.0.0",
        runId: 900,
        runAttempt: 1,
        conclusion: "success",
        verdict: "FAIL",
        failureClass: "task",
        gates: ["worker FAIL"],
      },
    });
  });

  it("says in the history what happened, with the run", () => {
    expect(taskIn(planEnd({ result: FAILED })).history.at(0)).toEqual({
      at: NOW,
      text: "Attempt 1, change: FAIL. No.",
      url: endedRun().url,
    });
  });

  it("fails the attempt when the configuration knows its stage no more", () => {
    const attempt = buildAttempt({ stageIndex: 4, stage: "polish", correlation: "1001.42.1.1.0.0" });
    const plan = planEnd({ attempt });

    expect(taskIn(plan)).toMatchObject({ spent: 1, feedback: [{ gate: "configuration", seen: "polish" }] });
  });
});
