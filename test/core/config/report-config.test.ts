import { describe, expect, it } from "vitest";
import type { Config } from "../../../src/core/config/config.ts";
import { describeConfigChange } from "../../../src/core/config/describe-change.ts";
import { parseConfig } from "../../../src/core/config/parse-config.ts";

function configOf(gates: string): Config {
  const parsed = parseConfig(`version: 1\ngates: ${gates}`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

const reports = (...files: readonly string[]) =>
  `reports: { artifact: reports, files: [${files.join(", ")}] }`;
const JUNIT = "{ format: junit, path: junit.xml }";
const SARIF = "{ format: sarif, path: scan.sarif }";
const COVERAGE = "{ format: coverage-summary, path: c.json }";
const ALL = reports(JUNIT, SARIF, COVERAGE);

describe("gates of reports in the configuration", () => {
  it("are not there without a report", () => {
    expect(Object.keys(configOf("{}").gates)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:reports|tests|findings|coverage)$/u)]),
    );
  });

  it("are strict for each kind of report that is listed", () => {
    expect(configOf(`{ ${ALL} }`).gates).toMatchObject({
      tests: { newlySkipped: 0, lost: 0 },
      findings: { level: "warning", new: 0 },
      coverage: { lines: { maxDrop: 0 } },
    });
    expect(configOf(`{ ${reports(JUNIT)} }`).gates).not.toHaveProperty("findings");
  });

  it("are as written where they are", () => {
    const gates = "tests: { lost: 2 }, findings: { level: note }, coverage: { branches: { min: 70 } }";
    expect(configOf(`{ ${ALL}, ${gates} }`).gates).toMatchObject({
      tests: { newlySkipped: 0, lost: 2 },
      findings: { level: "note", new: 0 },
      coverage: { branches: { min: 70 } },
    });
  });
});

/** From the stricter gates to the looser ones; the way back is tighter. */
const ORDERED: readonly (readonly [
  name: string,
  strict: string,
  loose: string,
  looser: readonly string[],
])[] = [
  ["lost tests", `{ ${ALL} }`, `{ ${ALL}, tests: { lost: 2 } }`, ["gates.tests.lost: 0 → 2"]],
  [
    "skipped tests",
    `{ ${ALL} }`,
    `{ ${ALL}, tests: { newlySkipped: 1 } }`,
    ["gates.tests.newlySkipped: 0 → 1"],
  ],
  ["new findings", `{ ${ALL} }`, `{ ${ALL}, findings: { new: 3 } }`, ["gates.findings.new: 0 → 3"]],
  [
    "the level",
    `{ ${ALL} }`,
    `{ ${ALL}, findings: { level: error } }`,
    ["gates.findings.level: warning → error"],
  ],
  [
    "a floor and a loss",
    `{ ${ALL}, coverage: { lines: { min: 80, maxDrop: 1, changedMin: 90 } } }`,
    `{ ${ALL}, coverage: { lines: { min: 70, maxDrop: 2 } } }`,
    [
      "gates.coverage.lines.maxDrop: 1 → 2",
      "gates.coverage.lines.min: 80 → 70",
      "gates.coverage.lines.changedMin: 90 → not judged",
    ],
  ],
  [
    "a report that is given up",
    `{ ${reports(JUNIT, SARIF)} }`,
    `{ ${reports(JUNIT)} }`,
    [
      "gates.reports.files: junit.xml (junit), scan.sarif (sarif) → junit.xml (junit)",
      "gates.findings.new: 0 → not judged",
      "gates.findings.level: warning → not judged",
    ],
  ],
  [
    "all reports",
    `{ ${reports(JUNIT)} }`,
    "{}",
    [
      "gates.reports.artifact: reports → none",
      "gates.reports.files: junit.xml (junit) → none",
      "gates.tests.newlySkipped: 0 → not judged",
      "gates.tests.lost: 0 → not judged",
    ],
  ],
];

describe("describeConfigChange", () => {
  const changesOf = (before: string, after: string) =>
    describeConfigChange(configOf(before), configOf(after)).map(
      (change) => `${change.direction} ${change.key}: ${change.before} → ${change.after}`,
    );

  it.each(ORDERED)("calls %s looser one way and tighter the other", (_name, strict, loose, looser) => {
    expect(changesOf(strict, loose)).toEqual(looser.map((change) => `looser ${change}`));
    expect(changesOf(loose, strict).map((change) => change.split(" ")[0])).toEqual(
      looser.map(() => "tighter"),
    );
  });

  it("calls another artifact looser, since nobody can say that it is not", () => {
    const other = ALL.replace("artifact: reports", "artifact: other");
    expect(changesOf(`{ ${ALL} }`, `{ ${other} }`)).toEqual([
      "looser gates.reports.artifact: reports → other",
    ]);
  });
});
