import { describe, expect, it } from "vitest";
import type { PullNow } from "../../../src/core/facts.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { pullOfGroup } from "../../../src/core/plan/pull/take-group.ts";
import type { Pull } from "../../../src/core/pull/pull.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildPullRecord } from "../../support/build-pull-record.ts";
import { REPO } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, HOUR_MS, NOW } from "../../support/build-task.ts";
import { buildCheck, buildPull, HEAD, OTHER_SHA } from "../gate/build-subject.ts";
import { planWith, projectionsIn } from "./plan-with.ts";

const QUEUE = { id: 3, login: "github-merge-queue[bot]", type: "Bot" } as const;
const BASE = "b".repeat(40);
const REF = `gh-readonly-queue/main/pr-90-${BASE}`;
const passed = { value: "PASS", gates: [] } as const;
const failed = { value: "FAIL", gates: [] } as const;

interface Given {
  readonly known?: readonly Pull[];
  readonly active?: readonly Task[];
  readonly queuedPulls?: readonly Task[];
  readonly shown?: Partial<PullNow> | null;
  readonly configText?: string | null;
  readonly trouble?: string;
}

function planRequested(given: Given = {}): Plan {
  const { known = [], active = [], queuedPulls = [], shown = {}, configText, trouble } = given;
  return planWith(
    {
      kind: "group.requested",
      repo: REPO,
      sha: OTHER_SHA,
      headRef: REF,
      baseRef: "main",
      baseSha: BASE,
      sender: QUEUE,
    },
    {
      snapshot: { pulls: known, active, queuedPulls, ...(configText === undefined ? {} : { configText }) },
      gathered:
        trouble === undefined
          ? { pull: shown === null ? null : buildPull({ number: 90, headSha: OTHER_SHA, ...shown }) }
          : { pullTrouble: trouble },
    },
  );
}

function checkIn(plan: Plan): string {
  return projectionsIn(plan, "check")
    .map(({ sha, status, conclusion }) => `${sha.slice(0, 7)} ${status} ${conclusion ?? "-"}`)
    .join();
}

const GROUP = OTHER_SHA.slice(0, 7);
const GATE = { verdict: "PASS", message: "Passed.", seen: "PASS", wanted: "PASS" } as const;

describe("F163 the commit of a merge queue", () => {
  it("passes when its pull request has passed and its own checks have", () => {
    const plan = planRequested({ known: [buildPullRecord({ verdict: passed })] });

    expect(checkIn(plan)).toBe(`${GROUP} completed success`);
    expect(plan.pulls).toMatchObject([
      { id: `1001.group.${OTHER_SHA}`, kind: "group", number: 90, state: "open" },
    ]);
  });

  it("passes for a task's pull request alike", () => {
    const pull = buildTaskPull({ number: 90, verdict: passed, verdictSha: HEAD });

    expect(checkIn(planRequested({ active: [buildTask({ state: "verifying", pull })] }))).toBe(
      `${GROUP} completed success`,
    );
  });

  it("fails for a task's that has failed, and whose next attempt waits for a place", () => {
    const pull = buildTaskPull({ number: 90, verdict: failed, verdictSha: HEAD });
    const queuedPulls = [buildTask({ state: "queued", pull })];

    expect(checkIn(planRequested({ queuedPulls }))).toBe(`${GROUP} completed failure`);
  });

  it.each([
    [
      "fails when its pull request has failed",
      { known: [buildPullRecord({ verdict: failed })] },
      "completed failure",
    ],
    ["waits for the verdict about its pull request", { known: [buildPullRecord()] }, "in_progress -"],
    [
      "fails when a check of its own fails",
      {
        known: [buildPullRecord({ verdict: passed })],
        shown: { checks: [buildCheck({ conclusion: "failure" })] },
      },
      "completed failure",
    ],
    [
      "is blocked when it cannot be read",
      { known: [buildPullRecord({ verdict: passed })], trouble: "500" },
      "completed action_required",
    ],
    ["is neutral where nothing is verified", { configText: null, shown: null }, "completed neutral"],
  ] as const)("%s", (_, given, check) => {
    expect(checkIn(planRequested(given))).toBe(`${GROUP} ${check}`);
  });

  it("asks for a pull request that was never heard of", () => {
    const plan = planRequested();

    expect(checkIn(plan)).toBe(`${GROUP} in_progress -`);
    expect(plan.events).toMatchObject([{ kind: "pull.changed", pull: 90 }]);
  });

  it("is not asked what was asked about the pull request itself", () => {
    const files = [{ ...buildPull().files?.[0], path: ".github/workflows/ci.yml" }] as PullNow["files"];
    const plan = planRequested({ known: [buildPullRecord({ verdict: passed })], shown: { files } });

    expect(checkIn(plan)).toBe(`${GROUP} completed success`);
  });

  it("is asked again when the verdict about its pull request changes", () => {
    const group = buildPullRecord({ kind: "group", headSha: OTHER_SHA, baseSha: BASE });
    const plan = planWith(
      { kind: "pull.changed", repo: REPO, pull: 90, action: "synchronize", sender: QUEUE },
      {
        snapshot: { pulls: [buildPullRecord({ verdict: passed }), group] },
        gathered: {
          pull: buildPull({ number: 90, headRef: "topic", checks: [buildCheck({ conclusion: "failure" })] }),
        },
      },
    );

    expect(plan.events).toMatchObject([{ kind: "group.changed", sha: OTHER_SHA }]);
  });

  it("ends with the queue's interest in it", () => {
    const group = buildPullRecord({ kind: "group", headSha: OTHER_SHA, baseSha: BASE });
    const plan = planWith(
      { kind: "group.destroyed", repo: REPO, sha: OTHER_SHA },
      { snapshot: { pulls: [group] } },
    );

    expect(checkIn(plan)).toBe(`${GROUP} completed cancelled`);
    expect(plan.pulls).toMatchObject([{ state: "closed", wakeAt: null }]);
  });

  describe("of which something was not heard", () => {
    const group = buildPullRecord({ kind: "group", headSha: OTHER_SHA, baseSha: BASE, headSince: NOW });
    const judged = { value: "PASS", gates: [{ ...GATE, gate: "queue" }] } as const;
    const planChanged = (known: Partial<Pull>, shown: PullNow | null = buildPull({ headSha: OTHER_SHA })) =>
      planWith(
        { kind: "group.changed", repo: REPO, sha: OTHER_SHA },
        { snapshot: { pulls: [{ ...group, ...known }] }, gathered: { pull: shown } },
      );

    it("F157 keeps its pass when its pull request has been merged", () => {
      const plan = planChanged({ verdict: judged });

      expect(checkIn(plan)).toBe("");
      expect(plan.pulls).toMatchObject([{ state: "closed", wakeAt: null }]);
    });

    it.each([
      ["waits for its pull request for a while", NOW, "in_progress -"],
      ["does not wait for its pull request for ever", NOW - 2 * HOUR_MS, "completed cancelled"],
    ])("%s", (_, headSince, check) => {
      expect(checkIn(planChanged({ headSince }))).toBe(`${GROUP} ${check}`);
    });

    it("is let go when its commit is gone", () => {
      const pulls = [buildPullRecord({ verdict: passed }), { ...group, headSince: NOW - 2 * HOUR_MS }];
      const plan = planWith(
        { kind: "group.changed", repo: REPO, sha: OTHER_SHA },
        { snapshot: { pulls }, gathered: { pull: null } },
      );

      expect(checkIn(plan)).toBe(`${GROUP} completed cancelled`);
    });

    it("F164 does not go on passing without a configuration", () => {
      const plan = planWith(
        { kind: "group.changed", repo: REPO, sha: OTHER_SHA },
        { snapshot: { configText: null, pulls: [{ ...group, verdict: judged }] } },
      );

      expect(checkIn(plan)).toBe(`${GROUP} completed cancelled`);
    });
  });

  it("that cannot be read yet is looked at again", () => {
    const plan = planRequested({ known: [buildPullRecord({ verdict: passed })], shown: null });

    expect(plan.pulls[0]?.wakeAt).toBeGreaterThan(NOW);
  });
});

describe("pullOfGroup", () => {
  it.each([
    [REF, 90],
    [`gh-readonly-queue/release/1.x/pr-7-${BASE}`, 7],
    ["main", null],
    ["gh-readonly-queue/main/pr-x-abc", null],
  ])("reads the number of %s", (ref, number) => {
    expect(pullOfGroup(ref)).toBe(number);
  });
});
