import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  be,
  cell,
  clock,
  code,
  cutSafe,
  cutTo,
  dropOpenCode,
  duration,
  endSentence,
  folded,
  inline,
  link,
  paragraphs,
  plural,
  table,
} from "../../../src/core/messages/text.ts";
import { ACTIVE, HOSTILE, nodesOf, readMarkdown, seenText, sortsOf } from "./read-markdown.ts";

const foreign = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc
    .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 3 })), { maxLength: 5 })
    .map((parts) => parts.join("")),
  fc
    .array(fc.constantFrom(..."@#:/.w&;<>[]()!`*_~|\\-+=1aG H\n\t"), { maxLength: 30 })
    .map((parts) => parts.join("")),
);
const RUNS = 2_000;

describe("inline", () => {
  it("I13 lets no credential through, also where invisible characters are in it", () => {
    const token = `ghs_${"s3cr3t".repeat(6)}`;
    expect(inline(`The token is ${token}.`)).toBe("The token is \\[redacted\\]");
    expect(code(`x ${token.slice(0, 9)}\u200b${token.slice(9)} y`)).toBe("`x [redacted] y`");
    expect(inline("Use bearer tokens")).toBe("Use bearer tokens");
  });

  it.each([
    "Works now.",
    "It's three (3), 50%; \"a\" + 'b' = c!",
    "-5 degrees, 1.5 more, #hash, a-b, C++",
    "größer ж 漢字",
  ])("leaves %j as it is", (text) => {
    expect(inline(text)).toBe(text);
  });

  it.each(HOSTILE)("S17 makes %j plain text on one line", (text) => {
    const safe = inline(text);
    expect(safe).not.toMatch(/[\r\n]/u);
    expect(seenText(safe)).not.toMatch(ACTIVE);
    expect([...sortsOf(safe)].filter((sort) => !["root", "paragraph", "text"].includes(sort))).toEqual([]);
  });

  it("S17 S18 lets no mention, reference, link, HTML or closing keyword through, wherever it stands", () => {
    fc.assert(
      fc.property(
        foreign,
        fc.constantFrom("", "- ", "> ", "The worker says: ", "| a |\n| --- |\n| "),
        (text, before) => {
          const shown = `${before}${inline(text)}`;
          const sorts = sortsOf(shown);
          for (const sort of [
            "link",
            "linkReference",
            "image",
            "imageReference",
            "html",
            "code",
            "inlineCode",
            "definition",
            "footnoteReference",
            "emphasis",
            "strong",
            "delete",
            "heading",
            "thematicBreak",
          ])
            expect(sorts.has(sort), sort).toBe(false);
          expect(seenText(shown)).not.toMatch(ACTIVE);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("shows what was written, but for what is not seen", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."abc *_`<>[]()|#@&$~!"), maxLength: 30 }), (text) => {
        expect(seenText(`x${inline(text)}`).replaceAll("\u200b", "")).toBe(`x${text.trim()}`.trim());
      }),
    );
  });

  it("cuts at its limit, never through a character", () => {
    expect(inline("x".repeat(500))).toHaveLength(300);
    expect(inline("abcdef", 4)).toBe("abc…");
    expect(inline("ab👍cd", 4)).toBe("ab…");
    expect(inline("abcd", 4)).toBe("abcd");
  });

  it("keeps the case of what it takes apart", () => {
    expect(inline("gh-12 WWW.x")).toBe("gh\u200b-12 WWW\u200b.x");
  });

  it("S16 reads a megabyte of anything in passing", () => {
    for (const piece of ["\\", "|", "@", "#1", "`", "www.", " ", "\u200b", "-", "=", "GH-1"])
      expect(inline(piece.repeat(1_000_000 / piece.length)).length).toBeLessThan(2_000);
  });
});

describe("code", () => {
  it.each(HOSTILE)("S17 shows %j as code and nothing else", (text) => {
    const sorts = sortsOf(`x ${code(text)} y`);
    expect(sorts).toEqual(new Set(["root", "paragraph", "text", "inlineCode"]));
  });

  it("is one span whatever comes", () => {
    fc.assert(
      fc.property(foreign, (text) => {
        const nodes = nodesOf(readMarkdown(`x ${code(text)} y`));
        expect(nodes.map((node) => node.type)).toEqual(["root", "paragraph", "text", "inlineCode", "text"]);
        expect(seenText(`x ${code(text)} y`)).toBe("x  y");
      }),
      { numRuns: RUNS },
    );
  });

  it("is the same when it is given what it gave", () => {
    fc.assert(
      fc.property(foreign, (text) => {
        const once = code(text).slice(1, -1);
        expect(code(once)).toBe(once === " " ? "` `" : `\`${once}\``);
      }),
    );
  });

  it("cuts at its limit and shows nothing as a blank", () => {
    expect(code("x".repeat(200))).toHaveLength(162);
    expect(code("")).toBe("` `");
    expect(code("\u200b\n")).toBe("` `");
    expect(code("a`b")).toBe("`a'b`");
  });
});

describe("table", () => {
  it("has a header, and is nothing without rows", () => {
    expect(table(["A", "B"], [["1", "2"]])).toBe("| A | B |\n| --- | --- |\n| 1 | 2 |");
    expect(table(["A"], [])).toBe("");
  });

  it("keeps as many cells as it was given, whatever stands in them", () => {
    const text = fc.oneof(
      foreign.map((one) => inline(one)),
      foreign.map((one) => code(one)),
      fc.tuple(foreign, foreign).map(([one, other]) => `${code(one)} ${inline(other)}`),
      fc.array(fc.constantFrom("\\", "|", "a", "\n"), { maxLength: 8 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text, text), { minLength: 1, maxLength: 4 }), (rows) => {
        const [only, ...others] = childrenOf(table(["A", "B", "C"], rows));
        expect(others).toEqual([]);
        if (only?.type !== "table") throw new Error(`no table but ${only?.type}`);
        expect(only.children.map((row) => row.children.length)).toEqual([3, ...rows.map(() => 3)]);
      }),
      { numRuns: RUNS },
    );
  });

  it.each([
    ["a|b", "a\\|b"],
    ["a\\|b", "a\\|b"],
    ["a\\\\|b", "a\\\\\\|b"],
    ["||", "\\|\\|"],
    ["a\r\nb\rc\n\nd", "a b c d"],
  ])("writes the cell %j as %j", (text, written) => {
    expect(cell(text)).toBe(written);
    expect(cell(cell(text))).toBe(written);
  });

  it("S16 reads a megabyte of backslashes in passing", () => {
    expect(cell("\\".repeat(1_000_000))).toHaveLength(1_000_000);
    expect(cell("\\|".repeat(500_000))).toHaveLength(1_000_000);
  });
});

function childrenOf(text: string) {
  const root = readMarkdown(text);
  return root.type === "root" ? root.children : [];
}

describe("link", () => {
  it.each(["https://github.com/a/b/actions/runs/1", "http://127.0.0.1:3000/x?a=1&b=2#c"])(
    "links %s",
    (url) => {
      expect(link("run", url)).toBe(`[run](${url})`);
      expect(sortsOf(link("run", url)).has("link")).toBe(true);
    },
  );

  it.each([
    null,
    undefined,
    "",
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil.test",
    "ftp://a.test",
    "https://",
    "https://a b",
    "https://a)b",
    "https://a](b",
    "https://a<b",
    "https://a|b",
    "https://a`b",
    "https://a\\b",
    'https://a"b',
    "https://a\nb",
    "https://a\u0000b",
    "https://a\u202eb",
    " https://a.test",
    "HTTPS://a.test",
  ])("does not link %j", (url) => {
    expect(link("run", url)).toBe("run");
  });
});

describe("cutSafe", () => {
  const piece = fc.oneof(
    foreign.map((text) => code(text)),
    foreign.map((text) => inline(text)),
    fc.constantFrom("Stage `build` says: ", "**bold** ", "12 of 14 ", " and "),
  );

  it("S17 S18 sets nothing free that was made harmless, wherever it cuts and whatever a worker calls its files", () => {
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(" ").trimStart()),
        fc.nat(),
        (text, at) => {
          const most = 1 + (at % (text.length + 1));
          const cut = cutSafe(text, most);
          expect(cut.length).toBeLessThanOrEqual(most);
          expect(cut.isWellFormed()).toBe(true);
          if (text.length <= most) expect(cut).toBe(text);
          const shown = `- ${cut} (and what follows)`;
          const sorts = sortsOf(shown);
          for (const sort of ["link", "linkReference", "image", "html", "code", "definition"])
            expect(sorts.has(sort), sort).toBe(false);
          expect(seenText(shown)).not.toMatch(ACTIVE);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it.each([
    ["`@octocat #1 <b>` is outside", 9, "…"],
    ["x `@octocat #1 <b>` is outside", 12, "x …"],
    ["x `a` `@octocat` is outside", 12, "x `a` …"],
    ["x `a` is outside", 6, "x `a`…"],
    ["x `a` is outside", 5, "x …"],
    ["a \\` b ` c ` d", 12, "a \\` b …"],
    ["a \\\\`b` c d", 8, "a \\\\`b`…"],
    ["ab\\@cd", 4, "ab…"],
    ["``@a` #1`` b", 10, "…"],
    ["``@a` #1`` b", 11, "``@a` #1``…"],
  ])("cuts %j to %d characters", (text, most, cut) => {
    expect(cutSafe(text, most)).toBe(cut);
  });

  it("S16 reads a megabyte of anything in passing", () => {
    for (const text of ["`", "\\", "`a", "` ``", "a"]) {
      const long = text.repeat(1_000_000 / text.length);
      expect(dropOpenCode(long).length).toBeLessThanOrEqual(long.length);
    }
  });
});

describe("clock and duration", () => {
  const NOON = Date.UTC(2026, 10, 18, 12);

  it.each([
    [0, "12:00 UTC"],
    [-12 * 3_600_000, "00:00 UTC"],
    [-12 * 3_600_000 - 1, "2026-11-17 23:59 UTC"],
    [12 * 3_600_000, "2026-11-19 00:00 UTC"],
  ])("shows a moment %d ms from noon as %s", (difference, text) => {
    expect(clock(NOON + difference, NOON)).toBe(text);
  });

  it.each([
    [-5, "0 s"],
    [0, "0 s"],
    [499, "0 s"],
    [59_400, "59 s"],
    [59_600, "1 min"],
    [61_000, "1 min 1 s"],
    [3_599_000, "59 min 59 s"],
    [3_600_000, "1 h"],
    [3_660_000, "1 h 1 min"],
    [90_061_000, "25 h 1 min"],
  ])("says of %d ms: %s", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

describe("plural, be and endSentence", () => {
  it.each([
    [0, "0 tasks are"],
    [1, "1 task is"],
    [2, "2 tasks are"],
    [0.5, "0.5 tasks are"],
  ])("count %d", (count, text) => {
    expect(`${plural(count, "task")} ${be(count)}`).toBe(text);
  });

  it.each([
    ["Failed: it is over", "Failed: it is over."],
    ["Done: all is well.", "Done: all is well."],
    ["Is it?", "Is it?"],
    ["Cut here…", "Cut here…"],
    ["It says (so.)", "It says (so.)"],
    ["It is `a.`", "It is `a.`."],
    ["", "."],
  ])("end %j as %j", (text, sentence) => {
    expect(endSentence(text)).toBe(sentence);
  });
});

describe("paragraphs, folded and cutTo", () => {
  it("join what is there", () => {
    expect(paragraphs("a", undefined, "", "b")).toBe("a\n\nb");
    expect(paragraphs()).toBe("");
  });

  it("fold what is there", () => {
    expect(folded("History", "- a")).toBe("<details><summary>History</summary>\n\n- a\n\n</details>");
    expect(folded("History", "")).toBe("");
    expect(sortsOf(folded("History", "- a")).has("list")).toBe(true);
  });

  it("cut to a length that is never passed, and leave what fits", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 30 }),
        fc.integer({ min: 1, max: 30 }),
        (text, most) => {
          const cut = cutTo(text, most);
          expect(cut.length).toBeLessThanOrEqual(most);
          expect(cut.isWellFormed()).toBe(true);
          if (text.length <= most) expect(cut).toBe(text);
        },
      ),
    );
  });
});
