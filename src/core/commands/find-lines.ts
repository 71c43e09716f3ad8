import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

type Block = ReturnType<typeof fromMarkdown>["children"][number];
type TextBlock = Extract<Block, { type: "paragraph" | "heading" }>;

/** Where a line stands that looks like a command but is none. */
export type Misplacement = "list" | "quote" | "heading" | "html" | "indented" | "lookalike" | "middle";

export interface FoundLines {
  /** Lines of ordinary text that begin with the prefix, as written, without the blanks around them. */
  readonly commands: readonly string[];
  /** Why other lines that look like commands are none, each once. */
  readonly misplaced: readonly Misplacement[];
}

/** Markdown can be written so that reading it takes time that grows with the square of its length; more is not read. */
export const READ_MAX_CHARS = 16_384;
export const READ_MAX_LINES = 1_000;
const MAX_NESTING = 8;

export const PREFIX = "/orchestrate";

const BLANK = "[ \\t\\u00a0]";
const COMMAND_LINE = new RegExp(`^(${BLANK}*)${PREFIX}(?=${BLANK}|$)`, "i");
const IN_SENTENCE = new RegExp(`(?:^|[^\\w/\`])${PREFIX}${BLANK}+[a-z]`, "i");
const MARKERS = /^(?:[ \t]{0,3}(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))[ \t]?)+/u;
const MARKER = />|[-*+]|\d{1,9}[.)]/gu;

/**
 * Emphasis, strikethrough and bare addresses decide nothing about where a line stands, so they are not looked for; code
 * spans, HTML, links and escapes do.
 */
const OPTIONS = {
  extensions: [gfm(), { disable: { null: ["attention", "strikethrough", "literalAutolink"] } }],
  mdastExtensions: gfmFromMarkdown(),
};

/** Whether a text is short enough to be read for commands. */
export function isReadable(text: string): boolean {
  return text.length <= READ_MAX_CHARS && linesOf(text).length <= READ_MAX_LINES;
}

/** Whether there can be a command or a hint about one in a text at all; most comments end here, unread. */
export function mentionsPrefix(text: string): boolean {
  return plainForm(text).includes(PREFIX);
}

/** Finds the lines that are commands: top-level paragraphs only, so no code, quote, list, table, heading or HTML. */
export function findLines(text: string): FoundLines {
  const lines = linesOf(text).map(limitNesting);
  const root = fromMarkdown(lines.join("\n"), OPTIONS);
  const commands: string[] = [];
  const misplaced = new Set<Misplacement>();
  let depth = 0;
  for (const node of root.children) {
    for (const line of linesWithin(node, lines)) {
      const found = judgeLine(line, { node, isInHtml: depth > 0 });
      if (found === "command") commands.push(tidy(line.text));
      else if (found !== undefined) misplaced.add(found);
    }
    depth = depthAfter(depth, node);
  }
  return { commands, misplaced: [...misplaced] };
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/u);
}

/** A line in too many containers becomes one in fewer; its text goes on, since the next line may belong to it. */
function limitNesting(line: string): string {
  const markers = MARKERS.exec(line)?.[0] ?? "";
  return (markers.match(MARKER) ?? []).length > MAX_NESTING ? `${">".repeat(MAX_NESTING)} x` : line;
}

interface Line {
  readonly text: string;
  /** Whether it begins within a code span, inline HTML or a link. */
  readonly isHidden: boolean;
}

/** Every line of every paragraph and heading in a top-level node. */
function linesWithin(node: Block, lines: readonly string[]): readonly Line[] {
  if (node.type === "paragraph" || node.type === "heading") return linesOfText(node, lines);
  if (node.type === "table" || !("children" in node)) return [];
  return node.children.flatMap((child) => linesWithin(child, lines));
}

function linesOfText(node: TextBlock, lines: readonly string[]): readonly Line[] {
  const first = node.position?.start.line ?? 1;
  const last = node.position?.end.line ?? 0;
  const hidden = new Set(node.children.flatMap(linesInside));
  return lines.slice(first - 1, last).map((text, index) => ({ text, isHidden: hidden.has(first + index) }));
}

/** Lines that begin inside of a child that is not plain text. */
function linesInside(child: TextBlock["children"][number]): readonly number[] {
  if (child.type === "text" || child.type === "break" || child.position === undefined) return [];
  const { start, end } = child.position;
  return Array.from({ length: end.line - start.line }, (_, index) => start.line + 1 + index);
}

function judgeLine(
  line: Line,
  place: { readonly node: Block; readonly isInHtml: boolean },
): "command" | Misplacement | undefined {
  if (line.isHidden) return undefined;
  const { node } = place;
  if (node.type === "blockquote") return COMMAND_LINE.test(line.text) ? "quote" : undefined;
  if (node.type === "list") return COMMAND_LINE.test(withoutMarkers(line.text)) ? "list" : undefined;
  if (node.type === "heading")
    return COMMAND_LINE.test(line.text.replace(/^[ #]+/u, "")) ? "heading" : undefined;
  if (node.type !== "paragraph") return undefined;
  return judgeParagraphLine(line.text, place.isInHtml);
}

function judgeParagraphLine(text: string, isInHtml: boolean): "command" | Misplacement | undefined {
  const indentation = COMMAND_LINE.exec(text)?.[1];
  if (indentation === undefined) return judgeOtherLine(text);
  if (isInHtml) return "html";
  return indentation.length > 3 || indentation.includes("\t") ? "indented" : "command";
}

function judgeOtherLine(text: string): Misplacement | undefined {
  if (COMMAND_LINE.test(plainForm(text).trim())) return "lookalike";
  return IN_SENTENCE.test(text) ? "middle" : undefined;
}

function withoutMarkers(text: string): string {
  return text
    .replace(MARKERS, "")
    .replace(/^\[[ x]\][ \t]+/iu, "")
    .trim();
}

/** A text without what cannot be seen and with full-width letters made plain: what a person takes it for. */
function plainForm(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .replace(/[⁄∕⧸]/gu, "/")
    .toLowerCase();
}

function tidy(text: string): string {
  return text.replace(/^[ \u00a0]+|[ \t\u00a0]+$/gu, "");
}

const CONTAINERS =
  /<(\/?)(?:details|blockquote|div|table|pre|ul|ol|dl|section|article|aside|center|picture|figure)(?=[\s/>])/giu;

/** How many HTML elements are open after a node; a paragraph between `<details>` and `</details>` is inside of it. */
function depthAfter(depth: number, node: Block): number {
  if (node.type !== "html") return depth;
  const tags = node.value.replace(/<!--[\s\S]*?(?:-->|$)/gu, "").matchAll(CONTAINERS);
  return [...tags].reduce((open, tag) => Math.max(0, open + (tag[1] === "/" ? -1 : 1)), depth);
}
