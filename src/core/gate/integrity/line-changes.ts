import { linesWithout } from "../weakening/line-counts.ts";
import type { ChangedLine } from "./changed-lines.ts";

/** What went, what came, or what took the place of something. */
export type LineChange =
  | { readonly before: ChangedLine; readonly after: ChangedLine | null }
  | { readonly before: null; readonly after: ChangedLine };

/** Pairs what went with what came at the same place under the same name; what only moved within the file is left out. */
export function pairLines(lines: readonly ChangedLine[]): readonly LineChange[] {
  const added = withoutMoved(lines, "+");
  const free = Map.groupBy(added.toReversed(), slotOf);
  const changes = withoutMoved(lines, "-").map(
    (before): LineChange => ({ before, after: free.get(slotOf(before))?.pop() ?? null }),
  );
  const taken = new Set(changes.map(({ after }) => after));
  const came = added.filter((line) => !taken.has(line));
  return [...changes, ...came.map((after): LineChange => ({ before: null, after }))];
}

/** The lines of one sign that the other sign does not have as often. */
export function withoutMoved(
  lines: readonly ChangedLine[],
  sign: ChangedLine["sign"],
): readonly ChangedLine[] {
  const { own = [], other = [] } = Object.groupBy(lines, (line) => (line.sign === sign ? "own" : "other"));
  const left = new Map<string, number>();
  for (const text of linesWithout(textsOf(own), textsOf(other))) left.set(text, (left.get(text) ?? 0) + 1);
  return own.filter(({ text }) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count > 0;
  });
}

function textsOf(lines: readonly ChangedLine[]): readonly string[] {
  return lines.map(({ text }) => text);
}

/** Where a line stands, and its name: what comes before the first sign that gives it a value. */
function slotOf({ run, text }: ChangedLine): string {
  const end = text.slice(1).search(/[:=(>{[ ]/u);
  return `${run} ${end === -1 ? text : text.slice(0, end + 1)}`;
}
