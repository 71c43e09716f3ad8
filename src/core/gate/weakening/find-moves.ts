import { ASSERTION, COMMENT_LINE, LEAVES, OTHER_OPENER, SKIP, TEST_OPENER } from "./line-patterns.ts";
import type { Patch, PatchLine, Run } from "./read-patch.ts";

/** An assertion that leaves a place, or comes to one. */
interface Moving {
  readonly text: string;
  readonly indent: number;
  readonly run: Run;
  /** Stands for the beginning of its test up to it, as far as that moves too; 0 where it does not. */
  readonly before: number;
}

/** More than anybody moves within a test. */
const MAX_LINES_BETWEEN = 40;
/** More than anybody writes in the same words. */
const MAX_PLACES = 50;
/** The head of a method, whose marks a diff may show with the one below. */
const METHOD =
  /^(?:(?:public|private|protected|internal|static|async)\s){1,4}[\w<>[\],.?]{1,100} \w{1,100} ?\(/u;
const CLOSES = /^(?:[})\]]|end\b)/u;
const BLANKS_COUNT = /\.(?:pyi?|nim|coffee|haml)$/iu;

/**
 * Assertions that are in the file still, but at another place without the beginning of their test: they may stand in a test
 * that is not run, or behind a way out.
 */
export function findMoves(patch: Patch, path: string): readonly string[] {
  const ids = new Map<string, number>();
  const listAll = (sign: PatchLine["sign"]) =>
    patch.runs.flatMap((run) => listMoving(patch.lines.slice(run.start, run.end), { run, sign, ids }));
  const came = Map.groupBy(listAll("+"), ({ text }) => text);
  const isSkipped = patch.kept.some((line) => SKIP.test(line));
  const found = listAll("-").filter((one) => {
    const places = came.get(one.text);
    if (places === undefined) return false;
    const at = places
      .slice(0, MAX_PLACES)
      .findIndex((other) => isSamePlace(one, other, { patch, path, isSkipped }));
    if (at !== -1) places.splice(at, 1);
    return at === -1;
  });
  return [...new Set(found.map(({ text }) => text))];
}

/** Equal beginnings of tests get equal numbers. */
function listMoving(
  lines: readonly PatchLine[],
  { run, sign, ids }: Pick<Moving, "run"> & Pick<PatchLine, "sign"> & { readonly ids: Map<string, number> },
): readonly Moving[] {
  let before = 0;
  return lines.flatMap((line) => {
    if (line.sign !== sign || line.text === "" || COMMENT_LINE.test(line.text)) return [];
    const isOpener = TEST_OPENER.test(line.text) || METHOD.test(line.text);
    const beginning = `${isOpener ? 0 : before} ${line.text}`;
    if (isOpener || before > 0) before = ids.getOrInsertComputed(beginning, () => ids.size + 1);
    const { indent } = line;
    const text = line.text.replace(/[;,]$/u, "");
    return ASSERTION.test(text) ? [{ text, indent, run, before }] : [];
  });
}

function isSamePlace(
  one: Moving,
  other: Moving,
  { patch, path, isSkipped }: { readonly patch: Patch; readonly path: string; readonly isSkipped: boolean },
): boolean {
  if (one.before !== other.before) return false;
  if (one.before !== 0) return one.run === other.run || !isSkipped;
  if (BLANKS_COUNT.test(path) && one.indent !== other.indent) return false;
  return one.run === other.run || isWithinBlock(patch.lines, one.run, other.run);
}

function isWithinBlock(lines: readonly PatchLine[], one: Run, other: Run): boolean {
  const start = Math.min(one.end, other.end);
  const end = Math.max(one.start, other.start);
  if (end - start > MAX_LINES_BETWEEN) return false;
  return lines
    .slice(start, end)
    .every(
      ({ sign, text }) =>
        sign !== "@" && ![TEST_OPENER, OTHER_OPENER, LEAVES, CLOSES].some((known) => known.test(text)),
    );
}
