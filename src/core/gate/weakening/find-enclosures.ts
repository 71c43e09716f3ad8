import { balanceOf } from "./brackets.ts";
import { linesWithout } from "./line-counts.ts";
import { ASSERTION, DANGLING, LEAVES, OTHER_OPENER, TEST_OPENER } from "./line-patterns.ts";
import type { Patch, Run } from "./read-patch.ts";

const ENDS_OF_COMMENT = /\/\*|\*\/|"""|'''|<!--|-->/gu;

/**
 * Added lines that may keep old assertions from running though each of them is still there: a block or a comment put
 * around them, a way out before them, an operator that takes them in.
 */
export function findEnclosures(
  patch: Patch,
  { isMoved }: { readonly isMoved: boolean },
): readonly string[] {
  const found = patch.runs.flatMap(judgeRun);
  const openers = isMoved ? linesWithout(patch.added, patch.removed).filter(isOtherOpener) : [];
  return [...new Set([...found, ...openers])];
}

function judgeRun(run: Run): readonly string[] {
  const added = run.added.filter((line) => line.trim() !== "");
  if (added.length === 0) return [];
  const old = balanceOf(run.removed).unclosed;
  const { unclosed, depths } = balanceOf(added);
  const wrapped = linesWithout(unclosed, old).filter((line) => !TEST_OPENER.test(line));
  const exits = added.filter((line, index) => LEAVES.test(line) && isOutside(added, depths, index));
  const last = added.at(-1) ?? "";
  const dangling = run.isFollowed && DANGLING.test(last) && !run.removed.includes(last) ? [last] : [];
  return [...wrapped, ...linesWithout(exits, run.removed), ...dangling, ...findHalfComments(run)];
}

/** A way out of a function that stands in the same addition leads past nothing old. */
function isOutside(lines: readonly string[], depths: readonly number[], index: number): boolean {
  const isInPython = lines.slice(0, index).some((line) => /^\s*(?:async\s+)?def\s/u.test(line));
  return (depths[index] ?? 0) <= 0 && !isInPython;
}

/** The beginning of a comment or a text whose end is elsewhere. */
function findHalfComments({ added, removed }: Run): readonly string[] {
  const isHalf = countEnds(added) % 2 !== countEnds(removed) % 2;
  const line = added.find((text) => countEnds([text]) % 2 === 1);
  return isHalf && line !== undefined ? [line] : [];
}

/** Backticks count as well: a text over several lines swallows what stands in it. */
function countEnds(lines: readonly string[]): number {
  return lines.reduce((sum, line) => {
    const bare = line.replace(/\\./gu, "");
    return sum + (bare.match(ENDS_OF_COMMENT)?.length ?? 0) + (bare.match(/`/gu)?.length ?? 0);
  }, 0);
}

function isOtherOpener(line: string): boolean {
  return OTHER_OPENER.test(line) && !TEST_OPENER.test(line) && !ASSERTION.test(line);
}
