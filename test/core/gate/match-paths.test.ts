import picomatch from "picomatch";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  isPlainPath,
  listedFiles,
  matchesAny,
  matchesExactly,
  touchedPaths,
} from "../../../src/core/gate/match-paths.ts";
import { pathsGate } from "../../../src/core/gate/rules/paths.ts";
import { buildFile, buildSubject } from "./build-subject.ts";

vi.mock("picomatch", async (load) => {
  const real = await load<{ default: typeof picomatch }>();
  return { default: vi.fn(real.default) };
});

afterEach(() => vi.mocked(picomatch).mockClear());

describe("matchesAny", () => {
  it.each([
    ["src/a.ts", ["src/**"], true],
    ["SRC/a.ts", ["src/**"], true],
    ["src/.a", ["src/*"], true],
    ["src/a/b.ts", ["src/*"], false],
    ["a", [], false],
    ["docs/CODEOWNERS", ["CODEOWNERS"], false],
    ["a{b}.ts", ["a{b,c}.ts"], false],
  ])("of %j and %j says %s", (path, globs, expected) => {
    expect(matchesAny(path, globs)).toBe(expected);
  });

  it("minds the case where it is told to", () => {
    expect(matchesExactly("SRC/a.ts", ["src/**"])).toBe(false);
    expect(matchesExactly("src/a.ts", ["src/**"])).toBe(true);
  });

  it("compiles a list of globs once, however many paths there are", () => {
    const files = Array.from({ length: 3000 }, (_, index) => buildFile({ path: `src/${index}.ts` }));
    const gates = { paths: { allow: ["src/**"], protect: [".github/**", "docs/**"] } };
    const subject = buildSubject({ gates, pull: { files } });
    pathsGate.evaluate(subject);
    pathsGate.evaluate(subject);
    expect(vi.mocked(picomatch)).toHaveBeenCalledTimes(2);
  });
});

describe("touchedPaths", () => {
  it("F151 has both ends of a rename", () => {
    const renamed = buildFile({ path: "b", previousPath: "a", status: "renamed" });
    expect(touchedPaths([renamed, buildFile({ path: "c" })])).toEqual(["b", "a", "c"]);
  });
});

describe("isPlainPath", () => {
  it.each(["a", "a/b.ts", ".env", "a b/c", "größe/ж.ts", "a..b", "...", "a:b"])("takes %j", (path) => {
    expect(isPlainPath(path)).toBe(true);
  });

  it.each([
    "",
    "/a",
    "a/",
    "a//b",
    ".",
    "..",
    "a/../b",
    "./a",
    "a\nb",
    "a\\b",
    "a\u0000",
    "\u202ea",
    "\udc00",
  ])("does not take %j", (path) => {
    expect(isPlainPath(path)).toBe(false);
  });
});

describe("listedFiles", () => {
  const two = [buildFile({ path: "a" }), buildFile({ path: "b" })];

  it.each([
    ["all of them", two, 2, true],
    ["fewer than there are", two, 3, false],
    ["one of them twice", [...two, buildFile({ path: "a" })], 3, false],
    ["no list", null, 2, false],
    ["more than GitHub counted a moment ago", two, 1, true],
  ])("F149 of %s", (_name, files, changedFiles, isComplete) => {
    expect(listedFiles({ files, changedFiles })).toBe(isComplete ? files : null);
  });
});
