import type { ChangedFile } from "../../../src/core/facts.ts";

/** The files of a commit by path. */
export type Tree = Readonly<Record<string, string>>;

const CONTEXT_LINES = 3;
/** From this share of common lines on, a removed and an added file are one that was moved. */
const RENAME_SIMILARITY = 0.5;

interface Line {
  readonly sign: " " | "+" | "-";
  readonly text: string;
}

/** What changed between two trees, as GitHub lists it: with patches, and moved files recognised. */
export function diffTrees(before: Tree, after: Tree): readonly ChangedFile[] {
  const removed = Object.keys(before).filter((path) => after[path] === undefined);
  const added = Object.keys(after).filter((path) => before[path] === undefined);
  const moves = findMoves(before, after, { removed, added });
  const movedFrom = new Set(moves.values());
  const kept = Object.keys(after).filter(
    (path) => before[path] !== undefined && before[path] !== after[path],
  );
  return [
    ...kept.map((path) =>
      describeFile({ path, previousPath: null, status: "modified" }, before[path], after[path]),
    ),
    ...added.map((path) => {
      const previousPath = moves.get(path) ?? null;
      const status = previousPath === null ? "added" : "renamed";
      const from = previousPath === null ? "" : before[previousPath];
      return describeFile({ path, previousPath, status }, from, after[path]);
    }),
    ...removed
      .filter((path) => !movedFrom.has(path))
      .map((path) => describeFile({ path, previousPath: null, status: "removed" }, before[path], "")),
  ].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function findMoves(
  before: Tree,
  after: Tree,
  { removed, added }: { readonly removed: readonly string[]; readonly added: readonly string[] },
): ReadonlyMap<string, string> {
  const moves = new Map<string, string>();
  const left = new Set(removed);
  for (const path of added) {
    const origin = [...left].find(
      (old) => similarity(before[old] ?? "", after[path] ?? "") >= RENAME_SIMILARITY,
    );
    if (origin === undefined) continue;
    moves.set(path, origin);
    left.delete(origin);
  }
  return moves;
}

function similarity(before: string, after: string): number {
  if (before === after) return 1;
  const lines = diffLines(splitLines(before), splitLines(after));
  const common = lines.filter((line) => line.sign === " ").length;
  return lines.length === 0
    ? 0
    : (2 * common) / (2 * common + lines.filter((line) => line.sign !== " ").length);
}

function describeFile(
  about: Pick<ChangedFile, "path" | "previousPath" | "status">,
  before = "",
  after = "",
): ChangedFile {
  if (before.includes("\u0000") || after.includes("\u0000"))
    return { ...about, additions: 0, deletions: 0, patch: null };
  const lines = diffLines(splitLines(before), splitLines(after));
  const additions = lines.filter((line) => line.sign === "+").length;
  const deletions = lines.filter((line) => line.sign === "-").length;
  return { ...about, additions, deletions, patch: additions + deletions === 0 ? null : writeHunks(lines) };
}

function splitLines(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/u, "").split("\n");
}

/** The longest common lines stay; everything else goes or comes. */
export function diffLines(before: readonly string[], after: readonly string[]): readonly Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end += 1;
  const keep = (text: string): Line => ({ sign: " ", text });
  return [
    ...before.slice(0, start).map(keep),
    ...diffMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(keep),
  ];
}

function diffMiddle(before: readonly string[], after: readonly string[]): readonly Line[] {
  const common = commonLengths(before, after);
  const lines: Line[] = [];
  let [old, now] = [0, 0];
  while (old < before.length || now < after.length) {
    const [oldText, nowText] = [before[old], after[now]];
    if (oldText !== undefined && oldText === nowText) {
      lines.push({ sign: " ", text: oldText });
      old += 1;
      now += 1;
    } else if (oldText !== undefined && lengthAt(common, old + 1, now) >= lengthAt(common, old, now + 1)) {
      lines.push({ sign: "-", text: oldText });
      old += 1;
    } else {
      lines.push({ sign: "+", text: nowText ?? "" });
      now += 1;
    }
  }
  return lines;
}

type Lengths = readonly (readonly number[])[];

function lengthAt(lengths: Lengths, old: number, now: number): number {
  return lengths[old]?.[now] ?? -1;
}

/** How many lines the rests from each pair of places on have in common. */
function commonLengths(before: readonly string[], after: readonly string[]): Lengths {
  const rows: number[][] = Array.from({ length: before.length + 1 }, () => Array(after.length + 1).fill(0));
  for (let old = before.length - 1; old >= 0; old -= 1) {
    const [row, below] = [rows[old], rows[old + 1]];
    if (row === undefined || below === undefined) continue;
    for (let now = after.length - 1; now >= 0; now -= 1) {
      row[now] =
        before[old] === after[now] ? (below[now + 1] ?? 0) + 1 : Math.max(below[now] ?? 0, row[now + 1] ?? 0);
    }
  }
  return rows;
}

function writeHunks(lines: readonly Line[]): string {
  const isNear = lines.map((_, index) =>
    lines
      .slice(Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1)
      .some((line) => line.sign !== " "),
  );
  const hunks: string[] = [];
  let [old, now] = [1, 1];
  for (let index = 0; index < lines.length; ) {
    if (!isNear[index]) {
      old += 1;
      now += 1;
      index += 1;
      continue;
    }
    const end = isNear.indexOf(false, index);
    const hunk = lines.slice(index, end === -1 ? lines.length : end);
    const oldCount = hunk.filter((line) => line.sign !== "+").length;
    const nowCount = hunk.filter((line) => line.sign !== "-").length;
    const header = `@@ -${oldCount === 0 ? old - 1 : old},${oldCount} +${nowCount === 0 ? now - 1 : now},${nowCount} @@`;
    hunks.push([header, ...hunk.map((line) => `${line.sign}${line.text}`)].join("\n"));
    old += oldCount;
    now += nowCount;
    index += hunk.length;
  }
  return hunks.join("\n");
}
