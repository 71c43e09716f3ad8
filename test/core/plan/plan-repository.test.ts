import { describe, expect, it } from "vitest";
import type { Event } from "../../../src/core/events.ts";
import type { BranchFiles } from "../../../src/core/plan/gathered.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { planEvent } from "../../../src/core/plan/plan-event.ts";
import type { Snapshot } from "../../../src/core/plan/snapshot.ts";
import { buildConfigText, buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, NOW } from "../../support/build-task.ts";

const HEAD = "feedfacefeedfacefeedfacefeedfacefeedface";
const CONFIG = buildConfigText();
const ROADMAP =
  "version: 1\ntasks: [{ id: R-1, title: Gather }, { id: R-2, title: Use, dependsOn: [R-1] }]\n";

const pushed: Event = {
  kind: "branch.pushed",
  repo: REPO,
  branch: "topic",
  sha: HEAD,
  sender: { id: 8, login: "mallory", type: "User" },
};

function planPush(
  branchFiles: BranchFiles | null,
  snapshot: Partial<Snapshot> & Parameters<typeof buildSnapshot>[0] = {},
): Plan {
  const own = { appId: 99, slug: "orchestrator" };
  return planEvent({ snapshot: buildSnapshot(snapshot), gathered: { branchFiles }, now: NOW, own }, pushed);
}

function checkOf(plan: Plan) {
  const [effect] = plan.effects.filter(({ key }) => key === `${REPO.id}:config-check:${HEAD}`);
  if (effect?.sort !== "projection" || effect.projection.kind !== "check")
    throw new Error("there is no check");
  return effect.projection;
}

function show(plan: Plan): string {
  const { conclusion, output } = checkOf(plan);
  return `${conclusion}: ${output.title}\n\n${output.summary}`;
}

describe("the check of a branch that changes the configuration", () => {
  it("F165 shows what becomes looser on top, and which tasks are decided differently", () => {
    const looser = CONFIG.replace("merge-with-approval", "merge")
      .replace("min: 0.65", "min: 0.5")
      .replace("running: 2", "running: 1")
      .concat("gates: { paths: { protect: [.github/**] } }\n");
    const plan = planPush(
      { config: looser, roadmap: null },
      {
        active: [
          buildTask({ issue: 11, state: "running", team: "dev" }),
          buildTask({
            issue: 12,
            state: "verifying",
            pull: buildTaskPull({ number: 40, verdict: { value: "FAIL", gates: [] } }),
          }),
        ],
        queue: [buildTask({ issue: 13, held: true })],
      },
    );

    expect(show(plan)).toMatchInlineSnapshot(`
      "action_required: Needs a maintainer: autonomy-raised, threshold-loosened, protected-path-removed

      **A maintainer has to look at this.** The files are valid, but something becomes looser: \`autonomy-raised\`, \`threshold-loosened\`, \`protected-path-removed\`. Whoever means it approves the pull request and merges it; this check does not turn green by itself.

      Until this is merged into \`main\`, the configuration of \`ba5eba11ba5e\` stays in force, for this branch and its pull request too.

      ### If this is merged

      | Key | Before | After | Effect |
      | --- | --- | --- | --- |
      | \`autonomy\` | \`merge-with-approval\` | \`merge\` | ⚠️ \`autonomy-raised\`: Work goes further without a person. |
      | \`kinds.data.stages.verify.accept.r2 (sensitivity=high)\` | \`≥ 0.65\` | \`≥ 0.5\` | ⚠️ \`threshold-loosened\`: Results pass that were refused before. |
      | \`gates.paths.protect\` | \`…, CODEOWNERS, **/CODEOWNERS, .mcp.json, CLAUDE.md, AGENTS.md, **/package-lock.…\` | \`.github/**\` | ⚠️ \`protected-path-removed\`: Work may touch files that only people changed. |
      | \`limits.running\` | \`2\` | \`1\` | \`limit-lowered\`: Fewer tasks run at the same time. |

      ### Open tasks and pull requests that are decided differently

      | What | Now | Then | Why |
      | --- | --- | --- | --- |
      | #12, pull request #40 | verdict FAIL; a PASS is merged by the app | verdict is asked again; a PASS is merged by the app | Other gates hold. |
      | #13 | queued (task.held) | queued (task.held, limit.running) | As many tasks run as the repository allows. |

      Warnings of \`.github/orchestrator.yml\`:

      - \`protection-dropped\` 19:19: no longer protected: CODEOWNERS, \\*\\*/CODEOWNERS, .mcp.json, CLAUDE.md, AGENTS.md, \\*\\*/package-lock.json, \\*\\*/yarn.lock, \\*\\*/pnpm-lock.yaml"
    `);
  });

  it("is green where nothing becomes looser", () => {
    const plan = planPush(
      { config: CONFIG.replace("mode: active", "mode: shadow"), roadmap: null },
      { queue: [buildTask({ issue: 13, held: true })] },
    );

    expect(show(plan)).toMatchInlineSnapshot(`
      "success: Valid, changes 1 key

      The files are valid, and no key becomes looser.

      Until this is merged into \`main\`, the configuration of \`ba5eba11ba5e\` stays in force, for this branch and its pull request too.

      ### If this is merged

      | Key | Before | After | Effect |
      | --- | --- | --- | --- |
      | \`mode\` | \`active\` | \`shadow\` | \`mode-shadowed\`: Everything is only decided and shown, nothing is done. |

      ### Open tasks and pull requests that are decided differently

      | What | Now | Then | Why |
      | --- | --- | --- | --- |
      | #13 | queued (task.held) | queued (mode.shadow, task.held) | The repository is in shadow mode: decided and shown, not done. |"
    `);
  });

  it("F164 names every error of both files at its line, and what stays in force", () => {
    const plan = planPush(
      {
        config: `${CONFIG.replace("autonomy", "autonomie")}roadmap: r.yml\n`,
        roadmap: ROADMAP.replace("dependsOn: [R-1]", "dependsOn: [R-7]"),
      },
      { configText: `${CONFIG}roadmap: r.yml\n`, roadmapText: ROADMAP },
    );

    expect(show(plan)).toMatchInlineSnapshot(`
      "failure: 2 errors

      The files have 2 errors. A broken file does not come into force, merged or not.

      Until this is merged into \`main\`, the configuration of \`ba5eba11ba5e\` stays in force, for this branch and its pull request too.

      \`.github/orchestrator.yml\`:

      - 3:1: unknown key "autonomie" (did you mean "autonomy"?)

      ### Roadmap

      \`r.yml\`:

      - 2:72: there is no task "R-7" (did you mean "R-1"?)"
    `);
    expect(checkOf(plan).annotations).toMatchObject([
      { path: ".github/orchestrator.yml", startLine: 3, level: "failure" },
      { path: "r.yml", startLine: 2, level: "failure" },
    ]);
  });

  it("fails for a broken roadmap alone, and still says what the configuration changes", () => {
    const plan = planPush(
      { config: `${CONFIG}roadmap: r.yml\n`, roadmap: "version: 1\ntasks: 7\n" },
      { roadmapText: ROADMAP },
    );

    expect(checkOf(plan)).toMatchObject({ conclusion: "failure", output: { title: "1 error" } });
    expect(checkOf(plan).output.summary).toContain("`roadmap-added`");
  });

  it("shows a roadmap that changes while the configuration does not", () => {
    const text = `${CONFIG}roadmap: r.yml\n`;
    const plan = planPush(
      { config: text, roadmap: ROADMAP.replace(", dependsOn: [R-1]", "") },
      {
        configText: text,
        roadmapText: ROADMAP,
        queue: [buildTask({ issue: 13, roadmapId: "R-2" })],
      },
    );

    expect(show(plan)).toMatchInlineSnapshot(`
      "success: Valid, changes no key

      The files are valid, and no key becomes looser.

      Until this is merged into \`main\`, the configuration of \`ba5eba11ba5e\` stays in force, for this branch and its pull request too.

      ### If this is merged

      No key of the configuration gets another value.

      ### Open tasks and pull requests that are decided differently

      | What | Now | Then | Why |
      | --- | --- | --- | --- |
      | #13 | queued (dependency.open) | starts | Nothing stands in its way then. |

      ### Roadmap

      \`r.yml\` is valid: 2 tasks; in force now: 2."
    `);
  });

  it("says what it means to remove the file", () => {
    const plan = planPush({ config: null, roadmap: null }, { queue: [buildTask({ issue: 13 })] });

    expect(show(plan)).toMatchInlineSnapshot(`
      "success: Removes the configuration

      This removes \`.github/orchestrator.yml\`: nothing is started any more, and tasks under way stop before their next step.

      Until this is merged into \`main\`, the configuration of \`ba5eba11ba5e\` stays in force, for this branch and its pull request too.

      ### Open tasks and pull requests that are decided differently

      | What | Now | Then | Why |
      | --- | --- | --- | --- |
      | #13 | starts | needs-info (config.absent) | The repository has no \`.github/orchestrator.yml\`. |"
    `);
  });

  it("says of a first configuration in shadow mode that it does nothing", () => {
    const shadow = CONFIG.replace("mode: active", "mode: shadow");
    const plan = planPush({ config: shadow, roadmap: null }, { configText: null });

    expect(show(plan)).toMatchInlineSnapshot(`
      "success: Valid, changes 1 key

      The files are valid, and no key becomes looser.

      Until this is merged into \`main\`, no configuration is in force and nothing is started.

      ### If this is merged

      | Key | Before | After | Effect |
      | --- | --- | --- | --- |
      | \`.github/orchestrator.yml\` | \`none\` | \`mode shadow\` | \`configuration-added\`: Labelled issues are assessed and shown; nothing is done yet. |

      ### Open tasks and pull requests that are decided differently

      None."
    `);
  });

  it("names its warnings", () => {
    const more = "  late: { match: { labels: [bug, x] }, role: bugfix }\nreports:";
    const config = CONFIG.replace("reports:", more).replace(
      "mode: active",
      "mode: active\nroles: { test-fixer: { autonomy: merge } }",
    );
    const gates = "gates: { approvals: 3, paths: { protect: [] } }\n";
    const { summary } = checkOf(planPush({ config: `${config}${gates}`, roadmap: null })).output;
    const unread = CONFIG.replace("merge-with-approval", "merge").concat("gates: { approvals: 3 }\n");

    expect(summary.slice(summary.indexOf("Warnings"))).toMatchInlineSnapshot(`
      "Warnings of \`.github/orchestrator.yml\`:

      - \`role-above-ceiling\` 3:34: roles.test-fixer.autonomy is above the ceiling, so merge-with-approval counts
      - \`unreachable-kind\` 18:3: no issue is ever of the kind "late": whatever matches it matches "bugfix" first
      - \`protection-dropped\` 21:33: no longer protected: .github/\\*\\*, CODEOWNERS, \\*\\*/CODEOWNERS, .mcp.json, CLAUDE.md, AGENTS.md, \\*\\*/package-lock.json, \\*\\*/yarn.lock, \\*\\*/pnpm-lock.yaml"
    `);
    expect(checkOf(planPush({ config: unread, roadmap: null })).output.summary).toContain(
      "- `approvals-unread` ",
    );
  });

  it("counts the changes that it has no room for", () => {
    const kinds = Array.from({ length: 60 }, (_, index) => `  k${index}: { role: bugfix }\n`).join("");
    const { output } = checkOf(
      planPush({ config: CONFIG.replace("kinds:\n", `kinds:\n${kinds}`), roadmap: null }),
    );

    expect(output.summary.match(/`kinds\.k\d+`/gu)).toHaveLength(50);
    expect(output.summary).toContain("(and 10 more)");
  });

  it("repeats nothing of the file as Markdown", () => {
    const evil = "`@everyone` <img src=x> [a](http://x) | #1";
    const config = CONFIG.replace("labels: [bug]", `labels: [${JSON.stringify(evil)}]`);
    const { summary } = checkOf(
      planPush({ config, roadmap: null }, { queue: [buildTask({ kind: "gone" })] }),
    ).output;

    const [outside] = [summary.replace(/`[^`\n]*`/gu, "")];
    expect(summary).toContain("@everyone");
    expect(outside).not.toMatch(/@everyone|<img|http/u);
  });
});

describe("a branch that is not the default one", () => {
  it("S12 puts nothing in force and starts nothing, whatever its configuration says", () => {
    const config = CONFIG.replace("merge-with-approval", "deploy").replace("running: 2", "running: 100");
    const before = CONFIG.replace("mode: active", "mode: shadow");
    const task = buildTask({ issue: 13 });
    const plan = planPush({ config, roadmap: null }, { configText: before, queue: [task] });

    expect(plan.repository).toBeNull();
    expect(plan.attempts).toEqual([]);
    expect(plan.effects.filter(({ sort }) => sort === "action")).toEqual([]);
    expect(plan.tasks).toMatchObject([{ state: "queued", reasons: [{ code: "mode.shadow" }] }]);
    expect(checkOf(plan).conclusion).toBe("action_required");
  });

  it("gets no check while its files are those of the default branch", () => {
    const plan = planPush(null);

    expect(plan.outcome).toEqual({ status: "ignored", reason: "not the default branch" });
    expect(plan.effects).toEqual([]);
  });
});
