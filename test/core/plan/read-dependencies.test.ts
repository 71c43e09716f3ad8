import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDependencies } from "../../../src/core/plan/task/read-dependencies.ts";

const REPO = { owner: "acme", name: "shop" };
const read = (text: string) => readDependencies(text, REPO);

describe("readDependencies", () => {
  it.each<[string, readonly string[]]>([
    ["Depends-On: #12", ["acme/shop#12"]],
    ["Depends on #12", ["acme/shop#12"]],
    ["DEPENDS ON: #12", ["acme/shop#12"]],
    ["Blocked by #12", ["acme/shop#12"]],
    ["blocked-by: #12", ["acme/shop#12"]],
    ["Depends-On: other/place#7", ["other/place#7"]],
    ["Depends-On: https://github.com/other/place/issues/7", ["other/place#7"]],
    ["Depends-On: https://github.test:8080/other/place/pull/7", ["other/place#7"]],
    ["Depends-On: #1, #2 and other/place#3", ["acme/shop#1", "acme/shop#2", "other/place#3"]],
    ["- Blocked by #4\n- Blocked by #5", ["acme/shop#4", "acme/shop#5"]],
    ["> * Depends on #4", ["acme/shop#4"]],
    ["Text.\r\nDepends-On: #9\r\nMore.", ["acme/shop#9"]],
    ["Depends-On: #3\nDepends-On: #3", ["acme/shop#3"]],
  ])("reads %j as %j", (text, refs) => {
    expect(read(text)).toEqual(refs);
  });

  it.each([
    "",
    "See #12",
    "It depends on #12",
    "Unblocked by #12",
    "Depends-On: the weather",
    "Depends-On:\n#12",
    "Depends-On: # 12",
    "Depends-On: #x12",
    "Depends-Onwards: #12",
  ])("finds none in %j", (text) => {
    expect(read(text)).toEqual([]);
  });

  it("takes twenty at most, the first ones", () => {
    const text = Array.from({ length: 60 }, (_, index) => `Depends-On: #${index + 1}`).join("\n");
    const refs = read(text);

    expect(refs).toHaveLength(20);
    expect(refs.at(-1)).toBe("acme/shop#20");
  });

  it("reads whatever was written in one of the three spellings", () => {
    const name = fc.stringMatching(/^[A-Za-z0-9][\w.-]{0,10}$/u);
    const number = fc.integer({ min: 1, max: 999_999_999 });
    const lead = fc.constantFrom("Depends-On:", "depends on", "Blocked by", "Blocked-by:");
    fc.assert(
      fc.property(lead, name, name, number, (start, owner, repo, issue) => {
        const spellings = [
          `${owner}/${repo}#${issue}`,
          `https://github.com/${owner}/${repo}/issues/${issue}`,
        ];
        for (const spelling of spellings)
          expect(read(`${start} ${spelling}`)).toEqual([`${owner}/${repo}#${issue}`]);
        expect(read(`${start} #${issue}`)).toEqual([`acme/shop#${issue}`]);
      }),
      { numRuns: 100 },
    );
  });

  it("gives only what names an issue, whatever the text", () => {
    const part = fc.constantFrom(
      "Depends-On: ",
      "blocked by ",
      "#",
      "12",
      "/",
      "a/b#3",
      "https://",
      "\n",
      " ",
      "…",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        for (const ref of read(parts.join("")))
          expect(ref).toMatch(/^[\w.-]{1,100}\/[\w.-]{1,100}#\d{1,9}$/u);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["lines that nearly begin one", "Depends-On: "],
    ["blanks", " \t"],
    ["quotation marks", ">"],
    ["list marks", "- "],
    ["slashes", "a/"],
    ["addresses without an end", "Depends-On: https://a/b/c/issues/"],
    ["names", "Depends-On: aaaaaaaaaa/bbbbbbbb"],
    ["number signs", "Depends on #"],
    ["line ends", "\n\n"],
  ])("S16 reads a body of nothing but %s in passing", (_, unit) => {
    const costOf = (length: number) => {
      const text = unit.repeat(Math.ceil(length / unit.length));
      const start = process.cpuUsage();
      read(text);
      const { user } = process.cpuUsage(start);
      return user / 1000;
    };
    costOf(65_536);

    expect(costOf(65_536)).toBeLessThan(500);
  });
});
