import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

/** A text as GitHub's own Markdown reads it. */
export function readMarkdown(text: string): Nodes {
  return fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

export function nodesOf(node: Nodes): readonly Nodes[] {
  return "children" in node ? [node, ...node.children.flatMap(nodesOf)] : [node];
}

/** What is seen of a text outside of code, where GitHub looks for mentions, references and closing keywords. */
export function seenText(text: string): string {
  return nodesOf(readMarkdown(text))
    .map((node) => (node.type === "text" ? node.value : ""))
    .join("");
}

/** The sorts of nodes that a text is made of. */
export function sortsOf(text: string): ReadonlySet<string> {
  return new Set(nodesOf(readMarkdown(text)).map((node) => node.type));
}

/** What GitHub would act on in the text that is seen. */
export const ACTIVE =
  /@[\w-]|#\d|\bGH-\d|:\/\/|(?<![A-Za-z0-9])www\.|\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s+(?:#\d|GH-\d|https?:\/\/)/iu;

/** Beginnings of everything that somebody could smuggle in. */
export const HOSTILE: readonly string[] = [
  "@octocat",
  "@acme/team",
  "a@b.co",
  "a@_b.co",
  "&commat;octocat",
  "&#64;octocat",
  "&#x40;octocat",
  "&num;12",
  "#12",
  "acme/shop#12",
  "GH-12",
  "gh-12",
  "_GH-12",
  "Fixes #12",
  "closes: acme/shop#12",
  "resolved https://github.com/acme/shop/issues/12",
  "http://evil.test",
  "https&colon;//evil.test",
  "www.evil.test",
  "_www.evil.test",
  "(www.evil.test)",
  "[a](https://evil.test)",
  "![a](https://evil.test/a.png)",
  "[a]: https://evil.test",
  "[^1]",
  "<https://evil.test>",
  "<img src=x onerror=alert(1)>",
  "<!-- orchestrator:status -->",
  "<details><summary>",
  "</details>",
  "`code`",
  "``",
  "```js",
  "~~~",
  "**bold**",
  "_it_ __bo__",
  "~~gone~~",
  "# Heading",
  "###",
  "- item",
  "+ item",
  "* item",
  "- [x] task",
  "1. one",
  "1) one",
  "> quote",
  "---",
  "===",
  "- - -",
  "    indented",
  "| a | b |",
  "a\\|b",
  "a\\\\|b",
  "\\",
  "\\\\",
  "$$\\href{https://evil.test}{x}$$",
  "a\r\n\r\n# b",
  "a\u2028b",
  "a\u0000b",
  "@\u200boctocat",
  "\u202e#21",
  "\ud800",
  "👩‍👩‍👧",
  "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
  "ok",
  "",
];
