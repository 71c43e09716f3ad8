import { fromMarkdown } from "mdast-util-from-markdown";

type Node = ReturnType<typeof fromMarkdown> | ReturnType<typeof fromMarkdown>["children"][number];

/** Reading Markdown can take time that grows with the square of its length; what is beyond is not read. */
const MAX_CHARS = 16_384;
const MAX_LINES = 1_000;
const MAX_NESTING = 2;

const KEYWORD = "(?:close[sd]?|fix(?:es|ed)?|resolve[sd]?)";
const NUMBER = "([1-9]\\d{0,9})(?![\\p{L}\\p{N}])";
/** `Closes #12`, `Fixes: GH-12`, `resolved owner/name#12`, `close https://…/owner/name/issues/12`. */
const CLOSING = new RegExp(
  `(?<![\\p{L}\\p{N}/-])${KEYWORD}:?\\s+(?:([\\w.-]{1,100}/[\\w.-]{1,100})?#|GH-|<?(https?://[^\\s<>]{1,300})/issues/)${NUMBER}`,
  "giu",
);

/** Lines in more containers than people write; what they are replaced by takes the lines after them in as they did. */
const DEEP_LINE = new RegExp(
  `^(?:[ \\t]*(?:>|[-*+](?=[ \\t])|\\d{1,9}[.)](?=[ \\t]))){${MAX_NESTING + 1}}`,
  "u",
);
/** Where a text ends for everybody who reads it: no keyword reaches over it. */
const GAP = "\u0000";

/** Neither emphasis nor GitHub's own additions, such as tables, decide what is code, a quote or a comment. */
const OPTIONS = { extensions: [{ disable: { null: ["attention"] } }] };

interface Repository {
  readonly owner: string;
  readonly name: string;
  /** Its page; empty when it is not known. */
  readonly url: string;
}

/**
 * Issues of the repository that a text closes by one of GitHub's keywords when it is merged, in order, each once; what
 * stands in code, quotes or comments closes nothing. Undefined when the text is too long to say.
 */
export function readClosingIssues(text: string, repo: Repository): readonly number[] | undefined {
  if (findClosing(text, repo).length === 0) return [];
  const lines = text.slice(0, MAX_CHARS).split(/\r\n|\n|\r/u);
  const read = lines.slice(0, MAX_LINES).map((line) => (DEEP_LINE.test(line) ? "> x" : line));
  const source = read.join("\n");
  const found = findClosing(plainText(fromMarkdown(source, OPTIONS), source), repo);
  const isCut = text.length > MAX_CHARS || lines.length > MAX_LINES;
  return found.length === 0 && isCut ? undefined : found;
}

function findClosing(text: string, { owner, name, url }: Repository): readonly number[] {
  const own = `${owner}/${name}`.toLowerCase();
  const places: ReadonlySet<string> = new Set([own, url.toLowerCase()]);
  const numbers = [...text.matchAll(CLOSING)]
    .filter(([, other, page]) => places.has((other ?? page ?? own).toLowerCase()))
    .map((match) => Number(match[3]));
  return [...new Set(numbers)];
}

/** What readers see as text, as it is written, so that what is escaped stays so. */
function plainText(node: Node, source: string): string {
  if (node.type === "text") return source.slice(node.position?.start.offset, node.position?.end.offset);
  if (node.type === "link" && isAddress(node, source)) return node.url;
  if (["blockquote", "link", "linkReference"].includes(node.type) || !("children" in node)) return GAP;
  const isLine = node.type === "paragraph" || node.type === "heading";
  const parts = node.children.map((child) => plainText(child, source));
  return isLine ? `${GAP}${parts.join("")}${GAP}` : parts.join("");
}

/** An address that is written as itself, `<https://…>`. */
function isAddress(node: Extract<Node, { type: "link" }>, source: string): boolean {
  return source.startsWith(`<${node.url}>`, node.position?.start.offset);
}
