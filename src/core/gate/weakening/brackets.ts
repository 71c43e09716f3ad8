/** What a text opens and closes, strings and comments apart. */
export interface Balance {
  /** Lines with brackets that stay open. */
  readonly unclosed: readonly string[];
  /** For each line, inside how many brackets it begins that the text both opens and closes. */
  readonly depths: readonly number[];
}

const OPENS: ReadonlySet<string> = new Set(["(", "[", "{"]);
const CLOSES: ReadonlySet<string> = new Set([")", "]", "}"]);
const QUOTES = ['"', "'", "`"] as const;

/** Counts the brackets of some lines in one pass. */
export function balanceOf(lines: readonly string[]): Balance {
  const open: number[] = [];
  const openBefore: number[] = [];
  for (const [index, line] of lines.entries()) {
    openBefore.push(open.length);
    for (const character of bareText(line)) {
      if (OPENS.has(character)) open.push(index);
      else if (CLOSES.has(character)) open.pop();
    }
  }
  let unclosedBefore = 0;
  const depths = openBefore.map((count, index) => {
    while ((open[unclosedBefore] ?? lines.length) < index) unclosedBefore += 1;
    return count - unclosedBefore;
  });
  return { unclosed: [...new Set(open)].map((index) => lines[index] ?? ""), depths };
}

/**
 * A line without a comment at its end, and with a mark for each of its strings. A quote without its partner, as in
 * `don't`, is no string.
 */
export function bareText(line: string, mark = ""): string {
  const last = new Map<string, number>(QUOTES.map((quote) => [quote, line.lastIndexOf(quote)]));
  const kept: string[] = [];
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    if (character === "\\") index += 1;
    else if (character === "/" && line.charAt(index + 1) === "/") break;
    else if ((last.get(character) ?? -1) > index) {
      index = endOfString(line, index);
      kept.push(mark);
    } else kept.push(character);
  }
  return kept.join("");
}

/** What a line says to a compiler: without its comments, and with `0` for each of its strings. */
export function codeOf(line: string): string {
  return bareText(line, "0")
    .split("*/")
    .map((part) => part.split("/*", 1).join(""))
    .join("")
    .replace(/(?:^| )#(?!\[).*$/u, "")
    .trim();
}

/** A text without what stands inside its brackets. */
export function outlineOf(bare: string): string {
  const kept: string[] = [];
  let depth = 0;
  for (const character of bare) {
    if (CLOSES.has(character)) depth = Math.max(0, depth - 1);
    if (depth === 0) kept.push(character);
    if (OPENS.has(character)) depth += 1;
  }
  return kept.join("");
}

function endOfString(line: string, start: number): number {
  const quote = line.charAt(start);
  for (let index = start + 1; index < line.length; index += 1) {
    if (line.charAt(index) === "\\") index += 1;
    else if (line.charAt(index) === quote) return index;
  }
  return start;
}
