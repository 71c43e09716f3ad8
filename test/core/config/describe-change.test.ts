import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allows, autonomies } from "../../../src/core/autonomy/autonomy.ts";
import type { Config } from "../../../src/core/config/config.ts";
import { describeConfigChange } from "../../../src/core/config/describe-change.ts";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import { acceptMetric, type MetricSample } from "../../../src/core/gate/accept-metrics.ts";
import { autonomyOf } from "../../../src/core/plan/repository/repository-view.ts";
import { admit } from "../../../src/core/queue/admit.ts";
import { admitRole, admitTask, admitWeek } from "../../../src/core/queue/cost/admit-cost.ts";
import { renderProblem } from "../../../src/core/yaml/problem.ts";
import { buildTask } from "../../support/build-task.ts";

function configOf(text: string): Config {
  const parsed = parseConfig(text);
  if (!parsed.ok) throw new Error(parsed.problems.map(renderProblem).join("\n"));
  return parsed.config;
}

/** Changes between two files that differ in these lines, as `direction name key: before → after`. */
function changesOf(before: string, after: string): readonly string[] {
  return describeConfigChange(configOf(`version: 1\n${before}`), configOf(`version: 1\n${after}`)).map(
    (change) => `${change.direction} ${change.name} ${change.key}: ${change.before} → ${change.after}`,
  );
}

function pipeline(verify: string, more = ""): string {
  return `kinds: { data: { role: data-engineer, stages: [{ name: train, workflow: train.yml }, { name: verify, workflow: verify.yml, ${verify} }] }${more} }`;
}

/** From the stricter file to the looser one; the way back is tighter. */
const ORDERED: readonly (readonly [
  name: string,
  strict: string,
  loose: string,
  looser: string,
  tighter: string,
])[] = [
  [
    "mode",
    "mode: shadow",
    "mode: active",
    "mode-activated mode: shadow → active",
    "mode-shadowed mode: active → shadow",
  ],
  [
    "autonomy",
    "autonomy: suggest",
    "autonomy: merge",
    "autonomy-raised autonomy: suggest → merge",
    "autonomy-lowered autonomy: merge → suggest",
  ],
  [
    "a limit",
    "limits: { running: 2 }",
    "limits: { running: 3 }",
    "limit-raised limits.running: 2 → 3",
    "limit-lowered limits.running: 3 → 2",
  ],
  [
    "a budget that is given up",
    "limits: { usdPerWeek: 50 }",
    "limits: {}",
    "limit-raised limits.usdPerWeek: 50 → no limit",
    "limit-lowered limits.usdPerWeek: no limit → 50",
  ],
  [
    "what a task may cost",
    "limits: { minutesPerTask: 90 }",
    "limits: { minutesPerTask: 120 }",
    "limit-raised limits.minutesPerTask: 90 → 120",
    "limit-lowered limits.minutesPerTask: 120 → 90",
  ],
  [
    "what a role may cost",
    "roles: { bugfix: { usdPerWeek: 5 } }",
    "roles: { bugfix: {} }",
    "limit-raised roles.bugfix.usdPerWeek: 5 → no limit",
    "limit-lowered roles.bugfix.usdPerWeek: no limit → 5",
  ],
  [
    "the limit of a team",
    "limits: { perTeam: { qa: 1 } }",
    "limits: { perTeam: {} }",
    "limit-raised limits.perTeam.qa: 1 → no limit",
    "limit-lowered limits.perTeam.qa: no limit → 1",
  ],
  [
    "attempts",
    "roles: { bugfix: { attempts: 5 } }",
    "roles: { bugfix: { attempts: 6 } }",
    "limit-raised roles.bugfix.attempts: 5 → 6",
    "limit-lowered roles.bugfix.attempts: 6 → 5",
  ],
  [
    "a timeout that stages have of their role",
    `roles: { data-engineer: { timeout: 30m } }\n${pipeline("accept: []")}`,
    `roles: { data-engineer: { timeout: 2h } }\n${pipeline("accept: []")}`,
    "limit-raised roles.data-engineer.timeout: 30 min → 2 h",
    "limit-lowered roles.data-engineer.timeout: 2 h → 30 min",
  ],
  [
    "a timeout of a stage's own",
    pipeline("timeout: 30m"),
    pipeline("timeout: 90m"),
    "limit-raised kinds.data.stages.verify.timeout: 30 min → 1 h 30 min",
    "limit-lowered kinds.data.stages.verify.timeout: 1 h 30 min → 30 min",
  ],
  [
    "a role's own autonomy",
    "autonomy: merge\nroles: { bugfix: { autonomy: draft-pr } }",
    "autonomy: merge\nroles: { bugfix: {} }",
    "autonomy-raised roles.bugfix.autonomy: draft-pr → merge (the file's)",
    "autonomy-lowered roles.bugfix.autonomy: merge (the file's) → draft-pr",
  ],
  [
    "a minimum",
    pipeline("accept: [{ metric: r2, where: { sensitivity: high }, min: 0.65 }]"),
    pipeline("accept: [{ metric: r2, where: { sensitivity: high }, min: 0.6 }]"),
    "threshold-loosened kinds.data.stages.verify.accept.r2 (sensitivity=high): ≥ 0.65 → ≥ 0.6",
    "threshold-tightened kinds.data.stages.verify.accept.r2 (sensitivity=high): ≥ 0.6 → ≥ 0.65",
  ],
  [
    "a maximum",
    pipeline("accept: [{ metric: loss, max: 1 }]"),
    pipeline("accept: [{ metric: loss, max: 2 }]"),
    "threshold-loosened kinds.data.stages.verify.accept.loss: ≤ 1 → ≤ 2",
    "threshold-tightened kinds.data.stages.verify.accept.loss: ≤ 2 → ≤ 1",
  ],
  [
    "the number of samples",
    pipeline("accept: [{ metric: r2, min: 0, minSamples: 20 }]"),
    pipeline("accept: [{ metric: r2, min: 0 }]"),
    "threshold-loosened kinds.data.stages.verify.accept.r2: ≥ 0, 20 samples → ≥ 0",
    "threshold-tightened kinds.data.stages.verify.accept.r2: ≥ 0 → ≥ 0, 20 samples",
  ],
  [
    "an acceptance that is gone",
    pipeline("accept: [{ metric: r2, min: 0.5 }]"),
    pipeline("accept: []"),
    "threshold-loosened kinds.data.stages.verify.accept.r2: ≥ 0.5 → not judged",
    "threshold-tightened kinds.data.stages.verify.accept.r2: not judged → ≥ 0.5",
  ],
  [
    "one of two demands on the same samples",
    pipeline("accept: [{ metric: r2, min: 0.5 }, { metric: r2, min: 0.7 }]"),
    pipeline("accept: [{ metric: r2, min: 0.5 }]"),
    "threshold-loosened kinds.data.stages.verify.accept.r2: ≥ 0.7 → ≥ 0.5",
    "threshold-tightened kinds.data.stages.verify.accept.r2: ≥ 0.5 → ≥ 0.7",
  ],
  [
    "a label that a kind needs",
    pipeline("accept: []").replace("{ role", "{ match: { labels: [data, ready] }, role"),
    pipeline("accept: []"),
    "match-changed kinds.data.match.labels: data, ready → data",
    "match-narrowed kinds.data.match.labels: data → data, ready",
  ],
  [
    "required checks",
    "gates: { checks: { required: [build, test] } }",
    "gates: { checks: { required: [test] } }",
    "required-check-removed gates.checks.required: build, test → test",
    "required-check-added gates.checks.required: test → build, test",
  ],
  [
    "allowed paths",
    "gates: { paths: { allow: [src/**] } }",
    "gates: { paths: { allow: [src/**, docs/**] } }",
    "allowed-path-added gates.paths.allow: src/** → src/**, docs/**",
    "allowed-path-removed gates.paths.allow: src/**, docs/** → src/**",
  ],
  [
    "allowing every path",
    "gates: { paths: { allow: [src/**] } }",
    "gates: { paths: { allow: [] } }",
    "allowed-path-added gates.paths.allow: src/** → every path",
    "allowed-path-removed gates.paths.allow: every path → src/**",
  ],
  [
    "protected paths",
    "gates: { paths: { protect: [.github/**, infra/**] } }",
    "gates: { paths: { protect: [.github/**] } }",
    "protected-path-removed gates.paths.protect: .github/**, infra/** → .github/**",
    "protected-path-added gates.paths.protect: .github/** → .github/**, infra/**",
  ],
  [
    "size",
    "gates: { size: { lines: 100 } }",
    "gates: { size: { lines: 101 } }",
    "size-raised gates.size.lines: 100 → 101",
    "size-lowered gates.size.lines: 101 → 100",
  ],
  [
    "assertions",
    "gates: { assertions: true }",
    "gates: { assertions: false }",
    "assertions-off gates.assertions: on → off",
    "assertions-on gates.assertions: off → on",
  ],
  [
    "approvals",
    "gates: { approvals: 2 }",
    "gates: { approvals: 1 }",
    "approvals-lowered gates.approvals: 2 → 1",
    "approvals-raised gates.approvals: 1 → 2",
  ],
  [
    "evidence",
    "gates: { evidence: { artifacts: [model] } }",
    "gates: {}",
    "evidence-removed gates.evidence.artifacts: model → none",
    "evidence-added gates.evidence.artifacts: none → model",
  ],
  [
    "bots",
    "allowedBots: []",
    "allowedBots: [49699333]",
    "bot-allowed allowedBots: none → 49699333",
    "bot-removed allowedBots: 49699333 → none",
  ],
  [
    "a stage before the last one",
    pipeline("accept: []").replace("stages: [", "stages: [{ name: lint, workflow: lint.yml }, "),
    pipeline("accept: []"),
    "stages-changed kinds.data.stages: lint, train, verify → train, verify",
    "stage-added kinds.data.stages: train, verify → lint, train, verify",
  ],
];

describe("describeConfigChange", () => {
  it.each(ORDERED)("calls %s looser one way and tighter the other", (_, strict, loose, looser, tighter) => {
    expect(changesOf(strict, loose)).toEqual([`looser ${looser}`]);
    expect(changesOf(loose, strict)).toEqual([`tighter ${tighter}`]);
  });

  it.each([
    ["another label", "label: autopilot", "label: go", "label-changed label: autopilot → go"],
    [
      "every check instead of named ones",
      "gates: { checks: { required: [test] } }",
      "gates: {}",
      "required-check-removed gates.checks.required: test → every check",
    ],
    [
      "named checks instead of every one",
      "gates: {}",
      "gates: { checks: { required: [test] } }",
      "required-check-removed gates.checks.required: every check → test",
    ],
    [
      "another workflow of a stage",
      pipeline("accept: []"),
      pipeline("accept: []").replace("verify.yml", "approve.yml"),
      "workflow-changed kinds.data.stages.verify.workflow: verify.yml → approve.yml",
    ],
    [
      "another workflow of a role",
      "kinds: { bugfix: {} }",
      "roles: { bugfix: { workflow: other.yml } }\nkinds: { bugfix: {} }",
      "workflow-changed roles.bugfix.workflow: agent.yml → other.yml",
    ],
    [
      "a stage after the one that verifies",
      pipeline("accept: []"),
      pipeline("accept: []").replace(" }] }", " }, { name: polish, workflow: polish.yml }] }"),
      "stages-changed kinds.data.stages: train, verify → train, verify, polish",
    ],
    [
      "a new kind",
      pipeline("accept: []"),
      pipeline("accept: []", ", bugfix: { match: { labels: [bug] } }"),
      "kind-changed kinds.bugfix: none → bug",
    ],
    [
      "a strict kind whose issues another one inherits",
      "kinds: { test-writer: { match: { labels: [bug, security] } }, bugfix: { match: { labels: [bug] } } }",
      "kinds: { bugfix: { match: { labels: [bug] } } }",
      "kind-changed kinds.test-writer: bug, security → none",
    ],
    [
      "another order of kinds",
      "kinds: { bugfix: {}, test-writer: {} }",
      "kinds: { test-writer: {}, bugfix: {} }",
      "kind-order-changed kinds (order): bugfix, test-writer → test-writer, bugfix",
    ],
    [
      "a role that may try more often",
      "roles: { bugfix: { attempts: 2 } }\nkinds: { fix: { role: bugfix } }",
      "roles: { bugfix: { attempts: 2 } }\nkinds: { fix: { role: test-fixer } }",
      "role-changed kinds.fix.role: bugfix → test-fixer",
    ],
    [
      "a role that leaves a limited team",
      "limits: { perTeam: { qa: 1 } }",
      "limits: { perTeam: { qa: 1 } }\nroles: { bugfix: { team: dev } }",
      "limit-raised roles.bugfix.team: qa → dev",
    ],
    [
      "a role whose ceiling goes with it",
      "autonomy: merge\nroles: { painter: { team: dev, autonomy: draft-pr } }",
      "autonomy: merge",
      "autonomy-raised roles.painter: team dev, draft-pr → none",
    ],
    ["a roadmap that is given up", "roadmap: r.yml", "", "roadmap-changed roadmap: r.yml → none"],
  ])("calls %s looser, since nobody can say that it is not", (_, before, after, change) => {
    expect(changesOf(before, after)).toContain(`looser ${change}`);
  });

  it.each([
    [
      "a kind that is gone",
      pipeline("accept: []", ", bugfix: {}"),
      pipeline("accept: []"),
      "tighter kind-removed kinds.bugfix: bugfix → none",
    ],
    [
      "inputs",
      pipeline("inputs: { days: [30, 365] }"),
      pipeline("inputs: { days: [30] }"),
      "neutral inputs-changed kinds.data.stages.verify.inputs.days: 30, 365 → 30",
    ],
    [
      "the weekly report",
      "",
      "reports: { weekly: { issue: 1 } }",
      "neutral report-changed reports.weekly: none → issue 1, 0 9 * * 1, UTC",
    ],
    [
      "a branch prefix",
      "",
      "roles: { bugfix: { branch: bug/ } }",
      "neutral branch-changed roles.bugfix.branch: fix/ → bug/",
    ],
    [
      "a new role",
      "",
      "roles: { painter: { team: dev } }",
      "neutral role-changed roles.painter: none → team dev, draft-pr",
    ],
    [
      "another order of a list",
      "gates: { checks: { required: [a, b] } }",
      "gates: { checks: { required: [b, a] } }",
      "neutral rewritten gates.checks.required: a, b → b, a",
    ],
  ])("says of %s what it is", (_, before, after, change) => {
    expect(changesOf(before, after)).toEqual([change]);
  });

  it("puts what becomes looser first", () => {
    const changes = changesOf(
      "autonomy: merge\ngates: { approvals: 2 }\nreports: { weekly: { issue: 1 } }",
      "autonomy: draft-pr\ngates: { approvals: 1 }",
    );

    expect(changes.map((change) => change.split(" ")[0])).toEqual(["looser", "tighter", "neutral"]);
  });

  it("calls a first configuration looser only when it acts", () => {
    const kinds = "kinds: { bugfix: {} }";
    const shadow = describeConfigChange(null, configOf(`version: 1\n${kinds}`));
    const active = describeConfigChange(
      null,
      configOf(`version: 1\nmode: active\nautonomy: merge\n${kinds}`),
    );

    expect(shadow.map(({ name, direction }) => `${direction} ${name}`)).toEqual([
      "neutral configuration-added",
    ]);
    expect(active.map(({ name, direction }) => `${direction} ${name}`)).toEqual([
      "looser configuration-added",
      "looser mode-activated",
      "looser autonomy-raised",
      "looser kind-changed",
    ]);
  });
});

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const record = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(shape, { requiredKeys: [] });
const names = (...items: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...items), { maxLength: items.length });

const acceptance = fc
  .record({
    metric: fc.constantFrom("r2", "loss"),
    bound: fc.integer({ min: 0, max: 3 }),
    isOpen: fc.boolean(),
    minSamples: maybe(fc.integer({ min: 1, max: 3 })),
  })
  .map(({ bound, isOpen, ...rest }) => {
    const keys = rest.metric === "loss" ? { open: "below", closed: "max" } : { open: "above", closed: "min" };
    return { ...rest, [isOpen ? keys.open : keys.closed]: bound };
  });
const stages = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom("train", "verify"),
    workflow: fc.constantFrom("a.yml", "b.yml"),
    accept: fc.array(acceptance, { maxLength: 2 }),
    timeout: maybe(fc.constantFrom("30m", "60m")),
  }),
  { minLength: 1, selector: (stage) => stage.name },
);
const kind = record({
  documentation: fc.boolean(),
  paths: names("src/**", "docs/**"),
  match: fc.record({ labels: fc.constantFrom(["bug"], ["data"], ["bug", "data"]) }),
  stages,
});
const role = record({
  backup: fc.constantFrom("feature-builder", "code-quality", false),
  minutesPerWeek: fc.integer({ min: 0, max: 2 }),
  usdPerWeek: fc.integer({ min: 0, max: 2 }),
  team: fc.constantFrom("qa", "dev"),
  attempts: fc.integer({ min: 1, max: 3 }),
  autonomy: fc.constantFrom(...autonomies),
  workflow: fc.constantFrom("a.yml", "b.yml"),
  branch: fc.constantFrom("fix/", "feature/"),
});

const window = fc.record({
  name: fc.constantFrom("freeze", "holidays"),
  starts: fc.constantFrom("0 16 * * 5", "0 0 24 12 *"),
  lasts: fc.constantFrom("1h", "2h"),
  stops: fc.constantFrom(["merge"], ["dispatch"], ["dispatch", "merge"]),
});

/** Files that differ in any of their keys, often in few. */
const file = record({
  mode: fc.constantFrom("active", "shadow"),
  autonomy: fc.constantFrom(...autonomies),
  label: fc.constantFrom("autopilot", "go"),
  limits: record({
    running: fc.integer({ min: 1, max: 3 }),
    perTeam: fc.dictionary(fc.constantFrom("qa", "dev"), fc.integer({ min: 0, max: 2 })),
    openPulls: fc.integer({ min: 1, max: 3 }),
    minutesPerWeek: fc.integer({ min: 0, max: 3 }),
    minutesPerTask: fc.integer({ min: 0, max: 3 }),
    usdPerTask: fc.integer({ min: 0, max: 3 }),
    usdPerWeek: fc.integer({ min: 0, max: 3 }),
  }),
  roles: fc.dictionary(fc.constantFrom("bugfix", "test-writer"), role),
  kinds: fc.dictionary(fc.constantFrom("bugfix", "test-writer"), kind),
  gates: record({
    checks: record({ required: names("build", "test") }),
    paths: record({ allow: names("src/**", "docs/**"), protect: names(".github/**", "infra/**") }),
    size: record({ files: fc.integer({ min: 1, max: 3 }), lines: fc.integer({ min: 1, max: 3 }) }),
    assertions: fc.boolean(),
    approvals: fc.integer({ min: 1, max: 3 }),
    people: record({
      verify: fc.boolean(),
      approvals: fc.integer({ min: 0, max: 2 }),
      branches: names("fix/*", "feature/*"),
      linkedIssue: fc.boolean(),
    }),
    owners: fc.boolean(),
    integrity: record({ enabled: fc.boolean(), evaluation: names("eval/**", "holdout/**") }),
    evidence: record({ artifacts: names("model", "report") }),
  }),
  ceilings: fc.array(
    fc.record({
      paths: fc.constantFrom(["src/**"], ["docs/**"], ["src/**", "docs/**"]),
      autonomy: fc.constantFrom(...autonomies),
    }),
    { maxLength: 2 },
  ),
  windows: fc.uniqueArray(window, { maxLength: 2, selector: ({ name }) => name }),
  critics: fc.record({
    workflow: fc.constantFrom("a.yml", "b.yml"),
    accept: fc.array(acceptance, { maxLength: 2 }),
  }),
  breaker: record({ failures: fc.integer({ min: 1, max: 2 }), pause: fc.constantFrom("5m", "10m") }),
  reports: record({ weekly: fc.record({ issue: fc.integer({ min: 1, max: 2 }) }) }),
  roadmap: fc.constantFrom("a.yml", "b.yml"),
  allowedBots: fc.uniqueArray(fc.integer({ min: 1, max: 2 })),
});

const pair = fc
  .tuple(file, file, fc.boolean())
  .map(([before, other, isNear]) => [before, isNear ? { ...before, ...other } : other])
  .map(([before, after]) => [configOf(toText(before)), configOf(toText(after))] as const);

function toText(written: unknown): string {
  return JSON.stringify({ version: 1, ...(written as object) });
}

function isLooser(before: Config, after: Config): boolean {
  return describeConfigChange(before, after).some(({ direction }) => direction === "looser");
}

describe("F165 a loosening", () => {
  it("is never missed: whatever differs is named, and nothing else", () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const isSame = JSON.stringify(before) === JSON.stringify(after);
        expect(describeConfigChange(before, after).length > 0).toBe(!isSame);
        expect(describeConfigChange(before, before)).toEqual([]);
        for (const { name, direction } of describeConfigChange(before, after))
          if (name === "rewritten") expect(direction).toBe("neutral");
      }),
      { numRuns: 300 },
    );
  });

  it("is never called tighter: what is tighter one way is looser on the way back", () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const back = new Map(
          describeConfigChange(after, before).map((change) => [change.key, change.direction]),
        );
        for (const { key, direction } of describeConfigChange(before, after))
          if (direction === "tighter") expect([key, back.get(key)]).toEqual([key, "looser"]);
      }),
      { numRuns: 300 },
    );
  });

  it("is named when a task is admitted that was not", () => {
    const load = fc.record({
      running: fc.integer({ min: 0, max: 3 }),
      perTeam: fc.record({ qa: fc.integer({ min: 0, max: 2 }) }),
      openPulls: fc.integer({ min: 0, max: 3 }),
    });
    const cost = fc.record({ minutes: fc.integer({ min: 0, max: 3 }), usd: fc.integer({ min: 0, max: 3 }) });
    const spending = fc.record({ used: cost, reserved: cost, expected: cost });
    fc.assert(
      fc.property(pair, load, spending, ([before, after], under, costs) => {
        const task = buildTask();
        const admits = (config: Config) =>
          [
            ...admit(task, config, under),
            ...admitWeek(config.limits, costs),
            ...admitTask(config.limits, costs),
            ...Object.values(config.roles)
              .filter(({ name }) => name === task.role)
              .flatMap((one) => admitRole(one, costs)),
          ].length === 0;
        const isNewlyAdmitted = !admits(before) && admits(after);
        if (isNewlyAdmitted) expect(isLooser(before, after)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("is named when a role may do more than before", () => {
    fc.assert(
      fc.property(pair, fc.constantFrom("bugfix", "test-writer"), ([before, after], name) => {
        if (!allows(autonomyOf(before, name), autonomyOf(after, name)))
          expect(isLooser(before, after)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("is named when a result passes that was refused", () => {
    const samples = fc.array(
      fc.record({
        name: fc.constantFrom("r2", "loss"),
        value: fc.integer({ min: 0, max: 3 }),
        labels: fc.record({ shop: fc.constantFrom("a", "b", "c") }),
      }),
      { maxLength: 4 },
    );
    const accepts = fc.array(acceptance, { maxLength: 2 });
    const judge = (config: Config, metrics: readonly MetricSample[]) =>
      Object.values(config.kinds)
        .flatMap(({ stages: [stage] }) => stage?.accept ?? [])
        .every((one) => acceptMetric(one, metrics).verdict === "PASS");
    fc.assert(
      fc.property(accepts, accepts, samples, (strict, loose, metrics) => {
        const [before, after] = [strict, loose].map((accept) =>
          configOf(
            toText({ kinds: { bugfix: { stages: [{ name: "verify", workflow: "a.yml", accept }] } } }),
          ),
        );
        if (before === undefined || after === undefined) return;
        if (!judge(before, metrics) && judge(after, metrics)) expect(isLooser(before, after)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
