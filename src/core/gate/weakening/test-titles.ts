/** Names of tests. */
export interface Titles {
  readonly exact: ReadonlySet<string>;
  /** Names with parts that each run fills in: what stands between these. */
  readonly patterns: readonly (readonly string[])[];
}

const TEXT = /(["'`])((?:\\.|(?!\1)[^\\]){1,300})\1/gu;
const PYTHON_TEST = /\bdef (test\w{0,200})/gu;
const BLANK_TO_FILL = /%[a-zA-Z#$%]|\$\{[^}]{0,100}\}|\$[\w.#]+/u;
/** More than people write by hand. */
const MAX_PATTERNS = 100;
/** Of a pattern that says less, nearly every name would be one. */
const MIN_PATTERN_CHARS = 3;
const PYTHON_KEY = /(?:^|\.)(test\w*)/u;

/** Every text of the lines counts: a name may stand on a line of its own, or come from a list. */
export function readTitles(lines: readonly string[]): Titles {
  const texts = lines.flatMap((line) => [
    ...[...line.matchAll(TEXT)].map(([, , text = ""]) => text.replace(/\\(.)/gu, "$1")),
    ...[...line.matchAll(PYTHON_TEST)].map(([, name = ""]) => name),
  ]);
  const patterns = texts.map((text) => text.split(BLANK_TO_FILL)).filter((parts) => parts.length > 1);
  const exact = new Set(texts);
  return {
    exact,
    patterns: patterns
      .filter((parts) => parts.join("").trim().length >= MIN_PATTERN_CHARS)
      .slice(0, MAX_PATTERNS),
  };
}

/** Whether the key of a recorded answer (`<groups> <test>: <hint> <number>`, `Class.test_name[case]`) is one of a test. */
export function isOfTest(key: string, { exact, patterns }: Titles): boolean {
  if (exact.has(PYTHON_KEY.exec(key)?.[1] ?? "")) return true;
  const name = key.replace(/ \d{1,9}$/u, "");
  const names = [name, ...prefixesOf(name)];
  return names.some(
    (one) =>
      suffixesOf(one).some((suffix) => exact.has(suffix)) || patterns.some((parts) => isFilled(parts, one)),
  );
}

/** What stands before each hint. */
function prefixesOf(name: string): readonly string[] {
  return [...name.matchAll(/: /gu)].slice(0, 20).map(({ index }) => name.slice(0, index));
}

/** What stands behind each group. */
function suffixesOf(name: string): readonly string[] {
  return [name, ...[...name.matchAll(/ /gu)].map(({ index }) => name.slice(index + 1))];
}

function isFilled(parts: readonly string[], name: string): boolean {
  const [first = "", ...others] = parts;
  const start = name.indexOf(first);
  if (start === -1 || (first !== "" && start > 0 && name.charAt(start - 1) !== " ")) return false;
  let end = start + first.length;
  for (const part of others.slice(0, -1)) {
    const found = name.indexOf(part, end);
    if (found === -1) return false;
    end = found + part.length;
  }
  const last = others.at(-1) ?? "";
  return name.length - last.length >= end && name.endsWith(last);
}
