import { describe, expect, it } from "vitest";
import { makeLargePull, NEW_FINDINGS, REPORTS, type Side } from "../../bench/make-large-pull.ts";
import { readReport } from "../../src/core/evidence/reports/read-report.ts";
import type { Report } from "../../src/core/evidence/reports/report.ts";

const SIZE = { files: 60, cases: 400, findings: 90, seed: 7 };
const { change, reports } = makeLargePull(SIZE);

function read(side: Side, format: (typeof REPORTS)[number]["format"]): Report {
  const reading = readReport(format, reports[side](format));
  if (!reading.ok) throw new Error(reading.why);
  return reading.report;
}

function countsOf(side: Side) {
  return REPORTS.map(({ format }) => {
    const report = read(side, format);
    if (report.kind === "tests") return report.counts.total;
    if (report.kind === "findings") return report.findings.length;
    return report.kind === "coverage" ? Object.keys(report.files).length : report.samples.length;
  });
}

describe("makeLargePull", () => {
  it("makes as much as was asked for, in reports that can be read", () => {
    expect(change.files).toHaveLength(60);
    expect(countsOf("base")).toEqual([400, 90, 48, 1_000]);
    expect(countsOf("head")).toEqual([500, 90 + NEW_FINDINGS, 48, 1_000]);
  });

  it("counts the lines of a patch as GitHub does", () => {
    for (const { patch, additions, deletions } of change.files) {
      const lines = (patch ?? "").split("\n");
      const [, before, after] = /^@@ -\d+,(\d+) \+\d+,(\d+) @@/u.exec(lines[0] ?? "") ?? [];
      expect(lines.filter((line) => line.startsWith("+"))).toHaveLength(additions);
      expect(lines.slice(1).filter((line) => !line.startsWith("+"))).toHaveLength(Number(before));
      expect(lines.slice(1).filter((line) => !line.startsWith("-"))).toHaveLength(Number(after));
      expect(deletions).toBe(0);
    }
  });

  it("calls a moved file in the reports of the base by its former path", () => {
    const moved = change.files.filter(({ previousPath }) => previousPath !== null);
    const covered = read("base", "coverage-summary");
    const paths = covered.kind === "coverage" ? Object.keys(covered.files) : [];
    const sources = moved.filter(({ path }) => path.startsWith("src/"));
    expect(moved.length).toBeGreaterThan(sources.length);
    expect(paths).toEqual(expect.arrayContaining(sources.map(({ previousPath }) => previousPath)));
    expect(sources.filter(({ path }) => paths.includes(path))).toEqual([]);
  });

  it("makes the same for the same seed", () => {
    expect(makeLargePull(SIZE).change).toEqual(change);
    expect(makeLargePull({ ...SIZE, seed: 8 }).change).not.toEqual(change);
  });
});
