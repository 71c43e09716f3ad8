/** A place in a text, both numbers counted from 1 as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const BYTE_ORDER_MARK = "\uFEFF";

/** Prepares a text once, so that each offset after that is looked up in logarithmic time. */
export function createLineIndex(text: string): (offset: number) => Position {
  const starts = [text.startsWith(BYTE_ORDER_MARK) ? 1 : 0];
  for (const lineBreak of text.matchAll(/\r\n|\n|\r/g)) starts.push(lineBreak.index + lineBreak[0].length);

  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Math.max(0, offset - (starts[low] ?? 0)) + 1 };
  };
}
