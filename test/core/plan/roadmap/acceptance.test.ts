import { describe, expect, it } from "vitest";
import { buildAttempt, buildConfigText, REPO } from "../../../support/build-snapshot.ts";
import {
  actionsIn,
  buildResult,
  buildRunning,
  CHANGE,
  codesOf,
  endedRun,
  planWith,
  taskIn,
} from "../plan-with.ts";

const ROADMAP = `version: 1
tasks:
  - id: R1
    title: A model
    acceptance: { metrics: [{ metric: r2, min: 0.65 }], artifacts: [model] }
  - id: R2
    title: Another one
`;
const CONFIG = buildConfigText({ lines: ["roadmap: .github/roadmap.yml"] }).replace(
  "kinds:\n",
  [
    "kinds:",
    "  proof:",
    "    match: { labels: [proof] }",
    "    role: data-engineer",
    "    stages:",
    "      - { name: train, workflow: train.yml }",
    "      - { name: verify, workflow: verify.yml, accept: [{ metric: loss, max: 1 }] }\n",
  ].join("\n"),
);
const LOSS = { name: "loss", value: 0.5 };
const MODEL = { name: "model" };

interface Ending {
  readonly stageIndex?: number;
  readonly kind?: string;
  readonly roadmapId?: string;
  readonly result: Parameters<typeof buildResult>[1];
  readonly there?: Readonly<Record<string, boolean>>;
}

/** What becomes of a task of the roadmap whose run has left a result and the artifact `model`. */
function end({ stageIndex = 1, kind = "proof", roadmapId = "R1", result, there }: Ending) {
  const attempt = buildAttempt({ stageIndex });
  const task = buildRunning({ kind, roadmapId, stage: stageIndex });
  const file = buildResult(attempt, result);
  const event = {
    ...{ kind: "run.changed" as const, repo: REPO, runId: 900, status: "completed", conclusion: "success" },
    ...{ title: `agent ${attempt.correlation}`, runAttempt: 1 },
  };
  return planWith(event, {
    snapshot: { configText: CONFIG, roadmapText: ROADMAP, active: [task], focus: task, attempts: [attempt] },
    gathered: {
      run: endedRun(),
      result: file.kind === "found" ? { ...file, uploaded: ["model"] } : file,
      ...(there !== undefined && { evidence: there }),
    },
  });
}

describe("the acceptance of a roadmap task", () => {
  it("is what the end of its pipeline is held against, beside what the stage asks for", () => {
    const metrics = [LOSS, { name: "r2", value: 0.7 }];
    const plan = end({ result: { metrics, artifacts: [MODEL] } });

    expect(taskIn(plan).state).toBe("done");
    expect(actionsIn(plan, "close-issue")).toHaveLength(1);
  });

  it.each([
    ["metric that is out of bounds", { metrics: [LOSS, { name: "r2", value: 0.01 }], artifacts: [MODEL] }],
    [
      "artifact that the result does not name",
      { metrics: [LOSS, { name: "r2", value: 0.7 }], artifacts: [] },
    ],
  ])("fails the attempt by a %s", (_, result) => {
    const plan = end({ result });

    expect(taskIn(plan).state).not.toBe("done");
    expect(actionsIn(plan, "close-issue")).toEqual([]);
    expect(taskIn(plan).timeline.some(({ state }) => state === "FAIL")).toBe(true);
  });

  it("puts a metric that nobody measured before a person, and says where it is asked for", () => {
    const plan = end({ result: { metrics: [LOSS], artifacts: [MODEL] } });

    expect(taskIn(plan).state).toBe("blocked");
    expect(codesOf(taskIn(plan))).toEqual(["gate.blocked"]);
    expect(JSON.stringify(taskIn(plan).feedback)).toContain("acceptance of R1");
  });

  it("holds the change of a coding agent as well, which is needed all the same", () => {
    const metrics = [{ name: "r2", value: 0.7 }];
    const code = { kind: "bugfix", stageIndex: 0 };
    const good = end({ ...code, result: { metrics, artifacts: [MODEL], changes: [CHANGE] } });
    const bad = end({
      ...code,
      result: { metrics: [{ name: "r2", value: 0.1 }], artifacts: [MODEL], changes: [CHANGE] },
    });
    const empty = end({ ...code, result: { metrics, artifacts: [MODEL], changes: [] } });

    expect(actionsIn(good, "publish")).toHaveLength(1);
    for (const plan of [bad, empty]) {
      expect(actionsIn(plan, "publish")).toEqual([]);
      expect(taskIn(plan).state).not.toBe("done");
    }
  });

  it("is a person's to judge where a coding agent says that the work was done before", () => {
    const done = { signal: "already-done", evidence: ["src/price.ts"] };
    const metrics = [{ name: "r2", value: 0.9 }];
    const plan = end({
      ...{ kind: "bugfix", stageIndex: 0, there: { "src/price.ts": true } },
      result: { ...done, metrics, artifacts: [MODEL] },
    });

    expect(taskIn(plan)).toMatchObject({ state: "blocked", spent: 0 });
    expect(codesOf(taskIn(plan))).toEqual(["work.already-done"]);
  });

  it("says nothing of a stage before the last one, and nothing of other tasks", () => {
    expect(taskIn(end({ stageIndex: 0, result: {} }))).toMatchObject({ state: "running", stage: 1 });
    expect(taskIn(end({ roadmapId: "R2", result: { metrics: [LOSS] } })).state).toBe("done");
  });
});
