import type { ChangedFile } from "../../facts.ts";

/** Lines that were added at one place, with what stood there before and what follows. */
export interface Run {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Whether an old line follows that the added ones may take in. */
  readonly isFollowed: boolean;
}

/** A patch as lines without their signs, without the blanks around them and with single blanks inside. */
export interface Patch {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly runs: readonly Run[];
}

/** Ends of lines that compilers know and diffs do not: an addition could hide behind one of them. */
const HIDDEN_LINE_END = /[\r\u2028\u2029]/u;
const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/u;

/**
 * Reads a file's patch; null when it is not all of it. Hunks are read by their counts, so a line of a file cannot pass
 * for a sign of the format, and GitHub's own counts of lines have to agree.
 */
export function readPatch(file: ChangedFile): Patch | null {
  if (file.patch === null) return null;
  const lines = readLines(file.patch);
  if (lines === null) return null;
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  if (count("+") !== file.additions || count("-") !== file.deletions) return null;
  const runs = splitRuns(lines);
  return {
    added: runs.flatMap((run) => run.added),
    removed: runs.flatMap((run) => run.removed),
    runs,
  };
}

/** The lines of all hunks with their signs, an empty one before each hunk; null when a count is wrong. */
function readLines(patch: string): readonly string[] | null {
  const lines: string[] = [];
  let left: Left = { before: 0, after: 0 };
  for (const line of patch.replace(/\n$/u, "").split("\n")) {
    if (line.startsWith("\\")) continue;
    const isHeader = isComplete(left);
    const next = isHeader ? readHeader(line) : consume(left, line);
    if (next === null) return null;
    left = next;
    lines.push(isHeader ? "" : line || " ");
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

function splitRuns(lines: readonly string[]): readonly Run[] {
  const runs: Run[] = [];
  let added: string[] = [];
  let removed: string[] = [];
  const flush = (isFollowed: boolean) => {
    if (added.length + removed.length > 0) runs.push({ added, removed, isFollowed });
    added = [];
    removed = [];
  };
  for (const line of lines) {
    const target = line.startsWith("+") ? added : removed;
    if (/^[+-]/u.test(line)) for (const text of splitLine(line.slice(1))) target.push(text);
    else flush(line !== "");
  }
  flush(false);
  return runs;
}

function splitLine(line: string): readonly string[] {
  return line.split(HIDDEN_LINE_END).map((text) => text.replace(/\s+/gu, " ").trim());
}
