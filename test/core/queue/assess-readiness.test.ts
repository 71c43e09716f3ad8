import { describe, expect, it } from "vitest";
import type { BranchFacts } from "../../../src/core/plan/repository/repository.ts";
import { viewRepository } from "../../../src/core/plan/repository/repository-view.ts";
import { assessReadiness } from "../../../src/core/queue/assess-readiness.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildConfigText, buildRepository, type RepositoryOverrides } from "../../support/build-snapshot.ts";
import { buildTask } from "../../support/build-task.ts";

const ROADMAP = `version: 1
tasks:
  - { id: T-1, title: Collect, status: done }
  - { id: T-2, title: Clean }
  - { id: T-3, title: Buy, status: dropped }
  - id: T-9
    title: Train
    dependsOn: [T-1, T-2, T-3]
    requires:
      paths: [data/raw, constructor]
      workflows: [train.yml, absent.yml, agent.yml]
`;

interface Situation extends RepositoryOverrides {
  readonly task?: Partial<Task>;
  readonly facts?: Partial<BranchFacts> | null;
  readonly done?: readonly string[];
}

function assess({ task, facts, done = [], ...repository }: Situation = {}) {
  const record = buildRepository(repository);
  const view = viewRepository(record);
  const changed =
    facts === undefined || view.facts === null ? view.facts : facts && { ...view.facts, ...facts };
  return assessReadiness(buildTask(task), { ...view, facts: changed }, done);
}

const codes = (situation: Situation = {}) => assess(situation).map((reason) => reason.code);
const messages = (situation: Situation = {}) => assess(situation).map((reason) => reason.message);

const withRoadmap = (lines: readonly string[] = []) => ({
  configText: buildConfigText({ lines: ["roadmap: .github/roadmap.yml", ...lines] }),
  roadmapText: ROADMAP,
});

describe("assessReadiness", () => {
  it("finds nothing in the way of an ordinary task", () => {
    expect(assess()).toEqual([]);
  });

  it.each<[string, Situation, readonly string[]]>([
    ["no configuration", { configText: null }, ["config.absent"]],
    ["a configuration that was never valid", { configText: "version: 7" }, ["config.invalid"]],
    ["a kind that is not configured", { task: { kind: "poetry" } }, ["kind.unknown"]],
    ["a kind that objects have", { task: { kind: "constructor" } }, ["kind.unknown"]],
    ["a hold", { task: { held: true } }, ["task.held"]],
    ["a paused repository", { pausedBy: "robin" }, ["repository.paused"]],
    ["a suspended installation", { status: "suspended" }, ["installation.suspended"]],
    ["a workflow that is gone", { facts: { workflows: {} } }, ["requires.workflow"]],
    [
      "a workflow without the trigger",
      { facts: { workflows: { "agent.yml": null } } },
      ["requires.workflow"],
    ],
    ["a workflow without inputs", { facts: { workflows: { "agent.yml": [] } } }, ["requires.input"]],
    ["a branch nobody has read", { facts: null }, ["requires.workflow"]],
  ])("names %s", (_name, situation, expected) => {
    expect(codes(situation)).toEqual(expected);
  });

  it.each([
    ["observe", ["autonomy.too-low"]],
    ["suggest", ["autonomy.too-low"]],
    ["draft-pr", []],
    ["merge-with-approval", []],
    ["merge", []],
  ])("with the autonomy %s has the reasons %j", (autonomy, expected) => {
    const configText = buildConfigText().replace("autonomy: merge-with-approval", `autonomy: ${autonomy}`);
    expect(codes({ configText })).toEqual(expected);
  });

  it("lowers the autonomy by the role's own", () => {
    const configText = buildConfigText({ lines: ["roles:", "  bugfix: { autonomy: suggest }"] });
    expect(messages({ configText })).toEqual([
      "Autonomy `suggest` allows no dispatch; `draft-pr` or more does.",
    ]);
  });

  it("says in shadow mode what would be done, and what else is in the way", () => {
    const configText = buildConfigText().replace("mode: active", "mode: shadow");
    expect(messages({ configText })).toEqual([
      "Shadow mode: stage `change` would be dispatched now; nothing is.",
    ]);
    expect(codes({ configText, task: { held: true } })).toEqual(["mode.shadow", "task.held"]);
  });

  it("names the input of a stage that its workflow does not declare", () => {
    const workflows = { "generate.yml": ["correlation"], "train.yml": ["correlation"], "verify.yml": [] };
    expect(messages({ task: { kind: "data" }, facts: { workflows } })).toEqual([
      "Workflow `generate.yml` does not declare the input `days`.",
      "Workflow `verify.yml` does not declare the input `correlation`.",
    ]);
  });

  it.each([
    ["done", []],
    ["open", ["dependency.open"]],
    ["not-done", ["dependency.not-done"]],
    ["unknown", ["dependency.unknown"]],
  ] as const)("of a dependency that is %s says %j", (state, expected) => {
    const dependencies = [{ kind: "issue" as const, ref: "acme/shop#12", state }];
    expect(codes({ task: { dependencies } })).toEqual(expected);
  });

  it("names every dependency, and by what each is lifted", () => {
    const dependencies = (["open", "open"] as const).map((state, index) => ({
      kind: "issue" as const,
      ref: `acme/shop#${index}`,
      state,
    }));
    expect(assess({ task: { dependencies } })).toMatchObject([
      { message: "acme/shop#0 is not done yet.", liftedBy: "the completion of acme/shop#0" },
      { message: "acme/shop#1 is not done yet.", liftedBy: "the completion of acme/shop#1" },
    ]);
  });
});

describe("assessReadiness with a roadmap", () => {
  const task = { roadmapId: "T-9" };

  it("lists everything that is missing at once", () => {
    expect(messages({ ...withRoadmap(), task })).toEqual([
      "Path `data/raw` is missing on `main`.",
      "Path `constructor` is missing on `main`.",
      "Workflow `.github/workflows/absent.yml` is missing there, or has no `workflow_dispatch` trigger.",
      "Roadmap task T-2 is not done yet.",
      "Roadmap task T-3 was dropped without being done.",
    ]);
  });

  it("takes a task that was done here for done, whatever the file says", () => {
    expect(codes({ ...withRoadmap(), task, done: ["T-2"] })).not.toContain("dependency.open");
  });

  it("takes a path for there only when it was seen", () => {
    const paths = { "data/raw": true, constructor: false };
    expect(messages({ ...withRoadmap(), task, facts: { paths } })).not.toContain(
      "Path `data/raw` is missing on `main`.",
    );
    expect(messages({ ...withRoadmap(), task, facts: { paths } })).toContain(
      "Path `constructor` is missing on `main`.",
    );
  });

  it("asks nothing of a task that the roadmap does not name", () => {
    expect(assess(withRoadmap())).toEqual([]);
    expect(assess({ ...withRoadmap(), task: { roadmapId: "T-404" } })).toEqual([]);
  });

  it("lists reasons of every sort together", () => {
    const dependencies = [{ kind: "issue" as const, ref: "acme/shop#1", state: "unknown" as const }];
    const found = codes({
      ...withRoadmap(),
      pausedBy: "robin",
      status: "suspended",
      facts: { workflows: {} },
      task: { roadmapId: "T-9", held: true, dependencies },
    });
    expect(new Set(found)).toEqual(
      new Set([
        "requires.path",
        "requires.workflow",
        "dependency.open",
        "dependency.not-done",
        "dependency.unknown",
        "task.held",
        "repository.paused",
        "installation.suspended",
      ]),
    );
  });
});
