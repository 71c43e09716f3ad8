import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderMarkdown } from "../../../src/sandbox/pages/markdown/render-markdown.ts";
import { findActiveParts, readHtml } from "./read-html.ts";

const SETTING = {
  repo: undefined,
  baseUrl: "http://127.0.0.1:9",
  now: new Date("2026-11-20T12:00:00Z"),
  lineBreaks: "kept",
} as const;

function render(text: string): string {
  const whole = String(renderMarkdown(text, SETTING));
  return whole.replace(/^<div class="markdown">([\s\S]*)<\/div>$/, "$1");
}

describe("GitHub-flavoured Markdown", () => {
  it("renders emphasis, code, strike-through and headings", () => {
    expect(render("## A *b* **c** `d` ~~e~~")).toBe(
      '<div class="h h2" role="heading" aria-level="4">A <em>b</em> <strong>c</strong> <code>d</code> <del>e</del></div>',
    );
  });

  it("renders tables with their alignment", () => {
    const html = render("| a | b |\n|---|--:|\n| 1 | 2 |");

    expect(html).toContain('<th>a</th><th class="align-right">b</th>');
    expect(html).toContain('<td>1</td><td class="align-right">2</td>');
  });

  it("renders task lists as disabled boxes", () => {
    expect(render("- [x] done\n- [ ] open")).toBe(
      '<ul><li class="task"><input type="checkbox" disabled aria-label="done" checked> done</li><li class="task"><input type="checkbox" disabled aria-label="to do"> open</li></ul>',
    );
  });

  it("keeps the line breaks of a comment and joins those of a file", () => {
    expect(render("a\nb")).toBe("<p>a<br>b</p>");
    expect(String(renderMarkdown("a\nb", { ...SETTING, lineBreaks: "joined" }))).not.toContain("<br>");
  });

  it("shows a Mermaid diagram as text with a caption", () => {
    expect(render("```mermaid\nA-->B\n```")).toContain("<figcaption>Mermaid diagram, as text</figcaption>");
  });

  it("makes names bold, but not in code, links and addresses", () => {
    expect(render("@ada `@bob` me@example.com [@eve](https://a.b)").match(/class="mention"/g)).toHaveLength(
      1,
    );
  });

  it("leads to this server's own pages without naming its host", () => {
    expect(render("[run](http://127.0.0.1:9/ui/a/b)")).toContain('href="/ui/a/b"');
  });

  it("starts the relative links of a file from its own page", () => {
    const setting = { ...SETTING, relativeTo: "/ui/a/b/blob/main/docs/x.md" };

    expect(String(renderMarkdown("[y](../y.md#z)", setting))).toContain('href="/ui/a/b/blob/main/y.md#z"');
  });

  it("shows an image as a link", () => {
    expect(render("![alt](https://a.b/c.png)")).toBe(
      '<p><a href="https://a.b/c.png" rel="nofollow noopener"><span class="image">alt</span></a></p>',
    );
  });

  it("shows an image inside a link without a second link", () => {
    expect(render("[![alt](https://a.b/c.png)](https://d.e)").match(/<a /g)).toHaveLength(1);
  });
});

describe("HTML in Markdown", () => {
  it("hides comments, also those that never end", () => {
    expect(render("a\n\n<!-- secret\nstate -->\n\nb <!-- more --> c")).toBe("<p>a</p><p>b  c</p>");
    expect(render("a\n\n<!-- secret")).toBe("<p>a</p>");
  });

  it("folds details with Markdown inside", () => {
    expect(render("<details><summary>More</summary>\n\n**b**\n\n</details>")).toBe(
      "<details><summary>More</summary><p><strong>b</strong></p></details>",
    );
  });

  it("shows a relative time as one", () => {
    expect(render('at <relative-time datetime="2026-11-20T11:00:00Z">11:00</relative-time>')).toBe(
      '<p>at <time datetime="2026-11-20T11:00:00.000Z" title="2026-11-20 11:00:00 UTC">1 hour ago</time></p>',
    );
  });

  it("keeps sub and shows character references between tags", () => {
    expect(render("<sub>a &amp; b</sub>")).toBe("<p><sub>a &amp; b</sub></p>");
    expect(render("<details><summary>a &lt; b & c</summary></details>")).toBe(
      "<details><summary>a &lt; b &amp; c</summary></details>",
    );
  });

  it("shows every other tag as text", () => {
    expect(render("<b>x</b>")).toBe("<p>&lt;b&gt;x&lt;/b&gt;</p>");
    expect(render('<details ontoggle="x()">')).toBe("&lt;details ontoggle=&quot;x()&quot;&gt;");
  });

  it("does not let a stray tag reach beyond its parent", () => {
    expect(render("> <details>\n\nafter </details>")).toBe(
      "<blockquote><details></details></blockquote><p>after &lt;/details&gt;</p>",
    );
  });

  it("does not follow addresses that act", () => {
    for (const url of [
      "javascript:x()",
      "JaVaScRiPt:x()",
      "data:text/html,x",
      "vbscript:x",
      "//evil.example",
      "&#106;avascript:x()",
      "\\\\evil",
    ]) {
      expect(render(`[a](${url}) ![b](${url})`)).not.toContain("href");
    }
  });

  it("stays inert and balanced whatever is mixed", () => {
    const piece = fc.constantFrom(
      ...["<details>", "</details>", "<summary>", "</summary>", "<sub>", "</sub>", "<!--", "-->", "<script>"],
      ...[
        "<img src=x onerror=x()>",
        '"',
        "'",
        "<",
        ">",
        "&",
        "&lt;",
        "](javascript:x())",
        "[",
        "![",
        "](/a)",
      ],
      ...[
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "# ",
        "| a |",
        "|---|",
        "`",
        "```",
        "**",
        "_",
        "~~",
        "@ada",
        "#1",
        "x",
      ],
      ...[
        "<relative-time datetime=",
        '"2026-01-01T00:00:00Z">',
        "</relative-time>",
        "<details open>",
        "    ",
        "[^1]: ",
      ],
    );

    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(findActiveParts(render(pieces.join("")))).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  it.each([
    ["quotes", ">".repeat(60_000)],
    ["lists", `${"- ".repeat(30_000)}a`],
    ["brackets", "[".repeat(60_000)],
    ["emphasis", `${"*a ".repeat(15_000)}${"*".repeat(15_000)}`],
    ["open tags", "<sub>".repeat(12_000)],
    ["open details", "<details>\n\n".repeat(5000)],
    ["comment starts", "<!--".repeat(15_000)],
  ])("takes a body of nothing but %s in good time", (_name, text) => {
    const startedAt = performance.now();
    const html = render(text);

    expect(readHtml(html).problems).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});
