import type { ChangedFile } from "../../facts.ts";
import { code } from "../../messages/text.ts";
import { matchesAny, matchesExactly } from "../match-paths.ts";
import { findEnclosures } from "./find-enclosures.ts";
import { linesWithout } from "./line-counts.ts";
import {
  ASSERTION,
  BRACKETS_ONLY,
  COMMENT_LINE,
  IMPORT,
  INLINE_TEST,
  LEAVES_OUT,
  NEUTRALISER,
  SETUP_LINE,
  SKIP,
  VERSION_LINE,
} from "./line-patterns.ts";
import { type Patch, readPatch } from "./read-patch.ts";
import {
  PROSE_PATHS,
  RUN_PATHS,
  SETUP_PATHS,
  SHARED_SETUP_PATHS,
  SNAPSHOT_PATHS,
  TEST_PATHS,
} from "./test-paths.ts";

/** One place where a change makes tests weaker, or may. */
export interface Weakening {
  readonly path: string;
  readonly what: string;
  /** Unsure ones are for a person to judge. */
  readonly isSure: boolean;
}

/** What a change to one file does to tests; nothing for a file that has nothing to do with them. */
export function findWeakenings(file: ChangedFile): readonly Weakening[] {
  const found = [...(isTest(file) ? judgeTest(file) : judgeInline(file)), ...judgeSetup(file)];
  return found.map(({ what, isSure }) => ({ path: file.path, what, isSure }));
}

/** Whether a file is a test, or was one before it was moved. */
export function isTest(file: ChangedFile): boolean {
  return pathsOf(file).some((path) => matchesAny(path, TEST_PATHS) && !matchesAny(path, PROSE_PATHS));
}

type Found = Omit<Weakening, "path">;

const sure = (what: string): Found => ({ what, isSure: true });
const unsure = (what: string): Found => ({ what, isSure: false });

function judgeTest(file: ChangedFile): readonly Found[] {
  if (file.status === "removed") return [sure("the test file is deleted")];
  if (file.status === "unchanged") return [];
  const moved = judgeMove(file);
  if (moved.length > 0) return moved;
  const patch = readPatch(file);
  if (patch === null) return isEmptyAddition(file) ? [] : [unsure("the change cannot be read as text")];
  if (isNew(file) && isWhole(patch)) return judgeAddedLines(patch.added);
  if (matchesAny(file.path, SNAPSHOT_PATHS)) {
    return linesWithout(patch.removed, patch.added).map((line) =>
      sure(`expected value changed: ${code(line)}`),
    );
  }
  return judgeExisting(patch);
}

/** A test that is moved has to stay where runners look, under a name that they know. */
function judgeMove({ status, path, previousPath }: ChangedFile): readonly Found[] {
  if (status !== "renamed" || previousPath === null) return [];
  const isLost =
    !matchesAny(path, TEST_PATHS) ||
    [TEST_PATHS, RUN_PATHS].some(
      (globs) => matchesExactly(previousPath, globs) && !matchesExactly(path, globs),
    ) ||
    extensionOf(path) !== extensionOf(previousPath);
  return isLost ? [sure(`moved away from ${code(previousPath)}, where tests are run`)] : [];
}

function judgeExisting(patch: Patch): readonly Found[] {
  const lost = linesWithout(patch.removed, patch.added).filter((line) => !COMMENT_LINE.test(line));
  const assertions = lost.filter(isAssertion);
  const isMoved = patch.removed.filter(isAssertion).length > assertions.length;
  const sources = new Set(patch.added.map(sourceOf));
  const others = lost.filter(
    (line) =>
      !(isAssertion(line) || BRACKETS_ONLY.test(line) || (isImport(line) && sources.has(sourceOf(line)))),
  );
  return [
    ...assertions.map((line) => sure(`assertion removed or changed: ${code(line)}`)),
    ...judgeAddedLines(linesWithout(patch.added, patch.removed)),
    ...others.map((line) => unsure(`line of an existing test removed or changed: ${code(line)}`)),
    ...findEnclosures(patch, { isMoved }).map((line) =>
      unsure(`may keep existing assertions from running: ${code(line)}`),
    ),
  ];
}

function isAssertion(line: string): boolean {
  return ASSERTION.test(line) && !COMMENT_LINE.test(line) && !isImport(line);
}

function isImport(line: string): boolean {
  return sourceOf(line) !== undefined;
}

/** Where an import takes from: a test that takes its subject from elsewhere tests something else. */
function sourceOf(line: string): string | undefined {
  const [, quoted, python, named] = IMPORT.exec(line) ?? [];
  return quoted ?? python ?? named;
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

/** How tests are run is decided by other files, among the tests or not. */
function judgeSetup(file: ChangedFile): readonly Found[] {
  const paths = pathsOf(file);
  if (paths.some((path) => matchesAny(path, SETUP_PATHS))) return [unsure("decides how tests are run")];
  if (!paths.some((path) => matchesAny(path, SHARED_SETUP_PATHS))) return [];
  const patch = readPatch(file);
  if (patch === null) return [unsure("may decide how tests are run, and cannot be read")];
  return [...patch.removed, ...patch.added]
    .filter((line) => SETUP_LINE.test(line) && !VERSION_LINE.test(line))
    .map((line) => unsure(`may change how tests are run: ${code(line)}`));
}

/** Some languages keep tests among the code; there a changed assertion may belong to either. */
function judgeInline(file: ChangedFile): readonly Found[] {
  const patch = INLINE_TEST.test(file.patch ?? "") && !isNew(file) ? readPatch(file) : null;
  if (patch === null) return [];
  const lost = linesWithout(patch.removed, patch.added);
  return [
    ...lost.filter((line) => INLINE_TEST.test(line)).map((line) => sure(`test removed: ${code(line)}`)),
    ...lost.filter(isAssertion).map((line) => unsure(`assertion removed or changed: ${code(line)}`)),
    ...judgeAddedLines(linesWithout(patch.added, patch.removed)),
  ];
}

function pathsOf({ path, previousPath }: ChangedFile): readonly string[] {
  return previousPath === null ? [path] : [path, previousPath];
}

function isNew({ status }: ChangedFile): boolean {
  return status === "added" || status === "copied";
}

/** What is said to be new has no old lines. */
function isWhole({ removed, runs }: Patch): boolean {
  return removed.length === 0 && runs.every((run) => !run.isFollowed);
}

function isEmptyAddition(file: ChangedFile): boolean {
  return isNew(file) && file.additions + file.deletions === 0;
}

function extensionOf(path: string): string {
  return /\.[^./]*$/u.exec(path)?.[0] ?? "";
}
