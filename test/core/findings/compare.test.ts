import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding, TestCase } from "../../../src/core/evidence/reports/report.ts";
import { compareCoverage } from "../../../src/core/findings/compare-coverage.ts";
import { compareFindings } from "../../../src/core/findings/compare-findings.ts";
import { compareTests } from "../../../src/core/findings/compare-tests.ts";
import { coverageOf, findingsOf, testsBy, testsOf } from "./build-reports.ts";

const namesOf = (cases: readonly TestCase[]) => cases.map(({ name }) => name);

const byText = (a: string, b: string) => (a < b ? -1 : 1);

const RENAMES = new Map([
  ["test/a.test.ts", "test/moved/a.test.ts"],
  ["src/a.ts", "src/moved/a.ts"],
]);
const moved = (path: string) => RENAMES.get(path) ?? path;

describe("compareTests", () => {
  it("tells apart what is new, old, mended, skipped, flaky and gone", () => {
    const base = testsBy({
      a: "passed",
      b: "failed",
      c: "failed",
      d: "passed",
      e: "passed",
      f: "passed",
      g: "skipped",
    });
    const head = testsBy({
      a: "failed",
      b: "failed",
      c: "passed",
      d: "skipped",
      e: "flaky",
      g: "skipped",
      h: "failed",
    });

    const comparison = compareTests(base, head);

    expect(namesOf(comparison.newFailures)).toEqual(["a", "h"]);
    expect(namesOf(comparison.existingFailures)).toEqual(["b"]);
    expect(namesOf(comparison.fixed)).toEqual(["c"]);
    expect(namesOf(comparison.newlySkipped)).toEqual(["d"]);
    expect(namesOf(comparison.flaky)).toEqual(["e"]);
    expect(namesOf(comparison.disappeared)).toEqual(["f"]);
    expect(comparison.countDrop).toEqual({ before: 7, after: 7, drop: 0 });
  });

  it("takes everything for new without a baseline, and says so", () => {
    const comparison = compareTests(null, testsBy({ a: "failed", b: "passed" }));

    expect(comparison.hasBaseline).toBe(false);
    expect(namesOf(comparison.newFailures)).toEqual(["a"]);
    expect(comparison.countDrop.drop).toBe(0);
  });

  it("counts the cases that are gone", () => {
    const comparison = compareTests(
      testsBy({ a: "passed", b: "passed", c: "passed" }),
      testsBy({ b: "passed" }),
    );

    expect(comparison.countDrop).toEqual({ before: 3, after: 1, drop: 2 });
  });

  it.each<[string, readonly [string, string], readonly [string, string]]>([
    ["in another file", ["a.ts", "shop › adds"], ["b.ts", "shop › adds"]],
    ["in another suite", ["a.ts", "shop › adds"], ["a.ts", "cart › of two › adds"]],
    ["out of its suite", ["a.ts", "shop › adds"], ["a.ts", "shop adds"]],
    ["in other letters", ["a.ts", "Shop › adds 1, 2"], ["a.ts", "shop › Adds: 1 2."]],
    ["with another object", ["a.ts", "fits [1] shop.Cart@1b2c3d4e"], ["a.ts", "fits [1] shop.Cart@5f6a7b8c"]],
    ["with another moment", ["a.ts", "at 2026-01-02T10:00:00.001Z"], ["a.ts", "at 2026-03-04T11:00:00.002Z"]],
  ])("does not take a test for gone that is there %s", (_name, [from, before], [to, now]) => {
    const base = testsOf([{ name: before, file: from, outcome: "passed" }]);
    const head = testsOf([{ name: now, file: to, outcome: "passed" }]);

    expect(compareTests(base, head).disappeared).toEqual([]);
  });

  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ["under another name", ["x", "y"], ["p", "q"], ["x", "y"]],
    ["as another row", ["fits[1]"], ["fits[2]"], ["fits[1]"]],
    ["of signs only", ["+", "-"], ["+", "*"], ["-"]],
    ["though one of its name came", ["a › adds", "b › adds"], ["c › adds", "d"], ["b › adds"]],
    ["though one of its name stayed", ["a › adds", "b › adds"], ["b › adds", "c"], ["a › adds"]],
    ["of several of one name", ["row", "row"], ["row", "column"], ["row"]],
  ])("takes a test for gone that is there %s", (_name, before, now, gone) => {
    const of = (names: readonly string[]) => testsOf(names.map((name) => ({ name, outcome: "passed" })));

    expect(namesOf(compareTests(of(before), of(now)).disappeared)).toEqual(gone);
  });

  it("never has fewer tests gone than there are fewer", () => {
    const names = fc.array(fc.constantFrom("a", "A", "s › a", "b", "s › b", "c"), { maxLength: 8 });
    const of = (all: readonly string[]) => testsOf(all.map((name) => ({ name, outcome: "passed" })));
    fc.assert(
      fc.property(names, names, (before, now) => {
        const { disappeared, countDrop } = compareTests(of(before), of(now));
        expect(disappeared.length).toBeGreaterThanOrEqual(countDrop.drop);
      }),
    );
  });

  it("sees one more failure among cases of one name", () => {
    const base = testsOf([
      { name: "row", outcome: "failed" },
      { name: "row", outcome: "passed" },
    ]);
    const head = testsOf([
      { name: "row", outcome: "failed" },
      { name: "row", outcome: "failed" },
    ]);

    const comparison = compareTests(base, head);

    expect(comparison.newFailures).toHaveLength(1);
    expect(comparison.existingFailures).toHaveLength(1);
  });

  it("keeps the numbers of parameterised cases apart", () => {
    const comparison = compareTests(testsBy({ "fits[1]": "failed" }), testsBy({ "fits[2]": "failed" }));

    expect(namesOf(comparison.newFailures)).toEqual(["fits[2]"]);
  });

  it("gives unique ids, even to names that look like an ordinal", () => {
    const { cases } = testsOf(
      ["x", "x", "x #2", "x  #2"].map((name) => ({ name, outcome: "passed" as const })),
    );

    expect(new Set(cases.map(({ id }) => id)).size).toBe(4);
  });

  it("does not depend on order or on where files are", () => {
    const anyCase = fc.record({
      name: fc.constantFrom("a", "b", "c", "d"),
      file: fc.constantFrom("test/a.test.ts", "test/b.test.ts", null),
      outcome: fc.constantFrom("passed" as const, "failed" as const, "skipped" as const, "flaky" as const),
    });
    const anyCases = fc.array(anyCase, { maxLength: 12 });
    const shuffled = anyCases.chain((cases) =>
      fc.tuple(
        fc.constant(cases),
        fc.shuffledSubarray(cases, { minLength: cases.length, maxLength: cases.length }),
      ),
    );

    fc.assert(
      fc.property(shuffled, shuffled, ([base, mixedBase], [head, mixedHead]) => {
        const moveAll = (cases: typeof base) =>
          cases.map((found) => ({ ...found, file: found.file === null ? null : moved(found.file) }));

        const plain = compareTests(testsOf(base), testsOf(moveAll(head)), RENAMES);
        const mixed = compareTests(testsOf(mixedBase), testsOf(moveAll(mixedHead)), RENAMES);
        const unmoved = compareTests(testsOf(base), testsOf(head));

        expect(mixed).toEqual(plain);
        expect(namesOf(plain.newFailures).toSorted(byText)).toEqual(
          namesOf(unmoved.newFailures).toSorted(byText),
        );
        expect(plain.disappeared).toHaveLength(unmoved.disappeared.length);
      }),
      { numRuns: 200 },
    );
  });
});

describe("compareFindings", () => {
  it("tells apart what is added, existing and gone", () => {
    const base = findingsOf([{ message: "a" }, { message: "b" }]);
    const head = findingsOf([{ message: "b" }, { message: "c" }]);

    const comparison = compareFindings(base, head);

    expect(comparison.added.map(({ message }) => message)).toEqual(["c"]);
    expect(comparison.existing.map(({ message }) => message)).toEqual(["b"]);
    expect(comparison.gone.map(({ message }) => message)).toEqual(["a"]);
  });

  it("shows the last of equal findings as the added one", () => {
    const comparison = compareFindings(findingsOf([{ line: 4 }]), findingsOf([{ line: 90 }, { line: 5 }]));

    expect(comparison.added.map(({ line }) => line)).toEqual([90]);
  });

  it("adds everything without a baseline", () => {
    const comparison = compareFindings(null, findingsOf([{ message: "a" }]));

    expect(comparison).toMatchObject({
      hasBaseline: false,
      added: [{ message: "a" }],
      existing: [],
      gone: [],
    });
  });

  it("does not depend on order, on lines or on where files are", () => {
    const anyFinding = fc.record({
      message: fc.constantFrom("a", "b", "c"),
      path: fc.constantFrom("src/a.ts", "src/b.ts"),
      line: fc.integer({ min: 1, max: 50 }),
    });
    const anyFindings = fc.uniqueArray(anyFinding, {
      maxLength: 10,
      selector: ({ path, line }) => `${path}:${line}`,
    });
    const scene = fc.tuple(anyFindings, anyFindings, fc.integer({ min: 0, max: 500 }));

    fc.assert(
      fc.property(scene, ([base, head, shift]) => {
        const plain = compareFindings(findingsOf(base), findingsOf(head));
        const changed = head.map(({ message, path, line }) => ({
          message,
          path: moved(path),
          line: line + shift,
        }));

        const comparison = compareFindings(findingsOf(base), findingsOf(changed.toReversed()), RENAMES);

        const places = (added: readonly Finding[], moved: number) =>
          added.map(({ message, line }) => `${message}:${(line ?? 0) - moved}`).toSorted(byText);
        expect(places(comparison.added, shift)).toEqual(places(plain.added, 0));
        expect(comparison.gone).toHaveLength(plain.gone.length);
        expect(comparison.existing).toHaveLength(plain.existing.length);
      }),
      { numRuns: 200 },
    );
  });
});

describe("compareCoverage", () => {
  it("compares all files, and those of the change", () => {
    const base = coverageOf({ "src/a.ts": [8, 10], "src/b.ts": [10, 10] });
    const head = coverageOf({ "src/moved/a.ts": [4, 10], "src/b.ts": [10, 10] });

    const comparison = compareCoverage(base, head, {
      changedFiles: ["src/moved/a.ts", "README.md"],
      renames: RENAMES,
    });

    expect(comparison.overall.lines).toEqual({ before: 90, after: 70, delta: -20 });
    expect(comparison.changed.lines).toEqual({ before: 80, after: 40, delta: -40 });
    expect(comparison.measuredFiles).toEqual(["src/moved/a.ts"]);
    expect(comparison.unmeasuredFiles).toEqual([]);
  });

  it("names files that are no longer measured", () => {
    const base = coverageOf({ "src/a.ts": [1, 10], "src/b.ts": [10, 10], "src/c.ts": [1, 1] });

    const head = coverageOf({ "src/b.ts": [10, 10] });
    const changedFiles = ["src/c.ts"];

    expect(compareCoverage(base, head, { changedFiles }).unmeasuredFiles).toEqual(["src/a.ts", "src/c.ts"]);
    expect(compareCoverage(base, head, { changedFiles, goneFiles: changedFiles }).unmeasuredFiles).toEqual([
      "src/a.ts",
    ]);
  });

  it("names files that count for nothing any more, unless the change took all code out of them", () => {
    const base = coverageOf({ "src/a.ts": [1, 10], "src/b.ts": [1, 10], "src/types.ts": [0, 0] });
    const head = coverageOf({ "src/a.ts": [0, 0], "src/b.ts": [0, 0] });

    expect(compareCoverage(base, head, { changedFiles: ["src/b.ts"] }).unmeasuredFiles).toEqual(["src/a.ts"]);
  });

  it("knows a file that is gone by its whole path where the report has it so", () => {
    const base = coverageOf({ "/app/src/a.ts": [1, 10], "/app/src/b.ts": [1, 1] });
    const head = coverageOf({ "/app/src/b.ts": [1, 1] });
    const unmeasured = (path: string) =>
      compareCoverage(base, head, { changedFiles: [path], goneFiles: [path] }).unmeasuredFiles;

    expect(unmeasured("src/a.ts")).toEqual([]);
    expect(unmeasured("rc/a.ts")).toEqual(["/app/src/a.ts"]);
  });

  it.each([
    ["beside a measured one", "src/new.ts", ["src/new.ts"]],
    ["below a measured one", "src/parts/deep/new.ts", ["src/parts/deep/new.ts"]],
    ["above all measured ones", "new.ts", []],
    ["elsewhere", "tools/new.ts", []],
    ["of another kind", "src/new.py", []],
    ["that is measured", "src/a.ts", []],
  ])("looks for the measure of a new file %s", (_name, path, unmeasuredNew) => {
    const head = coverageOf({ "src/a.ts": [1, 10], "index.js": [1, 1] });
    const comparison = compareCoverage(null, head, { changedFiles: [path], newCode: [path] });

    expect(comparison.unmeasuredNew).toEqual(unmeasuredNew);
  });

  it("has no change without a baseline or without anything to cover", () => {
    const comparison = compareCoverage(null, coverageOf({ "src/a.ts": [0, 0] }), { changedFiles: [] });

    expect(comparison.hasBaseline).toBe(false);
    expect(comparison.overall.branches).toEqual({ before: null, after: null, delta: null });
  });
});
