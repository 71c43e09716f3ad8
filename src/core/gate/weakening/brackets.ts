/** What a text opens and closes, strings and comments apart. */
export interface Balance {
  /** Lines of the brackets that stay open. */
  readonly unclosed: readonly string[];
  /** How many brackets are closed that were open before. */
  readonly closes: number;
  /** For each line, how many brackets are open where it begins, those from before not counted; negative outside of them. */
  readonly depths: readonly number[];
}

const OPENS: ReadonlySet<string> = new Set(["(", "[", "{"]);
const CLOSES: ReadonlySet<string> = new Set([")", "]", "}"]);
const QUOTES = ['"', "'", "`"] as const;

/** Counts the brackets of some lines in one pass. */
export function balanceOf(lines: readonly string[]): Balance {
  const open: string[] = [];
  const depths: number[] = [];
  let closes = 0;
  for (const line of lines) {
    depths.push(open.length - closes);
    for (const bracket of bracketsOf(line)) {
      if (OPENS.has(bracket)) open.push(line);
      else if (open.length > 0) open.pop();
      else closes += 1;
    }
  }
  return { unclosed: open, closes, depths };
}

/** A quote without its partner on the line, as in `don't`, is no string. */
function bracketsOf(line: string): readonly string[] {
  const last = new Map<string, number>(QUOTES.map((quote) => [quote, line.lastIndexOf(quote)] as const));
  const found: string[] = [];
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    if (character === "\\") index += 1;
    else if (character === "/" && line.charAt(index + 1) === "/") return found;
    else if ((last.get(character) ?? -1) > index) index = endOfString(line, index);
    else if (OPENS.has(character) || CLOSES.has(character)) found.push(character);
  }
  return found;
}

function endOfString(line: string, start: number): number {
  const quote = line.charAt(start);
  for (let index = start + 1; index < line.length; index += 1) {
    if (line.charAt(index) === "\\") index += 1;
    else if (line.charAt(index) === quote) return index;
  }
  return start;
}
