const STAR = Symbol("any number of them");
const ANY = Symbol("any one");

type Token = string | typeof STAR | typeof ANY;

/** One name of a path: a text, or characters with wildcards between them. */
type Part = string | readonly Token[];

/** A pattern name by name; a star stands for any number of names. */
export type PathPattern = readonly (Part | typeof STAR)[];

/** Bounds the work of all matching together, whatever patterns and paths are; below zero, its answers mean nothing. */
export interface Meter {
  left: number;
}

/**
 * Compiles a pattern of `CODEOWNERS`: one with a slash before its end is anchored at the root, one that ends with a slash
 * means what is in a directory, and `*` as the last of several names means no further level.
 */
export function compilePattern(text: string): PathPattern {
  const names = text.split("/");
  const isDirectory = names.at(-1) === "";
  const inner = names.filter((name) => name !== "");
  const isAnywhere = inner.length === 1 && !text.startsWith("/");
  const parts = inner.map((name): Part | typeof STAR => (name === "**" ? STAR : compileName(name)));
  const head: PathPattern = isAnywhere ? [STAR, ...parts] : parts;
  if (isDirectory || parts.at(-1) === STAR) return [...head, [STAR], STAR];
  return inner.at(-1) === "*" ? head : [...head, STAR];
}

/** The names at the beginning that are plain text. */
export function literalPrefix(pattern: PathPattern): readonly string[] {
  const end = pattern.findIndex((part) => typeof part !== "string");
  return pattern.slice(0, end < 0 ? pattern.length : end).filter((part) => typeof part === "string");
}

/** The plain name that a path must have somewhere, of a pattern that begins anywhere. */
export function literalName([first, second]: PathPattern): string | undefined {
  return first === STAR && typeof second === "string" ? second : undefined;
}

/** The ending, from its dot, that a name of the path must have, of a pattern such as `*.js` that begins anywhere. */
export function literalEnding([first, second]: PathPattern): string | undefined {
  if (first !== STAR || !Array.isArray(second)) return undefined;
  const text = second.map((token) => (typeof token === "string" ? token : "/")).join("");
  return endingOf(text.slice(text.lastIndexOf("/") + 1));
}

/** Undefined where a name has no dot. */
export function endingOf(name: string): string | undefined {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? undefined : name.slice(dot);
}

export function matchesPattern(pattern: PathPattern, names: readonly string[], meter: Meter): boolean {
  return matchesSequence(pattern, names, { fits: fitsName, meter });
}

/** What ends with another character is told apart at once, as files of other kinds are. */
function fitsName(part: Part, name: string, meter: Meter): boolean {
  if (typeof part === "string") return part === name;
  const last = part.at(-1);
  if (typeof last === "string" && last !== name.at(-1)) return false;
  return matchesSequence(part, name, { fits: fitsChar, meter });
}

function fitsChar(token: Token, char: string): boolean {
  return token === ANY || token === char;
}

/**
 * Whether a sequence is as its pattern says. Only the last star is ever tried again, so that no pattern costs more than its
 * length times that of the sequence; a regular expression would.
 */
function matchesSequence<P>(
  pattern: readonly (P | typeof STAR)[],
  items: ArrayLike<string>,
  { fits, meter }: { readonly fits: (part: P, item: string, meter: Meter) => boolean; readonly meter: Meter },
): boolean {
  let next = 0;
  let index = 0;
  let star = -1;
  let mark = 0;
  while (index < items.length) {
    meter.left -= 1;
    if (meter.left < 0) return false;
    const part = pattern[next];
    if (part === STAR) {
      star = next;
      mark = index;
      next += 1;
    } else if (part !== undefined && fits(part, items[index] ?? "", meter)) {
      next += 1;
      index += 1;
    } else if (star < 0) {
      return false;
    } else {
      mark += 1;
      next = star + 1;
      index = mark;
    }
  }
  return pattern.slice(next).every((part) => part === STAR);
}

/** A backslash takes the next character as it is. */
function compileName(name: string): Part {
  const tokens = [...name.matchAll(/\\?(.)/gsu)].map(([written, char = ""]): Token => {
    if (written === "*") return STAR;
    return written === "?" ? ANY : char;
  });
  if (tokens.every((token) => typeof token === "string")) return tokens.join("");
  // Names are read by code units, so characters of two are taken apart.
  return tokens.flatMap((token): Token[] => (typeof token === "string" ? token.split("") : [token]));
}
