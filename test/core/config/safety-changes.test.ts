import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Config } from "../../../src/core/config/config.ts";
import { describeConfigChange } from "../../../src/core/config/describe-change.ts";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import { renderProblem } from "../../../src/core/yaml/problem.ts";

function configOf(text: string): Config {
  const parsed = parseConfig(text);
  if (!parsed.ok) throw new Error(parsed.problems.map(renderProblem).join("\n"));
  return parsed.config;
}

function changesOf(before: string, after: string): readonly string[] {
  return describeConfigChange(configOf(`version: 1\n${before}`), configOf(`version: 1\n${after}`)).map(
    (change) => `${change.direction} ${change.name} ${change.key}: ${change.before} → ${change.after}`,
  );
}

function metrics(...demands: readonly string[]): string {
  const reports = "reports: { artifact: reports, files: [{ format: metrics, path: metrics.json }] }";
  return `gates: { ${reports}, metrics: [${demands.map((demand) => `{ metric: r2, ${demand} }`).join(", ")}] }`;
}

function critics(more = ""): string {
  return `critics: { workflow: critics.yml${more} }`;
}

function freeze(more = "", starts = "0 16 * * 5"): string {
  return `windows: [{ name: freeze, starts: "${starts}", lasts: 62h${more} }]`;
}

const SHOWN_FREEZE = "0 16 * * 5 (UTC) for 62 h, stops merge";

/** From the stricter file to the looser one, by the names of what that is; the way back is tighter. */
const ORDERED: readonly (readonly [
  name: string,
  strict: string,
  loose: string,
  names: readonly [looser: string, tighter: string],
  change: readonly [key: string, strict: string, loose: string],
])[] = [
  [
    "judging people's own pull requests",
    "gates: { people: { verify: true } }",
    "gates: { people: { verify: false } }",
    ["people-verify-off", "people-verify-on"],
    ["gates.people.verify", "on", "off"],
  ],
  [
    "approvals of people's own pull requests",
    "gates: { people: { approvals: 1 } }",
    "gates: { people: { approvals: 0 } }",
    ["approvals-lowered", "approvals-raised"],
    ["gates.people.approvals", "1", "0"],
  ],
  [
    "names of people's branches",
    "gates: { people: { branches: [fix/*] } }",
    "gates: { people: { branches: [fix/*, feature/*] } }",
    ["branch-name-allowed", "branch-name-refused"],
    ["gates.people.branches", "fix/*", "fix/*, feature/*"],
  ],
  [
    "any name of people's branches",
    "gates: { people: { branches: [fix/*] } }",
    "gates: { people: { branches: [] } }",
    ["branch-name-allowed", "branch-name-refused"],
    ["gates.people.branches", "fix/*", "every name"],
  ],
  [
    "linked issues",
    "gates: { people: { linkedIssue: true } }",
    "gates: { people: { linkedIssue: false } }",
    ["linked-issue-off", "linked-issue-on"],
    ["gates.people.linkedIssue", "on", "off"],
  ],
  [
    "owners",
    "gates: { owners: true }",
    "gates: { owners: false }",
    ["owners-off", "owners-on"],
    ["gates.owners", "on", "off"],
  ],
  [
    "integrity",
    "gates: { integrity: { enabled: true } }",
    "gates: { integrity: { enabled: false } }",
    ["integrity-off", "integrity-on"],
    ["gates.integrity.enabled", "on", "off"],
  ],
  [
    "evaluation files",
    "gates: { integrity: { evaluation: [eval/**, holdout/**] } }",
    "gates: { integrity: { evaluation: [eval/**] } }",
    ["evaluation-removed", "evaluation-added"],
    ["gates.integrity.evaluation", "eval/**, holdout/**", "eval/**"],
  ],
  [
    "a bound that must not be reached",
    metrics("above: 0.65"),
    metrics("min: 0.65"),
    ["threshold-loosened", "threshold-tightened"],
    ["gates.metrics.r2", "> 0.65", "≥ 0.65"],
  ],
  [
    "another kind of bound that is lower",
    metrics("min: 0.65"),
    metrics("above: 0.6"),
    ["threshold-loosened", "threshold-tightened"],
    ["gates.metrics.r2", "≥ 0.65", "> 0.6"],
  ],
  [
    "a greatest value that may be reached",
    metrics("below: 10"),
    metrics("max: 10"),
    ["threshold-loosened", "threshold-tightened"],
    ["gates.metrics.r2", "< 10", "≤ 10"],
  ],
  [
    "one of two bounds of two entries",
    metrics("min: 0.5", "above: 0.5"),
    metrics("min: 0.5"),
    ["threshold-loosened", "threshold-tightened"],
    ["gates.metrics.r2", "≥ 0.5, > 0.5", "≥ 0.5"],
  ],
  [
    "how much worse than the base it may be",
    metrics("better: higher, maxWorse: 0.01"),
    metrics("better: higher, maxWorse: 0.02"),
    ["threshold-loosened", "threshold-tightened"],
    ["gates.metrics.r2", "at most 0.01 worse (higher is better)", "at most 0.02 worse (higher is better)"],
  ],
  [
    "a comparison with the base",
    metrics("where: { shop: a }, min: 0, better: lower, maxWorsePercent: 5"),
    metrics("where: { shop: a }, min: 0"),
    ["threshold-loosened", "threshold-tightened"],
    ["gates.metrics.r2 (shop=a)", "≥ 0, at most 5 % worse (lower is better)", "≥ 0"],
  ],
  [
    "a ceiling of paths",
    "autonomy: merge\nceilings: [{ paths: [src/**], autonomy: suggest }]",
    "autonomy: merge\nceilings: [{ paths: [src/**], autonomy: draft-pr }]",
    ["ceiling-raised", "ceiling-lowered"],
    ["ceilings (src/**)", "suggest", "draft-pr"],
  ],
  [
    "a ceiling that is given up",
    "autonomy: merge\nceilings: [{ paths: [src/**], autonomy: suggest }]",
    "autonomy: merge",
    ["ceiling-raised", "ceiling-lowered"],
    ["ceilings (src/**)", "suggest", "merge (the file's)"],
  ],
  [
    "the lower of two ceilings of the same paths",
    "ceilings: [{ paths: [a, b], autonomy: suggest }, { paths: [a], autonomy: observe }]",
    "ceilings: [{ paths: [a, b], autonomy: suggest }]",
    ["ceiling-raised", "ceiling-lowered"],
    ["ceilings (a)", "observe", "suggest"],
  ],
  [
    "a window",
    freeze(),
    "windows: []",
    ["window-removed", "window-added"],
    ["windows (freeze)", SHOWN_FREEZE, "none"],
  ],
  [
    "how long a window lasts",
    freeze(),
    freeze().replace("62h", "61h"),
    ["window-shortened", "window-lengthened"],
    ["windows (freeze).lasts", "62 h", "61 h"],
  ],
  [
    "what a window stops",
    freeze(", stops: [dispatch, merge]"),
    freeze(", stops: [merge]"),
    ["window-narrowed", "window-widened"],
    ["windows (freeze).stops", "dispatch, merge", "merge"],
  ],
  ["critics", critics(), "", ["critics-removed", "critics-added"], ["critics", "critics.yml", "none"]],
  [
    "what critics accept",
    critics(", accept: [{ metric: incidents, max: 0 }]"),
    critics(),
    ["threshold-loosened", "threshold-tightened"],
    ["critics.accept.incidents", "≤ 0", "not judged"],
  ],
  [
    "how long critics may take",
    critics(", timeout: 30m"),
    critics(),
    ["limit-raised", "limit-lowered"],
    ["critics.timeout", "30 min", "1 h"],
  ],
  [
    "how much trouble is borne",
    "breaker: { failures: 2 }",
    "breaker: { failures: 3 }",
    ["breaker-loosened", "breaker-tightened"],
    ["breaker.failures", "2", "3"],
  ],
  [
    "how long a rest is",
    "breaker: { pause: 2h }",
    "breaker: { pause: 10m }",
    ["breaker-loosened", "breaker-tightened"],
    ["breaker.pause", "2 h", "10 min"],
  ],
  [
    "documents as an answer",
    "kinds: { bugfix: {} }",
    "kinds: { bugfix: { documentation: true } }",
    ["documentation-accepted", "documentation-refused"],
    ["kinds.bugfix.documentation", "off", "on"],
  ],
  [
    "tasks that touch the same paths at the same time",
    "kinds: { bugfix: { paths: ['src/**', 'lib/**'] } }",
    "kinds: { bugfix: { paths: ['src/**'] } }",
    ["overlap-loosened", "overlap-tightened"],
    ["kinds.bugfix.paths", "src/**, lib/**", "src/**"],
  ],
];

describe("describeConfigChange", () => {
  it.each(ORDERED)("calls %s looser one way and tighter the other", (_name, strict, loose, names, change) => {
    const [key, before, after] = change;
    expect(changesOf(strict, loose)).toEqual([`looser ${names[0]} ${key}: ${before} → ${after}`]);
    expect(changesOf(loose, strict)).toEqual([`tighter ${names[1]} ${key}: ${after} → ${before}`]);
  });

  it.each([
    [
      "another way that is better",
      metrics("better: higher, maxWorse: 1"),
      metrics("better: lower, maxWorse: 1"),
      [
        "threshold-loosened gates.metrics.r2: at most 1 worse (higher is better) → at most 1 worse (lower is better)",
      ],
    ],
    [
      "a window at another time",
      freeze(),
      freeze(", timezone: Asia/Tokyo", "0 17 * * 5"),
      [
        "window-moved windows (freeze).starts: 0 16 * * 5 → 0 17 * * 5",
        "window-moved windows (freeze).timezone: UTC → Asia/Tokyo",
      ],
    ],
    [
      "another workflow of the critics",
      critics(),
      critics().replace("critics.yml", "approve.yml"),
      ["workflow-changed critics.workflow: critics.yml → approve.yml"],
    ],
  ])("calls %s looser both ways, since nobody can say that it is not", (_name, before, after, changes) => {
    expect(changesOf(before, after)).toEqual(changes.map((change) => `looser ${change}`));
    expect(changesOf(after, before).map((change) => change.split(" ")[0])).toEqual(
      changes.map(() => "looser"),
    );
  });

  it("calls a window of another name one that is gone and one that is new", () => {
    expect(changesOf(freeze(), freeze().replace("freeze", "weekend"))).toEqual([
      `looser window-removed windows (freeze): ${SHOWN_FREEZE} → none`,
      `tighter window-added windows (weekend): none → ${SHOWN_FREEZE}`,
    ]);
  });

  it.each([
    [
      "inputs of the critics",
      critics(),
      critics(", inputs: { depth: full }"),
      "inputs-changed critics.inputs.depth: none → full",
    ],
    [
      "a ceiling that is not below that of the file",
      "",
      "ceilings: [{ paths: [a], autonomy: draft-pr }]",
      "rewritten ceilings (a): draft-pr (the file's) → draft-pr",
    ],
    [
      "ceilings in other groups",
      "ceilings: [{ paths: [a, b], autonomy: suggest }]",
      "ceilings: [{ paths: [b], autonomy: suggest }, { paths: [a], autonomy: suggest }]",
      "rewritten ceilings: 1 in this order → 2 in this order",
    ],
    [
      "windows in another order",
      'windows: [{ name: a, starts: "0 0 * * 1", lasts: 1h }, { name: b, starts: "0 0 * * 2", lasts: 1h }]',
      'windows: [{ name: b, starts: "0 0 * * 2", lasts: 1h }, { name: a, starts: "0 0 * * 1", lasts: 1h }]',
      "rewritten windows: 2 in this order → 2 in this order",
    ],
    [
      "a demand that is written twice",
      metrics("min: 0.5"),
      metrics("min: 0.5", "min: 0.4"),
      "rewritten gates.metrics: 1 in this order → 2 in this order",
    ],
    [
      "the one sample that is needed anyway",
      metrics("min: 0.5"),
      metrics("min: 0.5, minSamples: 1"),
      "rewritten gates.metrics.r2: ≥ 0.5 → ≥ 0.5, 1 sample",
    ],
    [
      "a way that is better where nothing is compared",
      metrics("min: 0.5"),
      metrics("min: 0.5, better: higher"),
      "rewritten gates.metrics.r2: ≥ 0.5 → ≥ 0.5",
    ],
  ])("calls %s neutral both ways", (_name, before, after, change) => {
    expect(changesOf(before, after)).toEqual([`neutral ${change}`]);
    expect(changesOf(after, before)).toMatchObject([expect.stringMatching(/^neutral /u)]);
  });

  it("F165 tells two slices apart whose labels read alike", () => {
    const both = metrics('where: { a: "1, b=2" }, min: 0.5', "where: { a: 1, b: 2 }, min: 0.9");

    expect(changesOf(both, metrics("where: { a: 1, b: 2 }, min: 0.9"))).toEqual([
      'looser threshold-loosened gates.metrics.r2 (a="1, b=2"): ≥ 0.5 → not judged',
    ]);
  });

  const complete = configOf(
    readFileSync(new URL("../../../fixtures/configs/good/complete.yml", import.meta.url), "utf8"),
  );

  it.each(leavesOf(complete, []).map((path) => [path.join("."), path] as const))(
    "F165 names a change of %s",
    (_name, path) => {
      const changed = changeAt(complete, path);

      expect(changed).not.toEqual(complete);
      expect(describeConfigChange(complete, changed)).not.toEqual([]);
    },
  );
});

/** Nothing to be changed by a file: a format with one version, and names that are keys. */
const FIXED = /^(?:version|(?:roles|kinds)\.[^.]+\.name)$/u;

/** Paths of all single values of the configuration; one of each list. */
function leavesOf(value: unknown, path: readonly string[]): readonly (readonly string[])[] {
  if (value === undefined || FIXED.test(path.join("."))) return [];
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

/** A copy with one value that is another one. */
function changeAt<T>(value: T, [key, ...rest]: readonly string[]): T {
  if (key === undefined) return another(value);
  if (Array.isArray(value)) return value.with(Number(key), changeAt(value[Number(key)], rest)) as T;
  return { ...value, [key]: changeAt(value[key as keyof T], rest) };
}

function another<T>(value: T): T {
  if (typeof value === "boolean") return !value as T;
  if (typeof value === "number") return (value + 1) as T;
  return `${value}-other` as T;
}
