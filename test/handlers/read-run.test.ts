import { describe, expect, it } from "vitest";
import type { Event } from "../../src/core/events.ts";
import { readRunById, watchRun } from "../../src/handlers/read-run.ts";
import { buildResult, buildRun, endedRun, MINUTE_MS } from "../core/plan/plan-with.ts";
import { buildAttempt, REPO } from "../support/build-snapshot.ts";
import { NOW } from "../support/build-task.ts";
import { type Answers, fakeReaders } from "./fake-readers.ts";

const event: Event = { kind: "task.due", repo: REPO, taskId: "1001.42.1" };

async function watch(answers: Answers, minutes: number, overrides: Parameters<typeof buildAttempt>[0] = {}) {
  const readers = fakeReaders(answers);
  const attempt = buildAttempt({ dispatchedAt: NOW - minutes * MINUTE_MS, ...overrides });
  const gathered = await watchRun({ event, readers, now: NOW }, { ...attempt, runId: 900 });
  return { gathered, asked: readers.asked };
}

describe("reading a run that has ended", () => {
  it("looks at the base for the files that a claim names, and for nothing else", async () => {
    const attempt = buildAttempt();
    const result = buildResult(attempt, { signal: "already-done", evidence: ["a.ts", "b.ts"] });
    const readers = fakeReaders({ runs: [endedRun()], result, files: { "a.ts": "" } });

    expect(await readRunById({ event, readers }, 900)).toMatchObject({
      evidence: { "a.ts": true, "b.ts": false },
    });
    expect(readers.asked.slice(2)).toEqual([
      `fileAt ${attempt.baseSha} a.ts`,
      `fileAt ${attempt.baseSha} b.ts`,
    ]);
  });

  it.each([
    ["no claim", buildResult()],
    ["a claim that nobody can read", { kind: "found", text: '{"signal":', url: "" }],
    ["none at all", { kind: "missing" }],
  ] as const)("asks no more where the result has %s", async (_, result) => {
    const readers = fakeReaders({ runs: [endedRun()], result });

    expect(await readRunById({ event, readers }, 900)).not.toHaveProperty("evidence");
    expect(readers.asked).toEqual(["run 900", "resultFile 900"]);
  });
});

describe("watching a run that works", () => {
  const answers = { runs: [buildRun()], hasBegun: false };

  it("asks for its first step when that is overdue", async () => {
    expect((await watch(answers, 20)).gathered).toMatchObject({ hasBegun: false });
    expect((await watch(answers, 19)).asked).toEqual(["run 900"]);
  });

  it("asks no more once a step has begun, or the run has ended", async () => {
    expect((await watch(answers, 30, { hasBegun: true })).asked).toEqual(["run 900"]);
    expect((await watch({ runs: [endedRun()] }, 30)).asked).toEqual(["run 900", "resultFile 900"]);
  });
});
