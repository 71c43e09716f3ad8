import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allows, autonomies } from "../../../src/core/autonomy/autonomy.ts";
import type { Config, Role, Stage } from "../../../src/core/config/config.ts";
import { defaultConfig, parseConfig } from "../../../src/core/config/parse-config.ts";
import { evaluationByDefault } from "../../../src/core/config/written-safety.ts";
import { renderProblem } from "../../../src/core/yaml/problem.ts";
import { busyMs } from "../../support/busy-ms.ts";

function configOf(text: string): Config {
  const parsed = parseConfig(text);
  if (!parsed.ok) throw new Error(parsed.problems.map(renderProblem).join("\n"));
  return parsed.config;
}

function problemsOf(text: string): readonly string[] {
  const parsed = parseConfig(text);
  return parsed.ok ? [] : parsed.problems.map(renderProblem);
}

function warningsOf(text: string): readonly string[] {
  const parsed = parseConfig(text);
  return parsed.ok ? parsed.warnings.map(renderProblem) : ["refused"];
}

function roleIn(text: string, name: string): Role {
  return entry(configOf(text).roles, name);
}

function stageIn(text: string, kind: string): Stage {
  const [stage] = entry(configOf(text).kinds, kind).stages;
  if (stage === undefined) throw new Error(`No stage in ${kind}`);
  return stage;
}

function entry<T>(record: Readonly<Record<string, T>>, name: string): T {
  const found = new Map(Object.entries(record)).get(name);
  if (found === undefined) throw new Error(`No ${name} in ${Object.keys(record)}`);
  return found;
}

function windowOf(starts: string, lasts: string): string {
  return `version: 1\nwindows:\n  - name: freeze\n    starts: "${starts}"\n    lasts: ${lasts}`;
}

const HOUR_MS = 3_600_000;
const NO_BOUNDS = {
  min: undefined,
  max: undefined,
  above: undefined,
  below: undefined,
  minSamples: undefined,
};

describe("parseConfig", () => {
  it("fills in everything that is not written", () => {
    const { roles, ...rest } = defaultConfig();

    expect(rest).toEqual({
      version: 1,
      mode: "shadow",
      autonomy: "draft-pr",
      governed: false,
      label: "autopilot",
      limits: {
        running: 4,
        perTeam: {},
        openPulls: 8,
        minutesPerWeek: undefined,
        usdPerWeek: undefined,
        minutesPerTask: undefined,
        usdPerTask: undefined,
      },
      kinds: {},
      gates: {
        checks: { required: [] },
        paths: {
          allow: [],
          protect: [
            ".github/**",
            "CODEOWNERS",
            "**/CODEOWNERS",
            ".mcp.json",
            "CLAUDE.md",
            "AGENTS.md",
            "**/package-lock.json",
            "**/yarn.lock",
            "**/pnpm-lock.yaml",
          ],
        },
        size: { files: 100, lines: 2_000 },
        assertions: true,
        approvals: 1,
        people: { verify: true, approvals: 0, branches: [], linkedIssue: false },
        owners: false,
        integrity: {
          enabled: true,
          evaluation: evaluationByDefault,
        },
        metrics: [],
        evidence: { artifacts: [] },
      },
      knowledge: { brief: true },
      ceilings: [],
      windows: [],
      critics: undefined,
      breaker: { failures: 3, pauseMs: 600_000 },
      reports: { weekly: undefined },
      roadmap: undefined,
      roadmapIssues: { open: 3 },
      roadmapUpdates: { pullRequest: true, context: undefined },
      allowedBots: [],
    });
    expect(Object.values(roles).map(({ name, team, branch }) => `${name} ${team} ${branch}`)).toEqual([
      "bugfix qa fix/",
      "code-quality qa fix/",
      "test-fixer qa fix/",
      "feature-builder dev feature/",
      "test-writer dev feature/",
      "data-engineer dev feature/",
      "explore dev feature/",
      "plan dev feature/",
      "backend-architect dev feature/",
      "test-automator dev feature/",
      "code-reviewer qa fix/",
      "security-auditor qa fix/",
      "performance-engineer dev feature/",
      "deployment-engineer dev feature/",
      "terraform-specialist dev feature/",
      "devops-troubleshooter qa fix/",
      "architect-reviewer qa fix/",
      "knowledge-manager dev feature/",
    ]);
    for (const { name, backup = "" } of Object.values(roles)) {
      expect(backup).not.toBe(name);
      expect(Object.keys(roles)).toContain(backup);
    }
    expect(roles.bugfix).toEqual({
      name: "bugfix",
      team: "qa",
      workflow: "agent.yml",
      backup: "code-quality",
      branch: "fix/",
      attempts: 15,
      timeoutMs: HOUR_MS,
      autonomy: undefined,
      minutesPerWeek: undefined,
      usdPerWeek: undefined,
    });
  });

  it("lets a file change single fields of a built-in role and add roles of its own", () => {
    const { roles } = configOf(`
version: 1
autonomy: merge
roles:
  bugfix: { attempts: 20, timeout: 90s, autonomy: suggest }
  painter: { team: art }
`);

    expect(roles.bugfix).toMatchObject({
      team: "qa",
      workflow: "agent.yml",
      attempts: 20,
      timeoutMs: 90_000,
      autonomy: "suggest",
    });
    expect(roles.painter).toEqual({
      name: "painter",
      team: "art",
      workflow: undefined,
      branch: "feature/",
      attempts: 15,
      timeoutMs: HOUR_MS,
      autonomy: undefined,
    });
    expect(roles["test-fixer"]).toMatchObject({ attempts: 15 });
  });

  it("sends inputs as they were written, one value per attempt", () => {
    const { inputs } = stageIn(
      `
version: 1
kinds:
  data:
    role: data-engineer
    stages:
      - name: generate
        workflow: generate.yml
        inputs: { tenants: 20, days: [30, 365, 1095], python: 3.10, dry: True, seed: 12345678901234567890, note: "1e3" }
`,
      "data",
    );

    expect(inputs).toEqual({
      tenants: ["20"],
      days: ["30", "365", "1095"],
      python: ["3.10"],
      dry: ["True"],
      seed: ["12345678901234567890"],
      note: ["1e3"],
    });
  });

  it("normalises what a stage accepts", () => {
    const { accept } = stageIn(
      `
version: 1
kinds:
  data:
    role: data-engineer
    stages:
      - name: verify
        workflow: verify.yml
        accept:
          - { metric: r2, where: { sensitivity: high, tenant: 07 }, min: 0.65 }
          - { metric: mape, above: 0, below: 10, minSamples: 3 }
`,
      "data",
    );

    expect(accept).toEqual([
      {
        metric: "r2",
        where: { sensitivity: "high", tenant: "07" },
        ...NO_BOUNDS,
        min: 0.65,
      },
      { ...NO_BOUNDS, metric: "mape", where: {}, above: 0, below: 10, minSamples: 3 },
    ]);
  });

  it("gives a kind without stages the one stage of its role", () => {
    const { kinds } = configOf(
      "version: 1\nroles: { bugfix: { timeout: 2h } }\nkinds: { bugfix: {}, bug: { role: bugfix } }",
    );

    const stages = [
      { name: "change", workflow: "agent.yml", inputs: {}, accept: [], timeoutMs: 2 * HOUR_MS },
    ];
    const same = { documentation: false, paths: [], needs: [], role: "bugfix", stages };
    expect(kinds.bugfix).toEqual({ name: "bugfix", match: { labels: ["bugfix"] }, ...same });
    expect(kinds.bug).toEqual({ name: "bug", match: { labels: ["bug"] }, ...same });
  });

  it("gives a stage the deadline of its role unless it has one", () => {
    const { kinds } = configOf(`
version: 1
roles: { bugfix: { timeout: 1d } }
kinds:
  bugfix: { stages: [{ name: a, workflow: a.yml }, { name: b, workflow: b.yaml, timeout: 5m }] }
`);

    expect(kinds.bugfix).toMatchObject({ stages: [{ timeoutMs: 24 * HOUR_MS }, { timeoutMs: 300_000 }] });
  });

  it("normalises critics, windows, the breaker and the metrics of pull requests", () => {
    const { critics, windows, breaker, gates } = configOf(`
version: 1
critics:
  workflow: critics.yml
  inputs: { depth: 07, tenants: [3.10, 4] }
  accept: [{ metric: incidents, where: { shop: 01 }, max: 0 }]
windows: [{ name: freeze, starts: "0 16 * * 5", lasts: 62h }]
breaker: { pause: 90s }
gates:
  reports: { artifact: reports, files: [{ format: metrics, path: metrics.json }] }
  metrics: [{ metric: r2, where: { tenant: 07 }, better: higher, maxWorse: 0 }]
`);

    expect(critics).toEqual({
      workflow: "critics.yml",
      inputs: { depth: "07", tenants: "3.10" },
      accept: [{ ...NO_BOUNDS, metric: "incidents", where: { shop: "01" }, max: 0 }],
      timeoutMs: HOUR_MS,
    });
    expect(windows).toEqual([
      { name: "freeze", starts: "0 16 * * 5", timezone: "UTC", lastsMs: 62 * HOUR_MS, stops: ["merge"] },
    ]);
    expect(breaker).toEqual({ failures: 3, pauseMs: 90_000 });
    expect(gates.metrics).toEqual([
      {
        ...NO_BOUNDS,
        metric: "r2",
        where: { tenant: "07" },
        better: "higher",
        maxWorse: 0,
        maxWorsePercent: undefined,
      },
    ]);
  });

  it.each([
    "min: 1, max: 1",
    "above: 0, max: 1",
    "min: 0, below: 1",
    "above: 0, below: 0.000001",
    "min: 2, above: 1, max: 2, below: 3",
  ])("takes %s for bounds between which a value is left", (bounds) => {
    expect(
      problemsOf(`version: 1\ncritics: { workflow: c.yml, accept: [{ metric: r2, ${bounds} }] }`),
    ).toEqual([]);
  });

  it.each([
    "min: 1, below: 1",
    "above: 1, max: 1",
    "above: 1, below: 1",
    "min: 2, max: 1",
    "min: 1, above: 1, max: 1",
  ])("takes %s for bounds between which none is", (bounds) => {
    expect(
      problemsOf(`version: 1\ncritics: { workflow: c.yml, accept: [{ metric: r2, ${bounds} }] }`),
    ).toEqual(["2:38: critics.accept[0] must have bounds between which a value is left"]);
  });

  it("warns about a ceiling of paths above that of the file only", () => {
    const ceilings = autonomies.map((autonomy) => `{ paths: [src/**], autonomy: ${autonomy} }`).join(", ");

    expect(warningsOf(`version: 1\nautonomy: merge\nceilings: [${ceilings}]`)).toEqual([
      "3:252: ceilings[5].autonomy is above that of the file, so merge counts",
    ]);
  });

  it.each([
    ["0 0 * * *", "1d"],
    ["0 0 * * *", "25h"],
    ["0 * * * *", "35d"],
    ["0 9 * * 1", "7d"],
  ])("warns about a window from %s for %s, which begins again before it is over", (starts, lasts) => {
    expect(warningsOf(windowOf(starts, lasts))).toEqual([
      "5:12: windows[0] begins again before it is over, so it may never end",
    ]);
  });

  it.each([
    ["0 0 * * *", "23h"],
    ["0 0 * * 6,0", "1d"],
    ["0 0 * * 6,0", "2d"],
    ["0 0 1 1 *", "35d"],
    ["0 0 29 2 *", "35d"],
  ])("says nothing about a window from %s for %s", (starts, lasts) => {
    expect(warningsOf(windowOf(starts, lasts))).toEqual([]);
  });

  it("keeps the kinds in the order of the file, because the first that matches counts", () => {
    const { kinds } = configOf("version: 1\nkinds: { test-writer: {}, bugfix: {}, code-quality: {} }");

    expect(Object.keys(kinds)).toEqual(["test-writer", "bugfix", "code-quality"]);
  });

  it("reports weekly on Monday morning in UTC unless told otherwise", () => {
    const { reports } = configOf("version: 1\nreports: { weekly: { issue: 7 } }");

    expect(reports.weekly).toEqual({ issue: 7, cron: "0 9 * * 1", timezone: "UTC" });
  });

  it("is frozen, so that nothing can be loosened after the check", () => {
    const config = configOf("version: 1\nkinds: { bugfix: {} }");

    expect(Object.isFrozen(config.gates.paths.protect)).toBe(true);
    expect(Object.isFrozen(entry(config.kinds, "bugfix").stages[0])).toBe(true);
    expect(() => Object.assign(config.limits, { running: 100 })).toThrow(TypeError);
  });

  it("has no role or kind under a name that objects inherit", () => {
    const config = configOf("version: 1");

    expect(config.roles.constructor).toBeUndefined();
    expect(config.kinds.toString).toBeUndefined();
    expect(problemsOf("version: 1\nkinds: { constructor: {} }")).toEqual([
      '2:10: kinds.constructor.role is missing, and there is no role named "constructor"',
    ]);
  });

  it.each([
    ["90s", 90_000],
    ["1m", 60_000],
    ["12h", 12 * HOUR_MS],
    ["35d", 35 * 24 * HOUR_MS],
  ])("takes %s for a duration of %d ms", (timeout, ms) => {
    expect(roleIn(`version: 1\nroles: { bugfix: { timeout: ${timeout} } }`, "bugfix").timeoutMs).toBe(ms);
  });

  it.each(["60", "0m", "1.5h", "-1m", "1w", "1h30m", "36d", "9999999d", "60 m"])(
    "does not take %s for a duration",
    (timeout) => {
      expect(problemsOf(`version: 1\nroles: { bugfix: { timeout: ${timeout} } }`)).toHaveLength(1);
    },
  );

  it.each(["agent.yml", "a.b-c_d.yaml"])("takes %s for a workflow", (workflow) => {
    expect(problemsOf(`version: 1\nroles: { bugfix: { workflow: ${workflow} } }`)).toEqual([]);
  });

  it.each([
    "../agent.yml",
    ".github/workflows/agent.yml",
    "agent.json",
    ".yml",
    "a b.yml",
    "agent.yml@main",
    "12",
  ])("takes %s for no workflow", (workflow) => {
    expect(problemsOf(`version: 1\nroles: { bugfix: { workflow: "${workflow}" } }`)).toHaveLength(1);
  });

  it.each(["fix", "/fix/", "fix//", "fix/../", "-fix/", "refs heads/", "fix~/", ""])(
    "takes %j for no branch prefix",
    (branch) => {
      expect(problemsOf(`version: 1\nroles: { bugfix: { branch: "${branch}" } }`)).toHaveLength(1);
    },
  );

  it.each(["../x.yml", "/x.yml", "a//b.yml", "a/../b.yml", "x.json"])("takes %s for no roadmap", (path) => {
    expect(problemsOf(`version: 1\nroadmap: ${path}`)).toHaveLength(1);
  });

  it("accepts 19 inputs of a stage and no more, because GitHub allows 25 and 6 are ours", () => {
    const stage = (count: number) => {
      const inputs = Array.from({ length: count }, (_, index) => `i${index}: 1`).join(", ");
      return `version: 1\nkinds: { bugfix: { stages: [{ name: a, workflow: a.yml, inputs: { ${inputs} } }] } }`;
    };

    expect(problemsOf(stage(19))).toEqual([]);
    expect(problemsOf(stage(20))).toEqual([
      "2:65: kinds.bugfix.stages[0].inputs must have at most 19 inputs: GitHub allows 25, and 6 are always sent",
    ]);
  });

  it("warns about nothing in a plain file", () => {
    expect(warningsOf("version: 1\nautonomy: merge-with-approval\ngates: { approvals: 2 }")).toEqual([]);
  });

  it("takes a backup that is another role, or none", () => {
    const withBackup = (backup: string) => `version: 1\nroles: { bugfix: { backup: ${backup} } }`;

    expect(roleIn(withBackup("test-fixer"), "bugfix").backup).toBe("test-fixer");
    expect(roleIn(withBackup("false"), "bugfix").backup).toBeUndefined();
    expect(problemsOf(withBackup("bugfix"))).toEqual(['2:28: "bugfix" cannot take over from itself']);
    expect(problemsOf(withBackup("bugfx"))).toEqual([
      '2:28: there is no role "bugfx" (did you mean "bugfix"?)',
    ]);
    expect(problemsOf(withBackup("true"))).toEqual([
      "2:28: roles.bugfix.backup must be the name of a role, or false for none",
    ]);
  });

  it("warns about a backup that may do more, since it never takes over", () => {
    const text = "version: 1\nautonomy: merge\nroles: { bugfix: { autonomy: draft-pr, backup: test-fixer } }";

    expect(warningsOf(text)).toEqual([
      '3:48: "test-fixer" may go further than "bugfix", so it never takes over',
    ]);
  });

  it("warns about budgets into which a run would not fit", () => {
    const text = (minutes: number) =>
      `version: 1\nlimits: { minutesPerTask: ${minutes} }\nkinds: { bugfix: {} }\nroles: { bugfix: { timeout: 30m } }`;

    expect(warningsOf(text(30))).toEqual([]);
    expect(warningsOf(text(29))).toEqual([
      "2:27: limits.minutesPerTask is less than the 30 minutes that a run may take, which count while nothing is known of its workflow; lower `timeout` as well",
    ]);
  });

  it("warns about a role above the ceiling, and keeps it below", () => {
    const text = "version: 1\nautonomy: suggest\nroles: { bugfix: { autonomy: deploy } }";

    expect(warningsOf(text)).toEqual(["3:30: roles.bugfix.autonomy is above the ceiling, so suggest counts"]);
    expect(roleIn(text, "bugfix").autonomy).toBe("suggest");
  });

  it("warns about a kind that another one always takes the issues of, whatever the case of its labels", () => {
    const kinds = "bugfix: { match: { labels: [bug] } }, test-fixer: { match: { labels: [test, BUG] } }";

    expect(warningsOf(`version: 1\nkinds: { ${kinds} }`)).toEqual([
      '2:48: no issue is ever of the kind "test-fixer": whatever matches it matches "bugfix" first',
    ]);
  });
});

describe("parseConfig on any file", () => {
  const autonomy = fc.constantFrom(...autonomies);
  const roleName = fc.constantFrom("bugfix", "test-writer", "painter", "constructor");
  const role = fc.record({
    team: fc.constantFrom("qa", "dev"),
    autonomy: fc.option(autonomy, { nil: undefined }),
  });

  it("S13 never grants an autonomy above what is written", () => {
    const written = fc.record({
      version: fc.constant(1),
      autonomy: fc.option(autonomy, { nil: undefined }),
      roles: fc.dictionary(roleName, role),
    });

    fc.assert(
      fc.property(written, (file) => {
        const config = configOf(JSON.stringify(file));
        const ceiling = file.autonomy ?? "draft-pr";
        expect(config.autonomy).toBe(ceiling);
        for (const [name, { autonomy: own }] of Object.entries(config.roles)) {
          expect(allows(ceiling, own ?? ceiling)).toBe(true);
          expect(allows(file.roles[name]?.autonomy ?? ceiling, own ?? ceiling)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("S13 grants no autonomy by a key in any other place or spelling", () => {
    const place = fc.constantFrom(
      "limits",
      "gates",
      "reports",
      "kinds",
      "gates.paths",
      "Autonomy",
      "autonomy ",
    );

    fc.assert(
      fc.property(place, autonomy, (where, level) => {
        const parsed = parseConfig(
          JSON.stringify({ version: 1, autonomy: "observe", [where]: { autonomy: level } }),
        );
        expect(parsed.ok).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it("never throws, and says where, whatever the values", () => {
    const key = fc.constantFrom(
      ...["version", "mode", "autonomy", "limits", "roles", "kinds", "gates", "reports", "roadmap", "stages"],
      ...[
        "bugfix",
        "match",
        "labels",
        "inputs",
        "accept",
        "where",
        "weekly",
        "cron",
        "perTeam",
        "paths",
        "x",
      ],
    );
    const leaf = fc.oneof(fc.constantFrom(1, null, true, "", "merge", "a.yml", "60m", 1e300), fc.string());
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5, depthSize: "large" },
        leaf,
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 6 }),
      ),
    }));

    fc.assert(
      fc.property(fc.dictionary(key, tree), (file) => {
        const text = JSON.stringify(file, undefined, 1);
        const parsed = parseConfig(text);
        const lines = text.split("\n");
        for (const { line, column, message } of parsed.ok ? parsed.warnings : parsed.problems) {
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
          expect(message).not.toMatch(/undefined|\[object|Invalid|received/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("is done with the largest file in less than 100 ms", () => {
    const unknown = `version: 1\n${Array.from({ length: 6_000 }, (_, index) => `key${index}: 1`).join("\n")}`;
    const times = [1, 2, 3].map(() => {
      const start = busyMs();
      parseConfig(unknown);
      return busyMs() - start;
    });

    expect(Math.min(...times)).toBeLessThan(100);
  });
});
