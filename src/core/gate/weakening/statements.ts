import { balanceOf, bareText } from "./brackets.ts";

/** Added lines that belong together: a call, a function, a test, with everything inside. */
export interface Statement {
  readonly first: string;
  /** All of its lines, joined by blanks. */
  readonly text: string;
  /** The same without texts and comments. */
  readonly bare: string;
  readonly indent: number;
  /** Whether it ends within what was added. */
  readonly isClosed: boolean;
}

/** The added lines of one place. */
export interface Lines {
  readonly texts: readonly string[];
  readonly indents: readonly number[];
  /** How many blanks begin the next old line with something in it; none is taken for the end of everything. */
  readonly nextIndent: number;
}

const COMMENT = /^(?:\/\/|#(?![![]))/u;
/** What goes on where the line before it ends. */
const CONTINUES = /^(?:\?\.|\.(?!\.)|->)/u;
/** What blanks show the body of: Python's blocks, and those that end with `end`. */
const COLON_BLOCK = /^(?:(?:async\s)?(?:def|with)|class)\b/u;
const END_BLOCK = /(?:^| )do(?: ?\|[^|]{0,200}\|)?$|^(?:def|class|module) (?![^(]{0,200}[={:]$)/u;
const METHOD_HEAD = /^[\w@][\w\s<>[\],.?*&:]{0,200}\([^;={}]{0,500}\)[^;={}()]{0,200}$|^(?:\w+\s){1,6}\w+$/u;
const TEXT_BEGINS = /(?:`|"""|''')\\?$/u;
const TEXT_ENDS = /`|"""|'''/gu;

/** Puts the added lines together to statements, in one pass. */
export function splitStatements(lines: Lines): readonly Statement[] {
  const { texts, indents } = lines;
  const balance = balanceOf(texts);
  const shape = {
    ...lines,
    depths: balance.depths,
    unclosed: new Set(balance.unclosed),
    last: texts.findLastIndex((line) => line !== ""),
  };
  const statements: Statement[] = [];
  let start = 0;
  while (start < texts.length) {
    const first = texts[start] ?? "";
    const { end, isClosed } = COMMENT.test(first)
      ? { end: start + 1, isClosed: true }
      : findEnd(start, shape);
    const own = texts.slice(start, end);
    if (first !== "") {
      const bare = own.map(withoutComment).join(" ");
      statements.push({ first, text: own.join(" ").trim(), bare, indent: indents[start] ?? 0, isClosed });
    }
    start = end;
  }
  return statements;
}

function withoutComment(line: string): string {
  return COMMENT.test(line) ? "" : bareText(line).replace(/ # .*$/u, "");
}

interface Shape extends Lines {
  readonly depths: readonly number[];
  readonly unclosed: ReadonlySet<string>;
  /** Where the last line is that has something in it. */
  readonly last: number;
}

interface End {
  readonly end: number;
  readonly isClosed: boolean;
}

function findEnd(start: number, shape: Shape): End {
  const head = endOfBrackets(start, shape);
  const last = withoutComment(shape.texts[head.end - 1] ?? "").trim();
  const first = shape.texts[start] ?? "";
  if (!head.isClosed) return head;
  if (COLON_BLOCK.test(first) && last.endsWith(":")) return endOfColonBlock(start, head.end, shape);
  if (!END_BLOCK.test(first) || /[:{};]$|\bend$/u.test(last)) return head;
  return endOfEndBlock(start, head.end, shape);
}

/** Behind the last line inside brackets or a text that begin here, or that goes on with a call. */
function endOfBrackets(start: number, { texts, depths, unclosed }: Shape): End {
  let end = start;
  let isInText = false;
  do {
    const line = texts[end] ?? "";
    const bare = withoutComment(line);
    if (isInText) isInText = countOf(line) % 2 === 0;
    else if (TEXT_BEGINS.test(bare)) isInText = countOf(bare) % 2 === 1;
    end += 1;
  } while (end < texts.length && (isInText || (depths[end] ?? 0) > 0 || goesOn(end, texts)));
  return { end, isClosed: !(isInText || texts.slice(start, end).some((line) => unclosed.has(line))) };
}

function goesOn(at: number, texts: readonly string[]): boolean {
  const line = texts[at] ?? "";
  return CONTINUES.test(line) || (line.startsWith("{") && METHOD_HEAD.test(texts[at - 1] ?? ""));
}

function countOf(line: string): number {
  return line.match(TEXT_ENDS)?.length ?? 0;
}

/** Old lines that are indented further would be taken in. */
function endOfColonBlock(start: number, body: number, shape: Shape): End {
  const end = endOfIndented(start, body, shape);
  const takesIn = end > shape.last && shape.nextIndent > (shape.indents[start] ?? 0);
  return { end, isClosed: end > body && !takesIn };
}

function endOfEndBlock(start: number, body: number, shape: Shape): End {
  const end = endOfIndented(start, body, shape);
  const isEnd =
    /^end\b(?!["'=])/u.test(shape.texts[end] ?? "") && shape.indents[end] === shape.indents[start];
  return isEnd ? { end: end + 1, isClosed: true } : { end: body, isClosed: false };
}

function endOfIndented(start: number, body: number, { texts, indents }: Shape): number {
  const indent = indents[start] ?? 0;
  let end = body;
  while (end < texts.length && (texts[end] === "" || (indents[end] ?? 0) > indent)) end += 1;
  while (end > body && texts[end - 1] === "") end -= 1;
  return end;
}
