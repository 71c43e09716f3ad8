import picomatch from "picomatch";
import { describe, expect, it } from "vitest";
import { isBoundedGlob } from "../../../src/core/config/is-bounded-glob.ts";
import { defaultConfig } from "../../../src/core/config/parse-config.ts";
import { busyMs } from "../../support/busy-ms.ts";

describe("isBoundedGlob", () => {
  it("accepts the defaults", () => {
    expect(defaultConfig().gates.paths.protect.filter((glob) => !isBoundedGlob(glob))).toEqual([]);
  });

  it.each([
    "src/**",
    "**/*.test.*",
    "src/*/*/*/*/index.ts",
    "docs/{en,de}/**/*.md",
    "app/[id]/page.tsx",
    "packages/@scope/x/?.ts",
    "données/été.csv",
    "a/**/b/**/c/**/d/**",
  ])("accepts %s", (glob) => {
    expect(isBoundedGlob(glob)).toBe(true);
  });

  it.each([
    "",
    "/src/**",
    "./src/**",
    "src/../secret",
    "+(a|*)",
    "!src/**",
    "@(a|b)",
    "a***b",
    "*a*a*a*",
    "*a*/*a*/x",
    "{a,{b,c}}",
    "{a,aa}{a,aa}{a,aa}",
    "{1..100000}",
    "src\\**",
    "a\nb",
    "**/".repeat(5),
    "a".repeat(201),
  ])("refuses %j", (glob) => {
    expect(isBoundedGlob(glob)).toBe(false);
  });

  it.each([
    "*a*a*a/x",
    "**/*a*a/**/*a/**/x",
    "**/*a/**/*a/**/*a/**/x",
    "{*a,*aa}/{*a,b}/x",
    "**/a/**/a/**/a/**/a/x",
  ])("S16 leaves only globs that match a hostile path quickly, such as %s", (glob) => {
    const path = `${Array(15).fill("a".repeat(255)).join("/")}/b`;
    const matches = picomatch(glob, { dot: true });
    const start = busyMs();

    expect(matches(path)).toBe(false);

    expect(isBoundedGlob(glob)).toBe(true);
    expect(busyMs() - start).toBeLessThan(1_000);
  });
});
