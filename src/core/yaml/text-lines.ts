import type { Position } from "./line-index.ts";

/** A line of a text, as far as it is needed to change it in place. */
export interface TextLine {
  /** Offset of its first character. */
  readonly start: number;
  /** Without what ends it. */
  readonly text: string;
  /** What ends it; for a last line without an end, what ends the other ones. */
  readonly ending: string;
}

/** Characters that give way to others. */
export interface Splice {
  readonly offset: number;
  readonly remove: number;
  readonly insert: string;
}

const BYTE_ORDER_MARK = "\uFEFF";

/** Finds the lines of a text by the positions that its reader gives. */
export function createTextLines(text: string): (position: Position) => TextLine {
  const usual = /\r\n|\n|\r/.exec(text)?.[0] ?? "\n";
  const lines: TextLine[] = [];
  let start = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  for (const lineBreak of text.matchAll(/\r\n|\n|\r/g)) {
    lines.push({ start, text: text.slice(start, lineBreak.index), ending: lineBreak[0] });
    start = lineBreak.index + lineBreak[0].length;
  }
  const last = { start, text: text.slice(start), ending: usual };
  return ({ line }) => lines[line - 1] ?? last;
}

/** Replaces the last place first, so that the others stay where they are. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  return splices
    .toSorted((a, b) => b.offset - a.offset)
    .reduce(
      (changed, { offset, remove, insert }) =>
        changed.slice(0, offset) + insert + changed.slice(offset + remove),
      text,
    );
}
