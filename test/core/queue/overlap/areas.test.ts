import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesAny } from "../../../../src/core/gate/match-paths.ts";
import { areaOfGlob, areaOfPath, findCommonArea } from "../../../../src/core/queue/overlap/areas.ts";
import { keepTouched } from "../../../../src/core/queue/overlap/scope.ts";

function meet(one: string, other: string): boolean {
  return findCommonArea([areaOfGlob(one)], [areaOfGlob(other)]) !== undefined;
}

describe("two parts of the tree", () => {
  it.each([
    ["src/a.ts", "src/a.ts"],
    ["src/a.ts", "SRC/A.ts"],
    ["src/a.ts", "src/**"],
    ["src/a.ts", "src/*.ts"],
    ["src/a.ts", "**/*.ts"],
    ["src/a.ts", "src/"],
    ["src", "src/a/b.ts"],
    ["src", "src/a/**"],
    ["src", "src/"],
    ["src/", "src/a/**"],
    ["src/a/", "src/**"],
    ["src/**", "src/a/**"],
    ["src/a*", "src/abc/**"],
    ["src/{a,b}/**", "src/b/**"],
    ["src/?.ts", "src/[ab].ts"],
    ["**", "docs/b.md"],
    // Nothing but beginnings and ends is looked at.
    ["src/*.ts", "src/a/b.ts"],
    ["**/*.ts", "docs/**"],
    ["**/a.ts", "a.ts"],
    ["**/a.ts", "*.ts"],
  ])("%s and %s have something in common", (one, other) => {
    expect([meet(one, other), meet(other, one)]).toEqual([true, true]);
  });

  it.each([
    ["src/a.ts", "src/b.ts"],
    ["src/a.ts", "src/a.tsx"],
    ["src/a.ts", "src/*.md"],
    ["src/a.ts", "docs/**"],
    ["src", "srcs/a.ts"],
    ["src/", "srcs/**"],
    ["src/a/**", "src/b/**"],
    ["docs/", "src/"],
    ["docs/b.md", "**/*.ts"],
    ["src/*.ts", "src/*.md"],
    ["**/a.ts", "ba.ts"],
  ])("%s and %s have nothing in common", (one, other) => {
    expect([meet(one, other), meet(other, one)]).toEqual([false, false]);
  });

  it("meet in the narrower of the two", () => {
    expect(findCommonArea([areaOfGlob("src/**")], [areaOfGlob("src/a.ts")])).toBe("src/a.ts");
    expect(findCommonArea([areaOfGlob("src/a.ts")], [areaOfGlob("src/**")])).toBe("src/a.ts");
  });

  it("are what they are called, where a file's name looks like a glob", () => {
    expect(findCommonArea([areaOfPath("pages/[id].ts")], [areaOfPath("pages/i.ts")])).toBeUndefined();
    expect(findCommonArea([areaOfPath("pages/[id].ts")], [areaOfGlob("pages/**")])).toBe("pages/[id].ts");
  });

  it("never miss a file that both may mean", () => {
    const segment = fc.constantFrom("a", "b", "ab", "*", "**", "a*", "*b", "{a,b}", "{a,b}b", "?", "[ab]");
    const glob = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
    const file = fc
      .array(fc.constantFrom("a", "b", "ab"), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join("/"));
    fc.assert(
      fc.property(glob, glob, file, (one, other, path) => {
        if (matchesAny(path, [one]) && matchesAny(path, [other])) expect(meet(one, other)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("what a task keeps of its change", () => {
  it("is every file, each once", () => {
    expect(keepTouched(["src/a.ts", "src/a.ts", "b.md"])).toEqual(["src/a.ts", "b.md"]);
  });

  it("is the folders of a change that is very large", () => {
    const files = Array.from({ length: 300 }, (_, index) => `src/f${index}.ts`);
    expect(keepTouched([...files, "b.md"])).toEqual(["src/", "b.md"]);
  });

  it("is never more than two hundred", () => {
    expect(keepTouched(Array.from({ length: 300 }, (_, index) => `d${index}/a.ts`))).toHaveLength(200);
  });
});
