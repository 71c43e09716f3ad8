import { balanceOf } from "./brackets.ts";
import { listImportedNames, splitNames } from "./imported-names.ts";
import { linesWithout } from "./line-counts.ts";
import {
  AUTOMATIC,
  BINDING,
  CALL,
  COMMENT_LINE,
  DECORATOR,
  EXTENDS,
  FRAMEWORK,
  FRAMEWORK_SOURCE,
  HOISTED,
  HOOK,
  PARAMETERS,
  REPLACES,
  REQUIRE,
  RETRIES,
  RETRY_OPTION,
  TEST_OPENER,
} from "./line-patterns.ts";
import { listSources, type Neighbours } from "./neighbours.ts";
import type { Patch, Run } from "./read-patch.ts";

/**
 * Added lines by which old tests, each as it was, may see something else than before: other functions of the framework,
 * something else in the place of what is tested, or another try after a failure.
 */
export function findStandIns(
  patch: Patch,
  { exported, moved }: Pick<Neighbours, "exported" | "moved">,
): readonly string[] {
  const known = readKnown(patch, exported);
  const found = patch.runs.flatMap((run) => [
    ...run.added.filter((line) => HOISTED.test(line) || EXTENDS.test(line)),
    ...findExposed(run, known),
    ...findDecorators(run),
    ...findOptions(run),
  ]);
  return [
    ...new Set([
      ...linesWithout(found, patch.removed).filter((line) => !COMMENT_LINE.test(line)),
      ...findImports(patch, { known, moved }),
    ]),
  ];
}

/** What old lines mean by a name, as far as it is shown. */
interface Known {
  /** The modules that they take names from. */
  readonly sources: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names that they, or old tests that are not shown, may have from elsewhere. */
  readonly names: ReadonlySet<string>;
}

function readKnown({ kept, removed }: Patch, exported: ReadonlySet<string>): Known {
  const before = [...kept, ...removed];
  const imports = listImportedNames(before);
  const own = new Set(before.flatMap(boundNames));
  const called = before.flatMap((line) => [...line.matchAll(CALL)].map(([, name = ""]) => name));
  const names = new Set([
    ...imports.filter(({ source }) => !FRAMEWORK_SOURCE.test(source)).map(({ name }) => name),
    ...exported,
    ...called.filter((name) => !own.has(name)),
  ]);
  return {
    sources: new Map(
      [...Map.groupBy(imports, ({ name }) => name)].map(([name, all]) => [
        name,
        new Set(all.map(({ source }) => source)),
      ]),
    ),
    names: names.difference(new Set(removed.flatMap(boundNames))),
  };
}

function boundNames(line: string): readonly string[] {
  const [, declared, assigned] = BINDING.exec(line) ?? [];
  return splitNames(declared ?? assigned ?? "");
}

/**
 * Imports of names that mean something already, and of those of the framework from somewhere else. Where nothing is taken from the
 * old place any more, the line that went says so.
 */
function findImports(
  { kept, removed, added }: Patch,
  { known, moved }: { readonly known: Known; readonly moved: ReadonlySet<string> },
): readonly string[] {
  const before = new Set(listSources([...kept, ...removed]));
  const now = new Set(listSources([...kept, ...added]));
  return listImportedNames(added)
    .filter(({ name, source }) => {
      if (FRAMEWORK.test(name)) return !FRAMEWORK_SOURCE.test(source) && !before.has(source);
      const old = known.sources.get(name) ?? new Set();
      return !old.has(source) && !moved.has(name) && !old.isDisjointFrom(now);
    })
    .map(({ text }) => text);
}

/** Of the lines that old tests see, those that put something in the place of something. */
function findExposed(run: Run, { names }: Known): readonly string[] {
  const { lines, unclosed } = listExposed(run);
  const isShadow = (name: string, line: string) =>
    names.has(name) || (FRAMEWORK.test(name) && /[{[]/u.test(line) && !/\bchai\b/u.test(line));
  const found = lines.filter(
    ({ line, next }) =>
      REPLACES.test(line) ||
      RETRIES.test(line) ||
      AUTOMATIC.test(line) ||
      (!isHarmless(line, next) && boundNames(line).some((name) => isShadow(name, line))) ||
      (unclosed.has(line) && TEST_OPENER.test(line) && parametersOf(line).some((name) => names.has(name))),
  );
  return found.map(({ line }) => line);
}

/** What gives a name its old meaning, and `total=6` within a call, which looks like an assignment. */
function isHarmless(line: string, next: string): boolean {
  if (REQUIRE.test(line)) return true;
  if (!/^\w+=[^=]/u.test(line) || balanceOf([line]).unclosed.length > 0) return false;
  return line.endsWith(",") || /^[)/>]/u.test(next);
}

/** Tests, other than groups, may be given the framework itself. */
function parametersOf(line: string): readonly string[] {
  const names = splitNames(PARAMETERS.exec(line)?.[1] ?? "");
  return /^(?:it|test)\b/u.test(line) ? names.filter((name) => !FRAMEWORK.test(name)) : names;
}

/**
 * The added lines that are not part of a test or a function that was added as a whole. Hooks are run for every test
 * beside them.
 */
function listExposed(run: Run): {
  readonly lines: readonly { readonly line: string; readonly next: string }[];
  readonly unclosed: ReadonlySet<string>;
} {
  const added = settle(run);
  const balance = balanceOf(added);
  const unclosed = new Set(balance.unclosed);
  const inFunctions = linesOfFunctions(added, run.indents);
  let isInHook = false;
  const lines = added.flatMap((line, index) => {
    const isOutside = balance.depths[index] === 0;
    if (isOutside) isInHook = HOOK.test(line);
    const isWhole =
      TEST_OPENER.test(line) && ![HOOK, RETRIES].some((known) => known.test(line)) && !unclosed.has(line);
    const isExposed = !inFunctions.has(index) && (isInHook || (isOutside && !isWhole));
    return isExposed ? [{ line, next: added[index + 1] ?? run.below }] : [];
  });
  return { lines, unclosed };
}

/** Where blanks say what belongs to a function or a class: the places of the lines of those that are no hooks. */
function linesOfFunctions(
  added: readonly string[],
  indents: ReadonlyMap<string, number>,
): ReadonlySet<number> {
  const places = new Set<number>();
  let start: number | null = null;
  for (const [index, line] of added.entries()) {
    const indent = indents.get(line) ?? 0;
    if (start !== null && line !== "" && indent <= start) start = null;
    if (start !== null) places.add(index);
    else if (PYTHON_BLOCK.test(line) && !HOOK.test(line)) start = indent;
  }
  return places;
}

const PYTHON_BLOCK = /^(?:(?:async\s)?def|class)\b.*:$/u;

/** A diff may show the end of the test before as the beginning of a new one; the same change is read the other way round. */
function settle({ added, below, isFollowed }: Run): readonly string[] {
  const start = added.findIndex((line) => line !== "");
  const isShifted = isFollowed && below !== "" && added[start] === below;
  return isShifted ? [...added.slice(start + 1), below] : added;
}

/** A decorator that comes before an old test; one like the line above it belongs to what was added. */
function findDecorators({ added, above, isFollowed }: Run): readonly string[] {
  const last = added.findLastIndex((line) => !line.startsWith("@"));
  return isFollowed ? added.slice(last + 1).filter((line) => DECORATOR.test(line) && line !== above) : [];
}

/** Options of a group that is put around old tests. */
function findOptions(run: Run): readonly string[] {
  const added = settle(run);
  const isAround = balanceOf(added).unclosed.some((line) => TEST_OPENER.test(line));
  return isAround ? added.filter((line) => RETRY_OPTION.test(line)) : [];
}
