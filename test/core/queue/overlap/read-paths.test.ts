import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isBoundedGlob } from "../../../../src/core/config/is-bounded-glob.ts";
import { readPaths } from "../../../../src/core/queue/overlap/read-paths.ts";

describe("readPaths", () => {
  it.each([
    ["a line", "It is slow.\nPaths: src/a/**, docs/b.md\nThanks.", ["src/a/**", "docs/b.md"]],
    ["a line in bold, as an item", "- **Paths:** `src/a.ts`", ["src/a.ts"]],
    ["one path", "path: src/a.ts", ["src/a.ts"]],
    [
      "a line that goes on in words",
      "Paths: `src/a/**` (the sums), `b.md`. And soon more.",
      ["src/a/**", "b.md"],
    ],
    [
      "what a form asked for",
      "### Paths\n\nsrc/a/**, src/b/**\n- docs/\n\n### Why\n\nlib/c.ts",
      ["src/a/**", "src/b/**", "docs/"],
    ],
    ["braces with commas", "Paths: src/{a,b}/**, lib/c.ts", ["src/{a,b}/**", "lib/c.ts"]],
    ["a path from the root", "Paths: ./src/a.ts, /lib/b.ts.", ["src/a.ts", "lib/b.ts"]],
    ["the same twice", "Paths: a.ts, a.ts\npaths: a.ts", ["a.ts"]],
    ["lines that Windows ended", "Paths: a.ts\r\nPaths: b.ts\r\n", ["a.ts", "b.ts"]],
  ])("reads %s", (_name, text, expected) => {
    expect(readPaths(text)).toEqual(expected);
  });

  it.each([
    ["a form that was left empty", "### Paths\n\n_No response_"],
    ["a sentence", "Paths: see what the design says"],
    ["a way out of the repository", "Paths: ../secrets, src/../../x"],
    ["a glob that costs too much", "Paths: *a*a*a*a*a*a*, +(a|b)+, !src"],
    ["a list of a workflow", "paths:\n  - src/**\n"],
    ["another word", "Clear paths are nice. Footpaths: a.ts"],
    ["nothing", ""],
  ])("takes nothing from %s", (_name, text) => {
    expect(readPaths(text)).toEqual([]);
  });

  it("takes twenty at most", () => {
    const many = Array.from({ length: 30 }, (_, index) => `src/f${index}.ts`);
    expect(readPaths(`Paths: ${many.join(", ")}`)).toEqual(many.slice(0, 20));
  });

  it("takes nothing that a configuration could not have, whatever people write", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.boolean(), (text, isForm) => {
        for (const path of readPaths(isForm ? `### Paths\n${text}` : `Paths: ${text}`))
          expect(isBoundedGlob(path)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
