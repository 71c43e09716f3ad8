import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { balanceOf, bareText } from "../../../src/core/gate/weakening/brackets.ts";
import { findWeakenings } from "../../../src/core/gate/weakening/find-weakenings.ts";
import { linesWithout } from "../../../src/core/gate/weakening/line-counts.ts";
import * as patterns from "../../../src/core/gate/weakening/line-patterns.ts";
import { readNeighbours } from "../../../src/core/gate/weakening/neighbours.ts";
import { readPatch } from "../../../src/core/gate/weakening/read-patch.ts";
import { buildFile, patchOf } from "./build-subject.ts";

const KILOBYTES_200 = 200 * 1024;
/** A hundred times what a linear reading takes, and less than a quadratic one does. */
const QUADRATIC_MS = 20_000;

describe("readPatch", () => {
  it("groups what was added and removed at one place, and says whether an old line follows", () => {
    const patch = [
      "@@ -1,3 +1,3 @@ function",
      " a",
      "-b",
      "+  c   d",
      " e",
      "@@ -9 +9,2 @@",
      " f",
      "+g",
      "",
    ].join("\n");
    expect(readPatch(buildFile({ patch }))).toEqual({
      added: ["c d", "g"],
      removed: ["b"],
      kept: ["function", "", "a", "e", "f"],
      lines: [
        { sign: "@", text: "function", raw: "function", indent: 0 },
        { sign: " ", text: "a", raw: "a", indent: 0 },
        { sign: "-", text: "b", raw: "b", indent: 0 },
        { sign: "+", text: "c d", raw: "  c   d", indent: 2 },
        { sign: " ", text: "e", raw: "e", indent: 0 },
        { sign: "@", text: "", raw: "", indent: 0 },
        { sign: " ", text: "f", raw: "f", indent: 0 },
        { sign: "+", text: "g", raw: "g", indent: 0 },
      ],
      runs: [
        {
          added: ["c d"],
          removed: ["b"],
          isFollowed: true,
          above: "a",
          below: "e",
          indents: [2],
          start: 2,
          end: 4,
        },
        {
          added: ["g"],
          removed: [],
          isFollowed: false,
          above: "f",
          below: "",
          indents: [0],
          start: 7,
          end: 8,
        },
      ],
    });
  });

  it("takes lines of a file that look like the format for lines of the file", () => {
    const patch = patchOf(
      "--- a/test.ts",
      "+++ b/test.ts",
      " @@ -1,1 +1,1 @@",
      "\\ No newline at end of file",
    );
    expect(readPatch(buildFile({ patch }))).toMatchObject({
      added: ["++ b/test.ts"],
      removed: ["-- a/test.ts"],
    });
  });

  it("takes an empty line for an old one without its blank", () => {
    expect(readPatch(buildFile({ patch: "@@ -1,2 +1,3 @@\n\n+a\n b" }))).toMatchObject({ added: ["a"] });
  });

  it.each([
    "@@ -1,1 +1,2 @@\n a",
    "@@ -1,1 +1,1 @@\n a\n b",
    "@@ -1,1 +1,1 @@\n-a\n-b",
    "@@ -x +1 @@\n a",
    "diff --git a b",
  ])("does not read %j", (patch) => {
    expect(readPatch(buildFile({ patch }))).toBeNull();
  });

  it("reads whatever comes without throwing, and never more lines than GitHub counted", () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom("@@ -1 +1 @@", "@@ -1,2 +1,2 @@", " a", "-b", "+c", "\\ x"),
    );
    fc.assert(
      fc.property(fc.array(line), fc.nat(5), fc.nat(5), (lines, additions, deletions) => {
        const read = readPatch(buildFile({ patch: lines.join("\n"), additions, deletions }));
        if (read === null) return;
        expect(read.added.length).toBeGreaterThanOrEqual(additions);
        expect(read.removed.length).toBeGreaterThanOrEqual(deletions);
      }),
    );
  });
});

describe("linesWithout", () => {
  it.each([
    { lines: ["a", "a"], others: ["a"], left: ["a"] },
    { lines: ["a"], others: ["a", "a"], left: [] },
    { lines: ["a,", "b"], others: ["a"], left: ["b"] },
    { lines: ["a"], others: ["// a"], left: ["a"] },
    { lines: [], others: ["a"], left: [] },
    { lines: ["constructor"], others: [], left: ["constructor"] },
  ])("leaves $left of $lines without $others", ({ lines, others, left }) => {
    expect(linesWithout(lines, others)).toEqual(left);
  });

  it("loses and gains no line", () => {
    const lines = fc.array(fc.constantFrom("a", "b", "c", "c,"));
    fc.assert(
      fc.property(lines, lines, (some, others) => {
        const kept = some.length - linesWithout(some, others).length;
        const gained = others.length - linesWithout(others, some).length;
        expect(kept).toBe(gained);
      }),
    );
  });
});

describe("brackets", () => {
  it.each([
    ["f(\"(\", '[', `{`)", "f(, , )"],
    ["a // ( comment", "a "],
    ["it doesn't matter", "it doesn't matter"],
    ['"a \\" ( b" + c', " + c"],
    ['"https://x.test" (', " ("],
    ["\\( escaped", " escaped"],
  ])("sees of %j only %j", (line, bare) => {
    expect(bareText(line)).toBe(bare);
  });

  it("names the lines whose brackets stay open, and how deep each line is in those that do not", () => {
    expect(balanceOf(["a {", "b(", "c", ")", "d"])).toEqual({ unclosed: ["a {"], depths: [0, 0, 1, 1, 0] });
    expect(balanceOf(["})", "x {", "y", "}"])).toEqual({ unclosed: [], depths: [0, 0, 1, 1] });
  });
});

describe("S16 hostile lines", () => {
  const LINES = [
    " ",
    "\t",
    "a",
    "(",
    '"',
    "'",
    "`",
    '\\"',
    "//",
    "/*",
    "*/",
    "t.",
    "it.",
    "assert",
    "expect ",
    "if ",
    "if (",
    "= ",
    ") ",
    "@@ ",
    "require.",
    "from ",
    "import '",
    "const x =",
    "# ",
    "skip ",
    '["',
    "0 && ",
    "=>",
    "\r",
    "\u2028",
    "a,",
    "verify ",
    "é",
    "f(){",
    "};",
    "import {",
    "vi.mock(",
    "total=",
    "@a.",
    "from a import ",
    "exports[`",
    '"%s',
    '"a": ["',
  ];

  it.each(LINES)(
    "reads 200 KB of %j in passing",
    (piece) => {
      const line = piece.repeat(Math.ceil(KILOBYTES_200 / piece.length));
      const patch = patchOf(`-if (${line}!`, `+x${line}(`);
      expect(findWeakenings(buildFile({ path: "test/a.test.ts", patch }))).not.toEqual([]);
    },
    QUADRATIC_MS,
  );

  it.each(["test/a.snap", "test/a.ambr", "tsconfig.json", "test/conftest.py", "vite.config.ts"])(
    "reads 200 KB of many lines of %s in passing",
    (path) => {
      const lines = LINES.flatMap((piece) => Array.from({ length: 200 }, () => piece));
      const entry = ["exports[`a 1`] = `1`;", "# name: a", "# ---", '"a": ["b"],'];
      const added = [...lines, ...Array.from({ length: 5000 }, () => entry).flat()];
      const patch = patchOf(" a", ...added.map((line) => `+${line}`));
      const files = [buildFile({ path, patch }), buildFile({ path: "test/a.test.ts", patch })];
      expect(files.flatMap((file) => findWeakenings(file, readNeighbours(files)))).not.toEqual([]);
    },
    QUADRATIC_MS,
  );

  it("holds against every pattern for itself", () => {
    for (const [name, pattern] of Object.entries(patterns)) {
      for (const piece of LINES) {
        const line = piece
          .repeat(KILOBYTES_200 / 4)
          .replace(/\s+/gu, " ")
          .slice(0, KILOBYTES_200);
        expect(typeof pattern.test(line), `${name} ${piece}`).toBe("boolean");
      }
    }
  });
});
