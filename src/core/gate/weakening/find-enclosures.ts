import { balanceOf, bareText, codeOf } from "./brackets.ts";
import { linesWithout } from "./line-counts.ts";
import {
  ASSERTION,
  CONDITIONAL,
  DANGLING,
  LEAVES,
  OTHER_OPENER,
  REDEFINES,
  TEST_OPENER,
} from "./line-patterns.ts";
import type { Patch, Run } from "./read-patch.ts";

const ENDS = /\/\*|\*\/|`/gu;
/** Ruby's, Kotlin's and Swift's way to hand a block over. */
const CALLED_BLOCK =
  /\b(?:expect|assert\w{0,60}|XCTAssert\w{0,60})(?:<[^<>]{0,100}>)?(?:\([^()]{0,100}\))? ?(?:\{|do)$/u;
const TEXT_ENDS = /"""|'''/gu;

/**
 * Added lines that may keep old assertions from running though each of them is still there: a block or a comment put
 * around them, a way out before them, an operator that takes them in.
 */
export function findEnclosures(patch: Patch, { isMoved }: { readonly isMoved: boolean }): readonly string[] {
  const found = patch.runs.flatMap(judgeRun);
  const openers = isMoved ? linesWithout(patch.added, patch.removed).filter(isOtherOpener) : [];
  return [...new Set([...found, ...openers])];
}

function judgeRun(run: Run): readonly string[] {
  const added = run.added.filter((line) => line !== "");
  if (added.length === 0) return [];
  const { unclosed, depths } = balanceOf(added);
  const wrapped = linesWithout(unclosed, balanceOf(run.removed).unclosed).filter(
    (line) => !TEST_OPENER.test(line),
  );
  const exits = added.filter((line, index) => LEAVES.test(line) && isOutside({ added, depths, index }));
  const last = added.findLast((line) => codeOf(line) !== "") ?? "";
  const dangling = run.isFollowed && DANGLING.test(codeOf(last)) ? [last] : [];
  const replacing = added.filter((line) => REDEFINES.test(line) || CONDITIONAL.test(line));
  return [
    ...wrapped,
    ...linesWithout([...exits, ...dangling, ...replacing], run.removed),
    ...findHalfTexts(run, added),
  ];
}

/** A way out of a function that stands in the same addition leads past nothing old. */
function isOutside(exit: {
  readonly added: readonly string[];
  readonly depths: readonly number[];
  readonly index: number;
}): boolean {
  const isInPython = exit.added.slice(0, exit.index).some((line) => /^(?:async\s)?def /u.test(line));
  return (exit.depths[exit.index] ?? 0) === 0 && !isInPython;
}

/** The beginning of a comment or of a text whose end is elsewhere: what lies between is read as neither. */
function findHalfTexts({ removed }: Run, added: readonly string[]): readonly string[] {
  if (countEnds(added) % 2 === countEnds(removed) % 2) return [];
  return added.filter((line) => countEnds([line]) % 2 === 1).slice(0, 1);
}

function countEnds(lines: readonly string[]): number {
  return lines.reduce((sum, line) => {
    const inCode = bareText(line).match(ENDS)?.length ?? 0;
    return sum + inCode + (line.match(TEXT_ENDS)?.length ?? 0);
  }, 0);
}

function isOtherOpener(line: string): boolean {
  if (TEST_OPENER.test(line)) return false;
  return ASSERTION.test(line) ? isBlockOfAssertion(codeOf(line)) : OTHER_OPENER.test(line);
}

/** An assertion about a block says what becomes of the block, not of the assertions in it. */
function isBlockOfAssertion(code: string): boolean {
  return CALLED_BLOCK.test(code) || (OTHER_OPENER.test(code) && /[({[:]$/u.test(code));
}
