import { ASSERTION, COMMENT_LINE, LEAVES, OTHER_OPENER, SKIP, TEST_OPENER } from "./line-patterns.ts";
import { doBlanksCount } from "./lost-lines.ts";
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

/**
 * Assertions that are in the file still, but at another place without the beginning of their test: they may stand in a test
 * that is not run, or behind a way out.
 */
export function findMoves(patch: Patch, path: string): readonly string[] {
  const ids = new Map<string, number>();
  const listAll = (sign: PatchLine["sign"]) =>
    patch.runs.flatMap((run) => listMoving(patch.lines.slice(run.start, run.end), { run, sign, ids, path }));
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
  {
    run,
    sign,
    ids,
    path,
  }: Pick<Moving, "run"> &
    Pick<PatchLine, "sign"> & { readonly ids: Map<string, number>; readonly path: string },
): readonly Moving[] {
  let before = 0;
  let margin = 0;
  const read = lines.filter(
    (line) => line.sign === sign && line.text !== "" && !COMMENT_LINE.test(line.text),
  );
  return read.flatMap((line) => {
    const isOpener = opensTest(line.text);
    if (isOpener) margin = line.indent;
    const depth = doBlanksCount(path) ? line.indent - margin : 0;
    const beginning = `${isOpener ? 0 : before} ${depth} ${line.text}`;
    if (isOpener || before > 0) before = ids.getOrInsertComputed(beginning, () => ids.size + 1);
    const { indent } = line;
    const text = line.text.replace(/[;,]$/u, "");
    return ASSERTION.test(text) ? [{ text, indent, run, before }] : [];
  });
}

function opensTest(text: string): boolean {
  return TEST_OPENER.test(text) || METHOD.test(text);
}

function isSamePlace(
  one: Moving,
  other: Moving,
  { patch, path, isSkipped }: { readonly patch: Patch; readonly path: string; readonly isSkipped: boolean },
): boolean {
  if (one.before !== other.before) return false;
  if (one.before !== 0) return one.run === other.run || !isSkipped;
  if (doBlanksCount(path) && one.indent !== other.indent) return false;
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
