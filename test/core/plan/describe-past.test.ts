import { describe, expect, it } from "vitest";
import type { ChangedFile } from "../../../src/core/facts.ts";
import type { GateResult } from "../../../src/core/gate/verdict.ts";
import { buildBrief } from "../../../src/core/plan/attempt/build-brief.ts";
import { failAttempt } from "../../../src/core/plan/attempt/finish-attempt.ts";
import { keepPullChange } from "../../../src/core/plan/attempt/sum-up-change.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildAttempt, buildDraft, buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../support/build-task.ts";
import { buildResult, buildRunning, CHANGE, currentIn, endedRun, planWith, taskIn } from "./plan-with.ts";

function readBrief(task: Task) {
  return JSON.parse(Buffer.from(buildBrief(task), "base64url").toString("utf8"));
}

function gate(name: string, seen: string): GateResult {
  return { gate: name, verdict: "FAIL", message: `${name} is red.`, seen, wanted: "green" };
}

/** The task after failing so often, with these figures. */
function failed(...seen: readonly string[]): Task {
  return seen.reduce<Task>(
    (task, figure) => {
      const draft = buildDraft({ snapshot: buildSnapshot({ active: [task] }) });
      failAttempt(draft, task, { gates: [gate("checks", figure)], failureClass: "task", at: "pull request" });
      return currentIn(draft);
    },
    buildTask({ state: "running" }),
  );
}

function file(path: string, overrides: Partial<ChangedFile> = {}): ChangedFile {
  return {
    path,
    previousPath: null,
    status: "modified",
    additions: 3,
    deletions: 1,
    patch: null,
    ...overrides,
  };
}

describe("what a later attempt is told of those before", () => {
  it("is nothing at the first", () => {
    expect(Object.keys(readBrief(buildTask({ feedback: [gate("checks", "1")] })))).not.toEqual(
      expect.arrayContaining(["focus"]),
    );
  });

  it("is a line for each: where, of which class, which gates, and a mark that tells equal failures", () => {
    const { tried } = readBrief(failed("2 red", "1 red", "1 red"));

    expect(tried).toMatchObject([
      { attempt: 1, at: "pull request", failureClass: "task", gates: ["checks"] },
      { attempt: 2 },
      { attempt: 3 },
    ]);
    expect(tried[1].fingerprint).toBe(tried[2].fingerprint);
    expect(tried[0].fingerprint).not.toBe(tried[1].fingerprint);
  });

  it("keeps the last ten", () => {
    const { tried } = readBrief(failed(...Array.from({ length: 14 }, (_, index) => `${index} red`)));

    expect(tried.map(({ attempt }: { attempt: number }) => attempt)).toEqual([
      5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    ]);
  });

  it("is tighter than the first brief: what to mend, where to stay, and how often the same came", () => {
    const changed = keepPullChange(failed("1 red", "1 red"), [file("src/a.ts"), file("test/a.test.ts")]);

    expect(readBrief({ ...changed, paths: ["src/**"] }).focus).toEqual({
      mend: ["checks"],
      stayIn: ["src/**", "src/a.ts", "test/a.test.ts"],
      changeNothingElse: true,
      sameFailure: 2,
    });
  });
});

describe("the summary of the last change", () => {
  it("has paths and lines of the pull request, as GitHub compares them", () => {
    const files = [file("src/a.ts"), file("src/b.ts", { status: "removed", additions: 0, deletions: 40 })];

    expect(readBrief(keepPullChange(buildTask({ attempt: 2 }), files)).lastChange).toEqual({
      attempt: 2,
      files: [
        { path: "src/a.ts", change: "modified", added: 3, removed: 1 },
        { path: "src/b.ts", change: "removed", added: 0, removed: 40 },
      ],
      more: 0,
    });
  });

  it("is of the answer where that came to no pull request", () => {
    const attempt = buildAttempt();
    const changes = [CHANGE, { path: "old.ts", mode: "100644", contentBase64: null }];
    const plan = planWith(
      {
        kind: "run.changed",
        repo: buildSnapshot().repository.repo,
        runId: 900,
        title: "agent",
        status: "completed",
        conclusion: "success",
        runAttempt: 1,
      },
      {
        snapshot: { focus: buildRunning(), active: [buildRunning()], attempts: [attempt] },
        gathered: { run: endedRun(), result: buildResult(attempt, { outcome: "failed", changes }) },
      },
    );

    expect(taskIn(plan).lastChange).toEqual({
      attempt: 1,
      files: [
        { path: "src/price.ts", change: "written", added: null, removed: null },
        { path: "old.ts", change: "removed", added: null, removed: null },
      ],
      more: 0,
    });
  });

  it.each(["a\nb.ts", "a\u202eb.ts", "x".repeat(201), "a\ud800.ts"])(
    "F112 only counts a file called %j",
    (path) => {
      const { lastChange } = keepPullChange(buildTask(), [file(path), file("src/a.ts")]);

      expect(lastChange?.files.map((one) => one.path)).toEqual(["src/a.ts"]);
      expect(lastChange?.more).toBe(1);
    },
  );

  it("counts what is beyond thirty files, and leaves a list that GitHub cut alone", () => {
    const many = Array.from({ length: 100 }, (_, index) => file(`src/${index}.ts`));
    const task = keepPullChange(buildTask(), many);

    expect(task.lastChange).toMatchObject({ more: 70 });
    expect(keepPullChange(task, null)).toBe(task);
  });

  it("F122 fits whatever was changed, tried, learned and written", () => {
    const path = "ä".repeat(200);
    const files = Array.from({ length: 30 }, () => file(path));
    const task = keepPullChange(buildTask({ attempt: 2, body: "\u0001".repeat(60_000) }), files);
    const known = Array.from({ length: 5 }, (_, index) => ({
      ...{
        id: `${index}`,
        title: '"'.repeat(200),
        body: "ß".repeat(1000),
        paths: Array(10).fill("é".repeat(200)),
      },
      ...{ taskId: "t", issue: 1, runId: 1, seen: 1, firstAt: NOW, lastAt: NOW },
    }));
    const feedback = Array(20).fill({ ...gate("g", ""), message: "\u0001".repeat(1000) });

    const brief = buildBrief({ ...task, title: "\u0001".repeat(1000), feedback }, known);
    expect(brief.length).toBeLessThanOrEqual(60_000);
    expect(JSON.parse(Buffer.from(brief, "base64url").toString()).schema).toBe("orchestrator-brief/1");
  });
});
