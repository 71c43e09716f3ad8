import { describe, expect, it } from "vitest";
import { planQueue } from "../../../src/core/plan/plan-queue.ts";
import { type ConfigPreview, previewConfig } from "../../../src/core/plan/repository/preview-config.ts";
import type { Snapshot } from "../../../src/core/plan/snapshot.ts";
import type { Pull } from "../../../src/core/pull/pull.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildPullRecord } from "../../support/build-pull-record.ts";
import { buildConfigText, buildDraft, buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, NOW } from "../../support/build-task.ts";

const CONFIG = buildConfigText();
const ROADMAP =
  "version: 1\ntasks: [{ id: R-1, title: Gather }, { id: R-2, title: Use, dependsOn: [R-1] }]\n";

interface Preview {
  readonly tasks: readonly Task[];
  readonly after?: string | null;
  readonly roadmap?: string | null;
  readonly openPulls?: readonly Pull[];
  readonly snapshot?: Partial<Snapshot> & Parameters<typeof buildSnapshot>[0];
}

function previewOf({
  tasks,
  after = CONFIG,
  roadmap = null,
  openPulls = [],
  snapshot = {},
}: Preview): ConfigPreview {
  const draft = buildDraft({
    snapshot: buildSnapshot({
      active: tasks.filter((task) => task.state !== "queued"),
      queue: tasks.filter((task) => task.state === "queued"),
      ...snapshot,
    }),
    gathered: { openPulls },
  });
  return previewConfig(draft, { config: after, roadmap });
}

function rowsOf(preview: ConfigPreview): readonly string[] {
  return preview.decisions.map(
    ({ issue, pull, before, after, why }) =>
      `#${issue}${pull === null ? "" : `, pull #${pull}`}: ${before} → ${after}: ${why}`,
  );
}

function withText(written: string, instead: string, text = CONFIG): string {
  if (!text.includes(written)) throw new Error(`the configuration does not say "${written}"`);
  return text.replace(written, instead);
}

const running = (issue: number, overrides: Partial<Task> = {}) =>
  buildTask({ issue, state: "running", correlation: `1001.${issue}.1.1.0.0`, ...overrides });
const published = (issue: number, overrides: Partial<Task> = {}) =>
  buildTask({
    issue,
    state: "verifying",
    pull: buildTaskPull({ number: issue + 100, verdict: { value: "PASS", gates: [] } }),
    ...overrides,
  });

describe("previewConfig", () => {
  it("names every open pull request of a person whose gates are others then, and how its verdict stands now", () => {
    const openPulls = [
      buildPullRecord({ number: 5, verdict: { value: "PASS", gates: [] } }),
      buildPullRecord({ number: 6 }),
      buildPullRecord({ number: 7, state: "closed", wakeAt: null }),
      buildPullRecord({ kind: "group", number: 5, headSha: "d".repeat(40) }),
    ];
    const previews = [
      "gates: { size: { files: 3 } }",
      "gates: { people: { verify: false } }",
      "# A remark.",
    ].map((line) => previewOf({ tasks: [], openPulls, after: buildConfigText({ lines: [line] }) }));

    expect(
      previews.map((preview) =>
        preview.decisions.map(({ pull, before, after }) => `${pull}: ${before} → ${after}`),
      ),
    ).toEqual([
      ["5: verdict PASS → verdict is asked again", "6: no verdict yet → verdict is asked again"],
      [
        "5: verdict PASS → not verified, its check is neutral",
        "6: no verdict yet → not verified, its check is neutral",
      ],
      [],
    ]);
  });

  it.each([
    "windows: [{ name: night, starts: 0 22 * * *, lasts: 8h }]",
    "ceilings: [{ paths: [infra/**], autonomy: observe }]",
  ])("says of a task's pull request that it is judged anew under %s", (line) => {
    const { decisions } = previewOf({ tasks: [published(13)], after: buildConfigText({ lines: [line] }) });

    expect(decisions).toMatchObject([{ issue: 13, after: expect.stringContaining("asked again") }]);
  });

  it("says nothing about tasks that are decided as before", () => {
    const tasks = [
      buildTask({ issue: 11 }),
      running(12, { team: "dev" }),
      published(13),
      buildTask({ issue: 14, state: "blocked" }),
    ];

    expect(previewOf({ tasks, after: `${CONFIG}# A remark.\n` }).decisions).toEqual([]);
  });

  it("names what a higher limit starts, in the order of the queue and no further than the limit", () => {
    const data = { kind: "data", role: "data-engineer", team: "dev" };
    const tasks = [
      ...[running(11, data), running(12, data)],
      ...[13, 14].map((issue, index) => buildTask({ issue, ...data, enqueuedAt: NOW - 1000 + index })),
    ];

    expect(rowsOf(previewOf({ tasks, after: withText("running: 2", "running: 3") }))).toEqual([
      "#13: queued (limit.running) → starts: Nothing stands in its way then.",
    ]);
  });

  it("names what a lower autonomy, shadow mode and a lost kind hold back", () => {
    const tasks = [buildTask({ issue: 11 })];
    const edits = [
      withText("autonomy: merge-with-approval", "autonomy: suggest"),
      withText("mode: active", "mode: shadow"),
      withText("  bugfix:\n    match: { labels: [bug] }\n", ""),
      null,
    ];

    expect(edits.flatMap((after) => rowsOf(previewOf({ tasks, after })))).toEqual([
      "#11: starts → queued (autonomy.too-low): The granted autonomy does not allow this step.",
      "#11: starts → queued (mode.shadow): The repository is in shadow mode: decided and shown, not done.",
      "#11: starts → needs-info (kind.unknown): The configuration has no kind, or no stage of it, for this task.",
      "#11: starts → needs-info (config.absent): The repository has no `.github/orchestrator.yml`.",
    ]);
  });

  it("gives a task without a kind the one that comes", () => {
    const task = buildTask({
      issue: 11,
      labels: ["docs"],
      kind: "unknown",
      role: "unknown",
      team: "unknown",
    });
    const after = withText("kinds:\n", "kinds:\n  docs: { role: feature-builder }\n");

    expect(rowsOf(previewOf({ tasks: [task], after }))).toEqual([
      "#11: needs-info (kind.unknown) → starts: Nothing stands in its way then.",
    ]);
  });

  it("says of a reason that goes while others stay that it goes", () => {
    const task = buildTask({ issue: 11, held: true });
    const before = withText("mode: active", "mode: shadow");

    expect(rowsOf(previewOf({ tasks: [task], snapshot: { configText: before } }))).toEqual([
      "#11: queued (mode.shadow, task.held) → queued (task.held): No longer: mode.shadow.",
    ]);
  });

  it("F198 says that work in flight stops before its next step", () => {
    const tasks = [running(11), buildTask({ issue: 12, state: "verifying", held: true })];

    expect(
      rowsOf(previewOf({ tasks, after: withText("autonomy: merge-with-approval", "autonomy: suggest") })),
    ).toEqual([
      "#11: running, then goes on → running, then waits (autonomy.too-low): The granted autonomy does not allow this step.",
      "#12: verifying, then waits (task.held) → verifying, then waits (autonomy.too-low, task.held): The granted autonomy does not allow this step.",
    ]);
  });

  it("says that a running stage is judged by other thresholds, or by none because it is gone", () => {
    const task = running(11, { kind: "data", role: "data-engineer", team: "dev", stage: 2 });
    const verify = CONFIG.slice(CONFIG.indexOf("      - name: verify"), CONFIG.indexOf("  bugfix:"));

    expect(rowsOf(previewOf({ tasks: [task], after: withText("min: 0.65", "min: 0.5") }))).toEqual([
      "#11: running → running, judged by other thresholds: The `accept` of its stage is another one.",
    ]);
    expect(rowsOf(previewOf({ tasks: [task], after: withText(verify, "") }))).toEqual([
      "#11: running → running, then FAIL: Its stage is not configured any more.",
    ]);
  });

  it("does not stumble over a queued task that has gone through more stages than there are", () => {
    const task = buildTask({ issue: 11, kind: "data", role: "data-engineer", team: "dev", stage: 2 });
    const verify = CONFIG.slice(CONFIG.indexOf("      - name: verify"), CONFIG.indexOf("  bugfix:"));

    expect(rowsOf(previewOf({ tasks: [task], after: withText(verify, "") }))).toEqual([
      "#11: starts → needs-info (kind.unknown): The configuration has no kind, or no stage of it, for this task.",
    ]);
  });

  it("says which pull requests are judged again and who merges them", () => {
    const tasks = [published(11), published(12, { role: "data-engineer", state: "blocked" })];
    const lowered = withText("autonomy: merge-with-approval", "autonomy: draft-pr");
    const gates = `${CONFIG}gates: { size: { lines: 10 } }\n`;
    const role = `${CONFIG}roles: { bugfix: { branch: bug/ } }\n`;

    expect(rowsOf(previewOf({ tasks, after: lowered }))).toEqual([
      "#11, pull #111: verdict PASS; a PASS is merged by the app → verdict is asked again; a PASS is merged by a person: Other gates hold.",
      "#12, pull #112: verdict PASS; a PASS is merged by the app → verdict is asked again; a PASS is merged by a person: Other gates hold.",
    ]);
    expect(rowsOf(previewOf({ tasks, after: gates }))).toHaveLength(2);
    expect(rowsOf(previewOf({ tasks, after: role }))).toEqual([
      "#11, pull #111: verdict PASS; a PASS is merged by the app → verdict is asked again; a PASS is merged by the app: Other gates hold.",
    ]);
    expect(
      rowsOf(previewOf({ tasks, after: withText("mode: active", "mode: shadow") })).map(
        (row) => row.split(": ")[1],
      ),
    ).toEqual(
      Array(2).fill("verdict PASS; a PASS is merged by the app → verdict PASS; a PASS is merged by a person"),
    );
  });

  it("looks at the tasks with the roadmap of the branch", () => {
    const text = `${CONFIG}roadmap: r.yml\n`;
    const task = buildTask({ issue: 11, roadmapId: "R-2" });
    const snapshot = { configText: text, roadmapText: ROADMAP };
    const of = (roadmap: string | null) => previewOf({ tasks: [task], after: text, roadmap, snapshot });
    const lifted = "#11: queued (dependency.open) → starts: Nothing stands in its way then.";

    expect(rowsOf(of(ROADMAP))).toEqual([]);
    expect(rowsOf(of(ROADMAP.replace(", dependsOn: [R-1]", "")))).toEqual([lifted]);
    expect(rowsOf(of(null))).toEqual([lifted]);
    expect(of(null).changes).toMatchObject([{ name: "roadmap-removed", direction: "looser" }]);
  });

  it("keeps the files in force where those of the branch are broken", () => {
    const text = `${CONFIG}roadmap: r.yml\n`;
    const task = buildTask({ issue: 11, roadmapId: "R-2" });
    const broken = previewOf({
      tasks: [task],
      after: "version: 2",
      roadmap: "version: 2",
      snapshot: { configText: text, roadmapText: ROADMAP },
    });

    expect(broken).toMatchObject({
      config: { ok: false },
      roadmap: { path: "r.yml", parsed: { ok: false } },
      changes: [],
      decisions: [],
    });
  });

  it("calls nothing missing that nobody has looked for, and says so", () => {
    const after = withText("workflow: train.yml", "workflow: fit.yml, inputs: { depth: 3 }");
    const task = buildTask({ issue: 11, kind: "data", role: "data-engineer", team: "dev" });
    const roadmap = ROADMAP.replace(
      "title: Use",
      "title: Use, requires: { paths: [schema.json], workflows: [eval.yml] }",
    );
    const preview = previewOf({
      tasks: [{ ...task, roadmapId: "R-1" }],
      after: `${after}roadmap: r.yml\n`,
      roadmap,
    });

    expect(preview.assumed).toEqual(["fit.yml", "eval.yml", "schema.json"]);
    expect(preview.decisions).toEqual([]);
  });

  it("lists 50 tasks and counts the others, and those that the snapshot does not hold", () => {
    const tasks = Array.from({ length: 60 }, (_, index) =>
      buildTask({ issue: index + 1, enqueuedAt: NOW - 1000 + index }),
    );
    const preview = previewOf({
      tasks,
      after: withText("mode: active", "mode: shadow"),
      snapshot: { queueLength: 75 },
    });

    expect(preview.decisions).toHaveLength(50);
    expect([preview.unlisted, preview.beyond]).toEqual([10, 15]);
  });

  it("S12 changes nothing of the draft that it looks at", () => {
    const tasks = [buildTask({ issue: 11 }), running(12), published(13)];
    const draftOf = () =>
      buildDraft({ snapshot: buildSnapshot({ active: tasks.slice(1), queue: tasks.slice(0, 1) }) });
    const [looked, left] = [draftOf(), draftOf()];

    previewConfig(looked, { config: withText("merge-with-approval", "deploy"), roadmap: null });

    expect(looked.toPlan()).toEqual(left.toPlan());
    planQueue(looked);
    planQueue(left);
    expect(looked.toPlan()).toEqual(left.toPlan());
  });
});
