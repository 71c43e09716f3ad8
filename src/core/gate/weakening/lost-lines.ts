import { isCode, isConfig } from "../integrity/file-kinds.ts";
import { codeOf } from "./brackets.ts";
import { itemsWithout, withoutComma } from "./line-counts.ts";
import { COMMENT_LINE } from "./line-patterns.ts";
import type { Patch, PatchLine } from "./read-patch.ts";

/** Old lines that are not there any more as they were. */
export interface Lost {
  readonly gone: readonly string[];
  /** There still, but in another block where blanks say what belongs to it. */
  readonly indented: readonly string[];
}

const PYTHON = /\.pyi?$/iu;
const BLANKS_COUNT = /\.(?:pyi?|nim|coffee|haml|ya?ml)$/iu;
/** A value of Python's that proves something: a comma behind it makes it a tuple, which is always true. */
const PROVES = /[(<>]|[=!]=|\b(?:in|is|not|and|or)\b|^[\w.]{0,200}[A-Za-z_]\w{0,100}$/u;

/** Whether the blanks before a line decide what it belongs to. */
export function doBlanksCount(path: string): boolean {
  return BLANKS_COUNT.test(path);
}

/** Compares what a patch takes with what it adds, by what the language of the file takes for the same. */
export function findLost({ lines }: Patch, path: string): Lost {
  const isVerbatim = !isCode(path) && !isConfig(path);
  const wordingOf = (line: PatchLine) => (isVerbatim ? line.raw : codeWordingOf(line, path));
  const removed = lines.filter(({ sign, text }) => sign === "-" && (isVerbatim || !COMMENT_LINE.test(text)));
  const added = lines.filter(({ sign }) => sign === "+");
  const gone = itemsWithout(removed, added, wordingOf);
  const known = new Set(gone);
  const kept = doBlanksCount(path) ? removed.filter((line) => !known.has(line)) : [];
  const indented = itemsWithout(kept, added, (line) => `${line.indent} ${wordingOf(line)}`);
  const textsOf = (some: readonly PatchLine[]) => some.map(({ text }) => text);
  return { gone: textsOf(gone), indented: textsOf(indented) };
}

/** What may be aligned anew says the same; what stands in quotes does not. */
function codeWordingOf({ text, raw }: PatchLine, path: string): string {
  const value = withoutComma(text);
  if (PYTHON.test(path) && value !== text && PROVES.test(codeOf(value))) return text;
  const quoteAt = raw.search(/["'`]/u);
  if (quoteAt === -1) return value;
  return raw.slice(0, quoteAt).trimStart().replace(/\s+/gu, " ") + withoutComma(raw.slice(quoteAt).trimEnd());
}
