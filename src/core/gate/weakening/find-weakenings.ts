import type { ChangedFile } from "../../facts.ts";
import { code } from "../../messages/text.ts";
import { matchesAny } from "../match-paths.ts";
import { findEnclosures } from "./find-enclosures.ts";
import { findMoves } from "./find-moves.ts";
import { findStandIns } from "./find-stand-ins.ts";
import { isNew, isTest } from "./is-test.ts";
import { judgeMove } from "./judge-move.ts";
import { judgeSetup } from "./judge-setup.ts";
import { judgeSnapshot } from "./judge-snapshot.ts";
import { linesWithout } from "./line-counts.ts";
import {
  ASSERTION,
  BRACKETS_ONLY,
  COMMENT_LINE,
  INLINE_GROUP,
  INLINE_TEST,
  LEAVES_OUT,
  NEUTRALISER,
  SKIP,
} from "./line-patterns.ts";
import { findLost } from "./lost-lines.ts";
import { type Neighbours, readNeighbours, sourceOf } from "./neighbours.ts";
import { type Patch, type Run, readPatch } from "./read-patch.ts";
import { SNAPSHOT_PATHS } from "./test-paths.ts";
import { type Found, sure, unsure, type Weakening } from "./weakening.ts";

/** What a change to one file does to tests; nothing for a file that has nothing to do with them. */
export function findWeakenings(
  file: ChangedFile,
  neighbours: Neighbours = readNeighbours([file]),
): readonly Weakening[] {
  const own = isTest(file)
    ? judgeTest(file, neighbours)
    : judgeInline(file, { ...neighbours, path: file.path });
  return [...own, ...judgeSetup(file, neighbours)].map(({ what, isSure }) => ({
    path: file.path,
    what,
    isSure,
  }));
}

function judgeTest(file: ChangedFile, neighbours: Neighbours): readonly Found[] {
  if (file.status === "removed") return [sure("the test file is deleted")];
  if (file.status === "unchanged") return [];
  const moved = judgeMove(file);
  if (moved.length > 0) return moved;
  const patch = readPatch(file);
  if (patch === null) return isEmptyAddition(file) ? [] : [unsure("the change cannot be read as text")];
  if (isNew(file) && isWhole(patch)) return judgeAddedLines(patch.added);
  if (matchesAny(file.path, SNAPSHOT_PATHS))
    return judgeSnapshot({ path: file.path, patch, text: file.patch ?? "" }, neighbours);
  return judgeExisting(patch, { ...neighbours, path: file.path });
}

/** What else is known of a test that was there. */
interface About extends Neighbours {
  readonly path: string;
}

function judgeExisting(patch: Patch, about: About): readonly Found[] {
  const lost = findLost(patch, about.path);
  const assertions = lost.gone.filter(isAssertion);
  const isMoved = patch.removed.filter(isAssertion).length > assertions.length;
  const sources = new Set(patch.added.map(sourceOf));
  const others = [...lost.gone, ...lost.indented].filter(
    (line) =>
      !(isAssertion(line) || BRACKETS_ONLY.test(line) || (isImport(line) && sources.has(sourceOf(line)))),
  );
  return [
    ...assertions.map((line) => sure(`assertion removed or changed: ${code(line)}`)),
    ...judgeAddedLines(linesWithout(patch.added, patch.removed)),
    ...others.map((line) => unsure(`line of an existing test removed or changed: ${code(line)}`)),
    ...findMoves(patch, about.path).map((line) =>
      unsure(`assertion moved away from the beginning of its test: ${code(line)}`),
    ),
    ...judgeAround(patch, { isMoved, about }),
  ];
}

/** Added lines that may change how old tests end though each of their lines is still there. */
function judgeAround(
  patch: Patch,
  { isMoved, about }: { readonly isMoved: boolean; readonly about: About },
): readonly Found[] {
  const enclosures = findEnclosures(patch, { isMoved });
  const known = new Set(enclosures);
  return [
    ...enclosures.map((line) => unsure(`may keep existing assertions from running: ${code(line)}`)),
    ...findStandIns(patch, about)
      .filter((line) => !known.has(line))
      .map((line) =>
        unsure(`may change what the tests beside it see, so somebody has to look: ${code(line)}`),
      ),
  ];
}

function isAssertion(line: string): boolean {
  return ASSERTION.test(line) && !COMMENT_LINE.test(line) && !isImport(line);
}

function isImport(line: string): boolean {
  return sourceOf(line) !== undefined;
}

function judgeAddedLines(lines: readonly string[]): readonly Found[] {
  const live = lines.filter((line) => !line.startsWith("//"));
  return [
    ...live.filter((line) => SKIP.test(line)).map((line) => sure(`test skipped: ${code(line)}`)),
    ...live
      .filter((line) => NEUTRALISER.test(line))
      .map((line) => sure(`what follows is never run, or never fails: ${code(line)}`)),
    ...live
      .filter((line) => LEAVES_OUT.test(line))
      .map((line) => unsure(`may decide which tests are run: ${code(line)}`)),
  ];
}

/** Some languages keep tests among the code; there a changed assertion may belong to either. */
function judgeInline(file: ChangedFile, about: About): readonly Found[] {
  const text = file.patch ?? "";
  const patch = (INLINE_TEST.test(text) || INLINE_GROUP.test(text)) && !isNew(file) ? readPatch(file) : null;
  if (patch === null) return [];
  const lost = findLost(patch, about.path).gone;
  return [
    ...lost.filter((line) => INLINE_TEST.test(line)).map((line) => sure(`test removed: ${code(line)}`)),
    ...lost.filter(isAssertion).map((line) => unsure(`assertion removed or changed: ${code(line)}`)),
    ...judgeAddedLines(linesWithout(patch.added, patch.removed)),
    ...judgeAround({ ...patch, runs: listInlineRuns(patch) }, { isMoved: false, about }),
  ];
}

/** What was changed among inline tests, as far as the patch shows where these are. */
function listInlineRuns({ lines, runs }: Patch): readonly Run[] {
  const starts = new Set<number>();
  let isAmongTests = false;
  for (const [index, { sign, text }] of lines.entries()) {
    if (isAmongTests) starts.add(index);
    if (sign === "@") isAmongTests = INLINE_GROUP.test(text);
    if (INLINE_TEST.test(text)) isAmongTests = true;
  }
  return runs.filter(({ start }) => starts.has(start));
}

/** What is said to be new has no old lines. */
function isWhole({ removed, runs }: Patch): boolean {
  return removed.length === 0 && runs.every((run) => !run.isFollowed);
}

function isEmptyAddition(file: ChangedFile): boolean {
  return isNew(file) && file.additions + file.deletions === 0;
}
