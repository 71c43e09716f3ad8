import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildBrief } from "../../../src/core/plan/attempt/build-brief.ts";
import { continueTask, startStage } from "../../../src/core/plan/attempt/start-stage.ts";
import { QUEUE_POLL_MS, RECEIPT_MS } from "../../../src/core/plan/deadlines.ts";
import { Attempt } from "../../../src/core/task/attempt.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildDraft, buildRepository, buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../support/build-task.ts";
import { actionsIn, buildDataTask, codesOf } from "./plan-with.ts";

const BRIEF_MAX_CHARS = 60_000;
/** GitHub's own limit for all inputs of a dispatch together. */
const INPUTS_MAX_CHARS = 65_535;

/** Starts a stage where `generate.yml` declares what the test says. */
function start(task: Task, declared?: readonly string[]) {
  const record = buildRepository();
  const { facts } = record.stored;
  if (facts === null) throw new Error("a built repository has facts");
  const workflows =
    declared === undefined ? facts.workflows : { ...facts.workflows, "generate.yml": declared };
  const repository = { ...record, stored: { ...record.stored, facts: { ...facts, workflows } } };
  const draft = buildDraft({ snapshot: buildSnapshot({ repository }) });
  const started = startStage(draft, task);
  const plan = draft.toPlan();
  const [dispatch] = actionsIn(plan, "dispatch");
  const [attempt] = plan.attempts;
  if (dispatch === undefined || attempt === undefined) throw new Error("nothing was dispatched");
  return { started, plan, dispatch, attempt };
}

function readBrief(text: string): unknown {
  return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
}

describe("startStage", () => {
  it.each([
    [1, "30"],
    [2, "365"],
    [3, "1095"],
    [4, "1095"],
    [40, "1095"],
  ])("gives attempt %i its own value of an input: %s", (attempt, days) => {
    const { dispatch, started } = start(buildDataTask({ attempt }));

    expect(dispatch.inputs.days).toBe(days);
    expect(started.timeline.at(-1)).toMatchObject({ attempt, note: `days ${days}` });
  });

  it("names the attempt by task, attempt, stage and retry, in the order, the attempt and the task alike", () => {
    const { started, dispatch, attempt, plan } = start(buildDataTask({ attempt: 2, retries: 1 }));
    const correlation = "1001.42.1.2.0.1";

    expect(dispatch).toMatchObject({
      key: `1001:dispatch:${correlation}`,
      correlation,
      workflow: "generate.yml",
      ref: "main",
    });
    expect(attempt).toMatchObject({ correlation, number: 2, stage: "generate", stageIndex: 0, retry: 1 });
    expect(started.correlation).toBe(correlation);
    expect(plan.effects.find(({ key }) => key === dispatch.key)?.subject).toBe("1001:task:1001.42.1");
    expect(Attempt.parse(attempt)).toEqual(attempt);
  });

  it("hands over ids, base and the run before, as far as the workflow declares them", () => {
    const task = buildDataTask({ lastRunId: 812 });
    const all = start(task).dispatch.inputs;

    expect(new Set(Object.keys(all))).toEqual(
      new Set(["task", "attempt", "correlation", "base_sha", "from_run", "brief", "days"]),
    );
    expect(all).toMatchObject({
      task: task.id,
      attempt: "1",
      from_run: "812",
      base_sha: "ba5eba11ba5eba11ba5eba11ba5eba11ba5eba11",
    });
    expect(start(task, ["correlation", "days"]).dispatch.inputs).toEqual({
      days: "30",
      correlation: "1001.42.1.1.0.0",
    });
  });

  it("says that there is no run before by an empty input, since GitHub takes texts only", () => {
    expect(start(buildDataTask()).dispatch.inputs.from_run).toBe("");
  });

  it("keeps the inputs with the attempt, but not the brief, which repeats the task's text", () => {
    const { attempt, dispatch } = start(buildDataTask());

    expect(dispatch.inputs).toHaveProperty("brief");
    expect(attempt.inputs).not.toHaveProperty("brief");
    expect(attempt.inputs).toMatchObject({ days: "30" });
  });

  it("waits for the receipt, and says so", () => {
    const { started } = start(buildDataTask({ notBefore: NOW - 1 }));

    expect(started).toMatchObject({ state: "running", wakeAt: NOW + RECEIPT_MS, notBefore: null });
    expect(started.reasons).toMatchObject([{ code: "dispatch.unconfirmed", deadline: null }]);
  });
});

describe("continueTask", () => {
  it("goes back to the queue with every reason when the next stage may not start", () => {
    const draft = buildDraft({ snapshot: buildSnapshot({ pausedBy: "@ada" }) });
    const task = continueTask(draft, buildDataTask({ state: "running", stage: 1, held: true }));

    expect(task).toMatchObject({ state: "queued", stage: 1, wakeAt: NOW + QUEUE_POLL_MS });
    expect(codesOf(task)).toEqual(["task.held", "repository.paused"]);
    expect(actionsIn(draft.toPlan(), "dispatch")).toEqual([]);
  });

  it.each([
    ["waits in the queue after a verdict while others hold every place", "verifying", ["limit.running"]],
    ["keeps its place beside others while it runs", "running", ["dispatch.unconfirmed"]],
  ] as const)("%s", (_what, state, codes) => {
    const others = [1, 2].map((issue) => buildTask({ issue, state: "running", team: "other" }));
    const draft = buildDraft({ snapshot: buildSnapshot({ active: others }) });
    const task = continueTask(draft, buildDataTask({ state, attempt: 2 }));

    expect(codesOf(task)).toEqual(codes);
    expect(task.state).toBe(state === "running" ? "running" : "queued");
  });

  it("starts the stage when nothing stands in its way", () => {
    const draft = buildDraft();
    continueTask(draft, buildDataTask({ state: "running", stage: 1 }));

    expect(actionsIn(draft.toPlan(), "dispatch")).toMatchObject([{ workflow: "train.yml" }]);
  });
});

describe("the brief", () => {
  const gate = {
    gate: "metrics.r2",
    verdict: "FAIL",
    message: "All are below.",
    seen: "0.61",
    wanted: "≥ 0.65",
    details: ["✗ 0.61 (`tenant=t07`)"],
  } as const;

  it("tells the worker the task, the attempt and what did not pass", () => {
    const passed = { ...gate, gate: "metrics.mae", verdict: "PASS" } as const;
    const brief = readBrief(buildBrief(buildTask({ attempt: 3, feedback: [passed, gate] })));

    expect(brief).toEqual({
      schema: "orchestrator-brief/1",
      task: "1001.42.1",
      issue: 42,
      title: "Forecast demand of small shops",
      body: "Promotions are on file.",
      attempt: 3,
      feedback: [
        {
          gate: "metrics.r2",
          verdict: "FAIL",
          message: "All are below.",
          details: ["✗ 0.61 (`tenant=t07`)"],
        },
      ],
      focus: { mend: ["metrics.r2"], stayIn: [], changeNothingElse: true, sameFailure: 0 },
    });
  });

  const hostile = fc.constantFrom(
    "\u0000",
    '"',
    "\\",
    "\n",
    `$${"{{ secrets.X }}"}`,
    "`$(id)`",
    "\u202e",
    "\ud83d\ude00",
    "\ud83d",
    "\ude00",
    "漢",
    "é",
    "a",
    "'; DROP TABLE",
  );
  const text = (maxLength: number) => fc.array(hostile, { maxLength }).map((parts) => parts.join(""));

  it("F112 comes out as it went in, whatever people wrote, but for halves of characters", () => {
    fc.assert(
      fc.property(text(40), text(200), (title, body) => {
        const encoded = buildBrief(buildTask({ title, body }));
        expect(encoded).toMatch(/^[\w-]+$/u);
        expect(readBrief(encoded)).toMatchObject({ title: title.toWellFormed(), body: body.toWellFormed() });
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ["letters", "a"],
    ["emoji", "\ud83d\ude00"],
    ["halves of emoji", "\ud83d"],
    ["characters of three bytes", "漢"],
    ["control characters", "\u0001"],
    ["quotation marks", '"'],
  ])("F112 F122 fits into the inputs when the body is 65,536 %s, with most of the room used", (_, unit) => {
    const body = unit.repeat(65_536 / unit.length);
    const { dispatch } = start(buildDataTask({ body, feedback: [gate] }));
    const { brief = "" } = dispatch.inputs;

    expect(brief.length).toBeLessThanOrEqual(BRIEF_MAX_CHARS);
    expect(brief.length).toBeGreaterThan(0.95 * BRIEF_MAX_CHARS);
    expect(readBrief(brief)).toMatchObject({
      body: expect.stringMatching(/\n\[cut\]$/u),
      feedback: [{ gate: "metrics.r2" }],
    });
    expect(Object.values(dispatch.inputs).join("").length).toBeLessThanOrEqual(INPUTS_MAX_CHARS);
  });

  it("F122 fits whatever the feedback holds, and keeps as much of it as there is room for", () => {
    const long = { ...gate, message: "\u0001".repeat(5000), details: Array(20).fill("\u0001".repeat(900)) };
    const body = "x".repeat(65_536);
    const brief = buildBrief(buildTask({ body, feedback: Array(60).fill(long) }));

    expect(brief.length).toBeLessThanOrEqual(BRIEF_MAX_CHARS);
    expect(readBrief(brief)).toMatchObject({ feedback: expect.arrayContaining([expect.anything()]) });
  });

  it("F112 fits and can be read for any hostile text of any length", () => {
    const size = fc.integer({ min: 1, max: 12_000 });
    const seen = fc
      .tuple(hostile, hostile, size)
      .map(([one, two, count]) => (one + two).repeat(count).slice(0, 65_536));
    fc.assert(
      fc.property(seen, seen, (body, message) => {
        const brief = buildBrief(buildTask({ body, feedback: Array(20).fill({ ...gate, message }) }));
        expect(brief.length).toBeLessThanOrEqual(BRIEF_MAX_CHARS);
        expect(readBrief(brief)).toMatchObject({ schema: "orchestrator-brief/1", issue: 42 });
      }),
      { numRuns: 60 },
    );
  });
});
