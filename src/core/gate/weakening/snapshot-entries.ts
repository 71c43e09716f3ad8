/** A recorded answer that comes into a file of several. */
export interface NewAnswer {
  readonly key: string;
  /** Of its first line in the new file, from 1. */
  readonly line: number;
  /** Half a sentence: why it may be read in the place of an old one; null when the patch shows nothing that says so. */
  readonly suspicion: string | null;
}

interface Line {
  readonly sign: string;
  readonly text: string;
  readonly number: number;
}

/** Lines that were changed at one place, and the line above them that is not blank. */
interface Block {
  readonly above: string;
  readonly lines: readonly Line[];
}

type Entry = Omit<NewAnswer, "suspicion">;

/** Files that hold several recorded answers: how one of them begins and ends. */
interface Format {
  readonly begin: RegExp;
  readonly end: RegExp;
  /** What it is once everything with a backslash is left out: one text, and nothing that is run. */
  readonly bare: RegExp;
}

const FORMATS: readonly Format[] = [
  { begin: /^exports\[/u, end: /(?<!\\)`;$/u, bare: /^exports\[`[^`]*`\] = `[^`]*`;$/u },
  { begin: /^# name: /u, end: /^# ---$/u, bare: /^# name: /u },
];
/** Other ways to write a key than tools have would hide that it is an old one. */
const ODD_KEY = /\\[^`\\$]/u;
/** Nothing may hide behind an end of a line that diffs do not know. */
const HEADER = /^(?:\/\/ \w{1,20} Snapshot v\d|# serializer version: \d)[^\r\u2028\u2029]*$/u;
const HUNK = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/su;
const KEY = /^(?:exports\[`((?:[^`\\]|\\.){1,1000})`\] = |# name: (.*)$)/u;

/** More than anybody looks at one by one. */
const MAX_ANSWERS = 1000;

/** What a patch that is known to be complete (see read-patch.ts) adds; null when it does more than add some whole answers. */
export function readNewAnswers(patch: string): readonly NewAnswer[] | null {
  const lines = listLines(patch);
  const entries = listBlocks(lines).map(readBlock);
  if (!entries.every((some) => some !== null) || entries.flat().length > MAX_ANSWERS) return null;
  const keys = lines.flatMap(({ sign, text, number }) => {
    const key = sign === "-" ? null : keyOf(text);
    return key === null ? [] : [{ key, number }];
  });
  const known = Map.groupBy(keys, ({ key }) => key);
  const places = new Map(keys.map(({ number }, index) => [number, index]));
  return entries.flat().map((entry) => {
    const at = places.get(entry.line) ?? 0;
    const isThere = (known.get(entry.key)?.length ?? 0) > 1;
    const around = { before: keys[at - 1]?.key, after: keys[at + 1]?.key };
    return { ...entry, suspicion: isThere ? "is there already" : whyMisplaced(entry.key, around) };
  });
}

/** Tools write answers in the order of their keys, so that an old one of the same key would stand beside it. */
function whyMisplaced(
  key: string,
  { before = key, after = key }: { readonly before: string | undefined; readonly after: string | undefined },
): string | null {
  return isBehind(before, key) || isBehind(key, after) ? "stands where no tool writes it" : null;
}

/** In whatever order tools sort; where they differ nothing is said. */
function isBehind(one: string, other: string): boolean {
  const byNumber = one.localeCompare(other, "en", { numeric: true, sensitivity: "base" });
  return byNumber > 0 && one > other;
}

function keyOf(text: string): string | null {
  const [, quoted, named] = KEY.exec(text.trimEnd()) ?? [];
  return quoted === undefined ? (named ?? null) : quoted.replace(/\\(.)/gu, "$1");
}

/** The lines of all hunks, each hunk after the line that its head names. */
function listLines(patch: string): readonly Line[] {
  let next = 1;
  return patch.split("\n").flatMap((line): readonly Line[] => {
    const [head, start, heading = ""] = HUNK.exec(line) ?? [];
    if (head !== undefined) next = Number(start);
    if (head !== undefined) return [{ sign: "@", text: heading, number: 0 }];
    const number = next;
    if (/^[+ ]|^$/u.test(line)) next += 1;
    return line.startsWith("\\") ? [] : [{ sign: line.charAt(0) || " ", text: line.slice(1), number }];
  });
}

function listBlocks(lines: readonly Line[]): readonly Block[] {
  const blocks: Block[] = [];
  let above = "";
  let changed: Line[] = [];
  const flush = () => {
    if (changed.length > 0) blocks.push({ above, lines: changed });
    changed = [];
  };
  for (const line of lines) {
    if (/[+-]/u.test(line.sign)) {
      changed.push(line);
      continue;
    }
    flush();
    above = line.sign === "@" ? above : line.text.trim() || above;
  }
  flush();
  return blocks;
}

/** Whole new entries behind the end of another, so that no old one changes; null for anything else. */
function readBlock({ above, lines }: Block): readonly Entry[] | null {
  const texts = lines
    .map((line) => ({ ...line, text: line.text.trimEnd() }))
    .filter(({ text }) => !HEADER.test(text));
  const first = texts.findIndex(({ text }) => text !== "");
  if (first === -1) return texts.length === 0 ? [] : null;
  const format = FORMATS.find(({ begin }) => begin.test(texts[first]?.text ?? ""));
  const isBehindEnd = format?.end.test(above) === true || HEADER.test(above);
  if (format === undefined || !isBehindEnd || texts.some(({ sign }) => sign !== "+")) return null;
  return readEntries(texts.slice(first), format);
}

function readEntries(lines: readonly Line[], { begin, end, bare }: Format): readonly Entry[] | null {
  const starts = lines.flatMap(({ text }, index) => (begin.test(text) ? [index] : []));
  const entries = starts.map((start, index): Entry | null => {
    const entry = lines.slice(start, starts[index + 1]);
    const last = entry.findLastIndex(({ text }) => text !== "");
    const isWhole = entry.findIndex(({ text }) => end.test(text)) === last;
    const key = isWhole && isPlain(entry.slice(0, last + 1), bare) ? keyOf(entry[0]?.text ?? "") : null;
    return key === null ? null : { key, line: entry[0]?.number ?? 0 };
  });
  return entries.every((entry) => entry !== null) ? entries : null;
}

function isPlain(entry: readonly Line[], bare: RegExp): boolean {
  const text = entry.map((line) => line.text).join("\n");
  const left = text.replace(/\\./gsu, "");
  const [key = ""] = KEY.exec(text.split("\n", 1)[0] ?? "") ?? [];
  return bare.test(left) && !(left.startsWith("exports") && (left.includes("${") || ODD_KEY.test(key)));
}
