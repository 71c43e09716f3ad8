import type { ChangedFile } from "../../facts.ts";

/** Lines that were added at one place, with what stood there before and what follows. */
export interface Run {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Whether an old line follows that the added ones may take in. */
  readonly isFollowed: boolean;
  /** The old lines before and behind them; empty where the patch shows none. */
  readonly above: string;
  readonly below: string;
  /** How many blanks begin an added line; of equal lines, the fewest. */
  readonly indents: ReadonlyMap<string, number>;
}

/** A patch as lines without their signs, without the blanks around them and with single blanks inside. */
export interface Patch {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Old lines that stay, as far as they are shown. */
  readonly kept: readonly string[];
  readonly runs: readonly Run[];
}

/** Ends of lines that compilers know and diffs do not: an addition could hide behind one of them. */
const HIDDEN_LINE_END = /[\r\u2028\u2029]/u;
const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@ ?(.*)/u;

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
  const runs = splitRuns(lines);
  return {
    added: runs.flatMap((run) => run.added),
    removed: runs.flatMap((run) => run.removed),
    kept: [...headingsOf(file.patch), ...lines.filter((line) => line.startsWith(" "))].flatMap(splitLine),
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

/** Git names in the head of each hunk the line before it that opens what it shows. */
function headingsOf(patch: string): readonly string[] {
  return patch.split("\n").flatMap((line) => HUNK.exec(line)?.[3] ?? []);
}

function splitRuns(lines: readonly string[]): readonly Run[] {
  const runs: Run[] = [];
  let changed: string[] = [];
  let above = "";
  for (const line of [...lines, ""]) {
    if (/^[+-]/u.test(line)) {
      changed.push(line);
      continue;
    }
    const [below = ""] = splitLine(line);
    if (changed.length > 0) runs.push(buildRun(changed, { above, below, isFollowed: line !== "" }));
    changed = [];
    above = splitLine(line).at(-1) ?? "";
  }
  return runs;
}

function buildRun(changed: readonly string[], around: Pick<Run, "above" | "below" | "isFollowed">): Run {
  const textsOf = (sign: string) =>
    changed.filter((line) => line.startsWith(sign)).flatMap((line) => splitLine(line.slice(1)));
  const indents = new Map<string, number>();
  for (const line of changed.filter((one) => one.startsWith("+"))) {
    const indent = line.slice(1).search(/\S|$/u);
    for (const text of splitLine(line.slice(1)))
      indents.set(text, Math.min(indent, indents.get(text) ?? indent));
  }
  return { added: textsOf("+"), removed: textsOf("-"), ...around, indents };
}

function splitLine(line: string): readonly string[] {
  return line.split(HIDDEN_LINE_END).map((text) => text.replace(/\s+/gu, " ").trim());
}
