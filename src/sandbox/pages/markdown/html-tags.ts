import type { Nodes } from "mdast";

/** The only HTML tags that Markdown may use, by the exact text of the opening tag. */
const OPENING =
  /<(details|summary|sub)>|<(details) open(?:="")?>|<(relative-time) datetime="([\dT:.Z+-]{10,40})">/;
const PIECES =
  /<!--[\s\S]*?(?:-->|$)|<(?:details|summary|sub|details open(?:="")?|relative-time datetime="[\dT:.Z+-]{10,40}")>|<\/(?:details|summary|sub|relative-time)>/g;

export type TagName = "details" | "summary" | "sub" | "relative-time";

/** An allowed tag with all that stands inside it. */
export interface TagNode {
  readonly type: "tag";
  readonly name: TagName;
  readonly isOpen: boolean;
  readonly datetime: string | undefined;
  readonly children: Piece[];
}

/** What stood between HTML tags, or was no allowed tag: text that Markdown has not read. */
export interface LiteralNode {
  readonly type: "literal";
  readonly value: string;
}

export type Piece = Nodes | TagNode | LiteralNode;

/**
 * Turns the raw HTML among siblings into nodes: pairs of allowed tags become a tree, comments go, the rest is text. As
 * only whole nodes come out, no tag can reach beyond its parent however badly it is paired.
 */
export function foldTags(siblings: readonly Piece[]): readonly Piece[] {
  const root: Piece[] = [];
  const open: TagNode[] = [];
  const add = (piece: Piece): void => {
    (open.at(-1)?.children ?? root).push(piece);
  };
  for (const node of siblings) {
    if (node.type !== "html") add(node);
    else for (const text of splitHtml(node.value)) applyToken(text, { open, add });
  }
  return root;
}

function applyToken(
  text: string,
  { open, add }: { readonly open: TagNode[]; readonly add: (piece: Piece) => void },
): void {
  if (text.startsWith("<!--")) return;
  const tag = openTag(text);
  if (tag !== undefined) {
    add(tag);
    open.push(tag);
    return;
  }
  const closing = /^<\/([a-z-]+)>$/.exec(text)?.[1];
  const depth = open.findLastIndex((one) => one.name === closing);
  if (depth === -1) add({ type: "literal", value: text });
  else open.splice(depth);
}

function openTag(text: string): TagNode | undefined {
  const match = OPENING.exec(text);
  if (match === null || match[0] !== text) return undefined;
  const [, plain, opened, timed, datetime] = match;
  const name = tagName(plain ?? opened ?? timed ?? "");
  return name && { type: "tag", name, isOpen: opened !== undefined, datetime, children: [] };
}

const TAG_NAMES: readonly TagName[] = ["details", "summary", "sub", "relative-time"];

function tagName(text: string): TagName | undefined {
  return TAG_NAMES.find((name) => name === text);
}

/** Cuts raw HTML into comments, allowed tags and the text between them. */
function splitHtml(value: string): readonly string[] {
  const tokens: string[] = [];
  let from = 0;
  for (const match of value.matchAll(PIECES)) {
    tokens.push(value.slice(from, match.index), match[0]);
    from = match.index + match[0].length;
  }
  tokens.push(value.slice(from));
  return tokens.filter((token) => token !== "");
}
