import { describe, expect, it } from "vitest";
import { createKeyLines } from "../../../src/core/config/create-key-lines.ts";
import { parseConfig } from "../../../src/core/config/parse-config.ts";

const METRICS = "metrics: [{ metric: r2, min: 0.65 }]";
const REPORT = "reports: { artifact: reports, files: [{ format: metrics, path: m.json }] }";

function problemsOf(gates: string): readonly string[] {
  const parsed = parseConfig(`version: 1\ngates:\n  ${gates}\n`);
  return parsed.ok ? [] : parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe("gates.metrics", () => {
  it("goes with a report of the format metrics", () => {
    expect(problemsOf(`${METRICS}\n  ${REPORT}`)).toEqual([]);
  });

  it("needs such a report, or nothing would be judged", () => {
    const message = "gates.metrics needs a report in gates.reports.files of the format metrics";

    expect(problemsOf(METRICS)).toEqual([`3:3 ${message}`]);
    expect(problemsOf(`${METRICS}\n  ${REPORT.replace("format: metrics", "format: junit")}`)).toEqual([
      `3:3 ${message}`,
    ]);
  });

  it("is needed by such a report, or nothing would look at it", () => {
    const message = "a report of the format metrics needs gates.metrics, which says what is good enough";

    expect(problemsOf(REPORT)).toEqual([`3:51 ${message}`]);
    expect(problemsOf(`metrics: []\n  ${REPORT}`)).toEqual([`4:51 ${message}`]);
  });
});

describe("createKeyLines", () => {
  const lineOf = createKeyLines(
    [
      "version: 1",
      "gates:",
      "  size:",
      "    lines: 900",
      "  metrics:",
      "    - { metric: r2, min: 0.65 }",
      "    - metric: mape",
      "      below: 10",
      "  assertions: false",
      "label: ~",
    ].join("\r\n"),
  );

  it.each<[readonly (string | number)[], number | null]>([
    [["version"], 1],
    [["gates"], 2],
    [["gates", "size"], 3],
    [["gates", "size", "lines"], 4],
    [["gates", "metrics"], 5],
    [["gates", "metrics", 0], 6],
    [["gates", "metrics", 1], 7],
    [["gates", "metrics", 1, "below"], 8],
    [["gates", "metrics", 2], null],
    [["gates", "assertions"], 9],
    [["label"], 10],
    [["gates", "size", "files"], null],
    [["gates", "owners"], null],
    [["gates", "assertions", "x"], null],
    [["gates", "metrics", "length"], null],
    [["gates", "constructor"], null],
    [["kinds"], null],
    [[], null],
  ])("finds %j on line %j", (path, line) => {
    expect(lineOf(path)).toBe(line);
  });

  it("finds nothing in what cannot be read", () => {
    expect(createKeyLines("a: [")(["a"])).toBeNull();
    expect(createKeyLines("")(["a"])).toBeNull();
    expect(createKeyLines("x".repeat(100_000))(["a"])).toBeNull();
  });
});
