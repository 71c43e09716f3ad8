import { describe, expect, it } from "vitest";
import { readClosingIssues } from "../../../src/core/pull/read-closing-issues.ts";

const REPO = { owner: "acme", name: "shop", url: "https://github.test/acme/shop" };
const read = (text: string) => readClosingIssues(text, REPO);

describe("issues that a text closes", () => {
  it.each([
    ["Closes #12", [12]],
    ["close #1, closes #2, closed #3", [1, 2, 3]],
    ["fix #1 fixes #2 fixed #3", [1, 2, 3]],
    ["resolve #1\nresolves #2\nresolved #3", [1, 2, 3]],
    ["CLOSES: #12", [12]],
    ["Closes\n#12", [12]],
    ["Fixes\u00a0#12.", [12]],
    ["Fixes GH-12", [12]],
    ["Fixes acme/shop#12 and resolves Acme/Shop#13", [12, 13]],
    ["Closes https://github.test/acme/shop/issues/12", [12]],
    ["Closes https://github.test/acme/shop/issues/12#issuecomment-1.", [12]],
    ["Closes <https://github.test/Acme/Shop/issues/12>", [12]],
    ["**Closes #12** and _fixes #13_", [12, 13]],
    ["(fixes #12)", [12]],
    ["# Closes #12", [12]],
    ["- [ ] Closes #12", [12]],
    ["| what | issue |\n| --- | --- |\n| it | closes #12 |", [12]],
    ["<details>\n\nCloses #12\n\n</details>", [12]],
    ["Closes #12, closes #12", [12]],
    ["Unlike `closes #1`, this fixes #2", [2]],
  ])("are found in %j", (text, numbers) => {
    expect(read(text)).toEqual(numbers);
  });

  it.each([
    "",
    "#12",
    "See #12",
    "Closes 12",
    "Closes#12",
    "Closes #12a",
    "Closes #0",
    "Closes: see #12",
    "Closes, #12",
    "encloses #12",
    "hot-fixes #12",
    "fixing #12",
    "Closes acme/other#12",
    "Closes https://github.test/acme/other/issues/12",
    "Closes https://evil.test/acme/shop/issues/12",
    "Closes https://github.test/acme/shop/pull/12",
    "Closes \\#12",
    "`Closes #12`",
    "```\nCloses #12\n```",
    "~~~\nCloses #12",
    "    Closes #12",
    "> Closes #12",
    "> a quote\nCloses #12, which still belongs to it",
    "- > Closes #12",
    "> > > > > Closes #12\nand closes #13",
    "- - - - - Closes #12",
    "<!-- Closes #12 -->",
    "<!--\n\nCloses #12\n\n-->",
    "a <!-- Closes #12 --> b",
    "Closes <!-- nothing --> #12",
    "Closes `x` #12",
    "Closes\n\n#12",
    "[Closes #12](https://github.test)",
    "<pre>\nCloses #12\n</pre>",
  ])("are not found in %j", (text) => {
    expect(read(text)).toEqual([]);
  });

  it("are not known of a text that is too long, unless it names one early", () => {
    const filler = "Words and words. ".repeat(1_500);

    expect(read(`Closes #12\n\n${filler}`)).toEqual([12]);
    expect(read(`${filler}\n\nCloses #12`)).toBeUndefined();
    expect(read(filler)).toEqual([]);
  });

  it("are looked for without the page of the repository where it is not known", () => {
    const text = "Closes #12, closes https://github.test/acme/shop/issues/13";

    expect(readClosingIssues(text, { ...REPO, url: "" })).toEqual([12]);
  });

  it.each([
    ["brackets", "[".repeat(16_000)],
    ["containers", "- ".repeat(4).repeat(1_900)],
    ["many containers", `${"> - ".repeat(2)}x\n`.repeat(1_000)],
    ["code marks", Array.from({ length: 170 }, (_, count) => "`".repeat(count)).join(" ")],
    ["lists", "1. - x\n".repeat(1_000)],
    ["loose lists", "- a\n\n".repeat(500)],
    ["definitions", "[a]: b\n".repeat(2_000)],
    ["keywords", "closes ".repeat(9_000)],
    ["blanks", `closes${" ".repeat(60_000)}`],
  ])("F018 are looked for in %s without holding the process up", (_, text) => {
    const before = process.cpuUsage();
    read(`Closes #12\n\n${text}`);

    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
  });
});
