import type { ChangedFile } from "../../facts.ts";

/** A line of a hunk without its sign; the head of a hunk says what git names in it. */
export interface PatchLine {
  readonly sign: "@" | " " | "+" | "-";
  readonly text: string;
  /** The text with all of its blanks. */
  readonly raw: string;
  /** How many blanks begin it. */
  readonly indent: number;
}

/** Lines that were added at one place, with what stood there before and what follows. */
export interface Run {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Whether an old line follows that the added ones may take in. */
  readonly isFollowed: boolean;
  /** The old lines before and behind them; empty where the patch shows none. */
  readonly above: string;
  readonly below: string;
  /** How many blanks begin each added line. */
  readonly indents: readonly number[];
  /** Its first line among those of the patch, and the first behind it. */
  readonly start: number;
  readonly end: number;
}

/** A patch as lines without their signs, without the blanks around them and with single blanks inside. */
export interface Patch {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Old lines that stay, as far as they are shown. */
  readonly kept: readonly string[];
  readonly runs: readonly Run[];
  /** All of it in order. */
  readonly lines: readonly PatchLine[];
}

/** Ends of lines that compilers know and diffs do not: an addition could hide behind one of them. */
const HIDDEN_LINE_END = /[\r\u2028\u2029]/u;
const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@ ?(.*)/u;

const SIGNS = ["@", "+", "-"] as const;

/** Several gates read the same patches. */
const READ = new WeakMap<ChangedFile, Patch | null>();

/**
 * Reads a file's patch; null when it is not all of it. Hunks are read by their counts, so a line of a file cannot pass
 * for a sign of the format, and GitHub's own counts of lines have to agree.
 */
export function readPatch(file: ChangedFile): Patch | null {
  const known = READ.get(file);
  if (known !== undefined) return known;
  const patch = parsePatch(file);
  READ.set(file, patch);
  return patch;
}

function parsePatch(file: ChangedFile): Patch | null {
  if (file.patch === null) return null;
  const lines = readLines(file.patch);
  if (lines === null) return null;
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  if (count("+") !== file.additions || count("-") !== file.deletions) return null;
  const shown = lines.flatMap(splitLine);
  const runs = splitRuns(shown);
  const textsOf = (sign: PatchLine["sign"]) =>
    shown.filter((line) => line.sign === sign).map(({ text }) => text);
  return {
    added: textsOf("+"),
    removed: textsOf("-"),
    kept: [...textsOf("@"), ...textsOf(" ")],
    runs,
    lines: shown,
  };
}

/** The lines of all hunks with their signs, before each hunk what its head names; null when a count is wrong. */
function readLines(patch: string): readonly string[] | null {
  const lines: string[] = [];
  let left: Left = { before: 0, after: 0 };
  for (const line of patch.replace(/\n$/u, "").split("\n")) {
    if (line.startsWith("\\")) continue;
    const isHeader = isComplete(left);
    const next = isHeader ? readHeader(line) : consume(left, line);
    if (next === null) return null;
    left = next;
    lines.push(isHeader ? `@${HUNK.exec(line)?.[3] ?? ""}` : line.replace(/^(?![+-])./u, " ") || " ");
  }
  return isComplete(left) ? lines : null;
}

/** How many lines of a hunk are still to come, of the old file and of the new one. */
interface Left {
  readonly before: number;
  readonly after: number;
}

function isComplete({ before, after }: Left): boolean {
  return before === 0 && after === 0;
}

function readHeader(line: string): Left | null {
  const hunk = HUNK.exec(line);
  return hunk === null ? null : { before: Number(hunk[1] ?? 1), after: Number(hunk[2] ?? 1) };
}

function consume({ before, after }: Left, line: string): Left | null {
  const left = {
    before: line.startsWith("+") ? before : before - 1,
    after: line.startsWith("-") ? after : after - 1,
  };
  return left.before < 0 || left.after < 0 ? null : left;
}

function splitLine(line: string): readonly PatchLine[] {
  const sign = SIGNS.find((known) => line.startsWith(known)) ?? " ";
  const indent = line.slice(1).search(/\S|$/u);
  return line
    .slice(1)
    .split(HIDDEN_LINE_END)
    .map((raw) => ({ sign, indent, raw, text: raw.replace(/\s+/gu, " ").trim() }));
}

function splitRuns(lines: readonly PatchLine[]): readonly Run[] {
  const runs: Run[] = [];
  let start: number | null = null;
  for (let index = 0; index <= lines.length; index += 1) {
    const sign = lines[index]?.sign ?? "@";
    if (sign === "+" || sign === "-") start ??= index;
    else if (start !== null) {
      runs.push(buildRun(lines, { start, end: index }));
      start = null;
    }
  }
  return runs;
}

function buildRun(lines: readonly PatchLine[], { start, end }: Pick<Run, "start" | "end">): Run {
  const changed = lines.slice(start, end);
  const added = changed.filter(({ sign }) => sign === "+");
  const oldTextAt = (index: number) => (lines[index]?.sign === " " ? (lines[index]?.text ?? "") : "");
  return {
    added: added.map(({ text }) => text),
    removed: changed.filter(({ sign }) => sign === "-").map(({ text }) => text),
    isFollowed: lines[end]?.sign === " ",
    above: oldTextAt(start - 1),
    below: oldTextAt(end),
    indents: added.map(({ indent }) => indent),
    start,
    end,
  };
}
