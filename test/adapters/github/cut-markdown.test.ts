import fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { describe, expect, it } from "vitest";
import { cutMarkdown, cutText } from "../../../src/adapters/github/cut-markdown.ts";
import { hiddenMarker } from "../../../src/adapters/github/marker.ts";

describe("cutting texts", () => {
  it("F079 leaves a text that fits as it is", () => {
    expect(cutMarkdown("Short\n```\nx\n```", 100)).toBe("Short\n```\nx\n```");
  });

  it.each([
    ["```", "```js\n", "\n```\n\n*(Cut"],
    ["a longer fence", "`````\n```\n", "\n`````\n\n*(Cut"],
    ["tildes", "~~~\n```\n", "\n~~~\n\n*(Cut"],
    ["a closed fence", "```\nx\n```\n", "\n\n*(Cut"],
  ])("F079 closes %s", (_what, start, ending) => {
    const cut = cutMarkdown(`${start}${"word ".repeat(100)}`, 300);

    expect(cut).toContain(ending);
    expect(cut.length).toBeLessThanOrEqual(300);
  });

  it("F079 never exceeds the limit, halves a character or leaves the note inside a code block", () => {
    const piece = fc.constantFrom(
      "```",
      "\n",
      "```\n",
      "~~~~\n",
      "😀",
      "a",
      "    x\n",
      "> ",
      "\ud83d",
      "\u0000",
      "``",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 60, maxLength: 200 }),
        fc.integer({ min: 60, max: 120 }),
        (parts, max) => {
          const cut = cutMarkdown(parts.join(""), max);

          expect(cut.length).toBeLessThanOrEqual(max);
          expect(cut.isWellFormed()).toBe(true);
          const last = fromMarkdown(cut).children.at(-1);
          if (cut.includes("*(Cut here")) expect(last?.type).toBe("paragraph");
        },
      ),
      { numRuns: 300 },
    );
  });

  it("F079 S17 leaves no code span open in a line that is too long to be dropped", () => {
    const span = "`@octocat #1 <b>`, ";
    const long = `${"x".repeat(40)} ${span.repeat(40)}`;
    for (let max = 120; max < 160; max += 1) {
      const cut = cutMarkdown(long, max);

      expect(cut.length).toBeLessThanOrEqual(max);
      expect(cut.replaceAll("`@octocat #1 <b>`", "")).not.toContain("@");
    }
  });

  it("F079 cuts plain text between characters", () => {
    expect(cutText("ab😀cd", 4)).toBe("ab…");
    expect(cutText("ab😀cd", 5)).toBe("ab😀…");
    expect(cutText("ab😀cd", 6)).toBe("ab😀cd");
  });
});

it("makes markers that nothing in a key can end", () => {
  const marker = hiddenMarker("comment", "task:1 --> <script>\n");

  expect(marker).toBe("<!-- orchestrator:comment key=task:1%20%2D%2D%3E%20%3Cscript%3E%0A -->");
});
