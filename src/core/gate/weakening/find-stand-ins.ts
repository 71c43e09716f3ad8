import { balanceOf, bareText } from "./brackets.ts";
import { listImportedNames, readImport, splitNames } from "./imported-names.ts";
import { linesWithout } from "./line-counts.ts";
import {
  BINDING,
  CALL,
  COMMENT_LINE,
  EXTENDS,
  FRAMEWORK,
  FRAMEWORK_SOURCE,
  HOISTED,
  PARAMETERS,
  REQUIRE,
  RETRY_OPTION,
  TEST_OPENER,
} from "./line-patterns.ts";
import { listSources, type Neighbours } from "./neighbours.ts";
import { CONTEXT, findUnplain, nameOf } from "./plain-additions.ts";
import { MARK, TAKES_IN } from "./plain-patterns.ts";
import type { Patch, PatchLine, Run } from "./read-patch.ts";
import { type Lines, splitStatements } from "./statements.ts";

const MAX_LINES_BELOW = 12;

/**
 * Added lines by which old tests, each as it was, may see something else than before: other functions of the framework,
 * something else in the place of what is tested, or another try after a failure.
 */
export function findStandIns(
  patch: Patch,
  { exported, moved, path }: Pick<Neighbours, "exported" | "moved"> & { readonly path: string },
): readonly string[] {
  const known = readKnown(patch, exported);
  const found = patch.runs.flatMap((run) => findInRun(run, known, { patch, path }));
  return [...new Set([...found, ...findImports(patch, { known, moved })])];
}

/** The file that a run belongs to. */
interface Context {
  readonly patch: Patch;
  readonly path: string;
}

function findInRun(run: Run, known: Known, context: Context): readonly string[] {
  const found = [
    ...run.added.filter((line) => !COMMENT_LINE.test(line) && (HOISTED.test(line) || EXTENDS.test(line))),
    ...findExposed(run, known, context),
    ...findOptions(run),
  ];
  return linesWithout(found, run.removed);
}

/** What old lines mean by a name, as far as it is shown. */
interface Known {
  /** The modules that they take names from. */
  readonly sources: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names that they, or old tests that are not shown, may have from elsewhere. */
  readonly names: ReadonlySet<string>;
  /** The same, and names of their own functions and classes. */
  readonly taken: ReadonlySet<string>;
  /** See Place. */
  readonly words: ReadonlySet<string>;
  readonly replaced: ReadonlySet<string>;
  readonly isShownWhole: boolean;
}

function readKnown({ kept, removed, lines }: Patch, exported: ReadonlySet<string>): Known {
  const before = [...kept, ...removed];
  const imports = listImportedNames(before);
  const own = new Set(before.flatMap(boundNames));
  const called = before.flatMap((line) => [...line.matchAll(CALL)].map(([, name = ""]) => name));
  const names = new Set([
    ...imports.filter(({ source }) => !FRAMEWORK_SOURCE.test(source)).map(({ name }) => name),
    ...exported,
    ...called.filter((name) => !own.has(name)),
  ]);
  const free = names.difference(new Set(removed.flatMap(boundNames)));
  const replaced = new Set(removed.filter(isTakenIn).flatMap((line) => readImport(line).names));
  const gone = removed.flatMap((line) => [...boundNames(line), nameOf(line) ?? ""]);
  return {
    names: free,
    taken: free.union(new Set(kept.flatMap((line) => [nameOf(line) ?? "", ...fixturesOf(line)]))),
    words: wordsOf(kept).difference(new Set(gone)),
    replaced,
    isShownWhole: isShownWhole(lines),
    sources: new Map(
      [...Map.groupBy(imports, ({ name }) => name)].map(([name, all]) => [
        name,
        new Set(all.map(({ source }) => source)),
      ]),
    ),
  };
}

/** One hunk with fewer lines around its changes than git would show. */
function isShownWhole(lines: readonly PatchLine[]): boolean {
  const isChanged = ({ sign }: PatchLine) => sign === "+" || sign === "-";
  const above = lines.findIndex(isChanged) - 1;
  const below = lines.length - 1 - lines.findLastIndex(isChanged);
  return lines.findLastIndex(({ sign }) => sign === "@") === 0 && above < CONTEXT && below < CONTEXT;
}

function isTakenIn(line: string): boolean {
  return TAKES_IN.test(line) || REQUIRE.test(line);
}

/** What a test of Python's asks for by the names of its parameters. */
function fixturesOf(line: string): readonly string[] {
  return (/^(?:async\s)?def \w{1,200} ?\(([^()]{0,500})/u.exec(line)?.[1] ?? "")
    .split(",")
    .flatMap((parameter) => /^\s?(\w{1,100})/u.exec(parameter)?.[1] ?? []);
}

function wordsOf(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => bareText(line).split(/[^\w$]+/u)));
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

/** Of the statements that old tests see, those that are not known to leave them as they are. */
function findExposed(run: Run, known: Known, { patch, path }: Context): readonly string[] {
  const { texts, indents } = settle(run);
  const statements = splitStatements({ texts, indents, nextIndent: indentBelow(patch.lines, run.end) });
  const unplain = new Set(findUnplain(statements, { ...known, lines: patch.lines, run, path }));
  const found = statements.filter(
    (statement) =>
      unplain.has(statement) ||
      (!statement.isClosed && parametersOf(statement.first).some((name) => known.names.has(name))),
  );
  return found.map(({ first }) => first);
}

function indentBelow(lines: readonly PatchLine[], end: number): number {
  const next = lines.slice(end, end + MAX_LINES_BELOW).find(({ sign, text }) => sign !== "-" && text !== "");
  return next === undefined || next.sign === "@" ? 0 : next.indent;
}

/** Tests, other than groups, may be given the framework itself. */
function parametersOf(line: string): readonly string[] {
  const names = splitNames(PARAMETERS.exec(line)?.[1] ?? "");
  return /^(?:it|test)\b/u.test(line) ? names.filter((name) => !FRAMEWORK.test(name)) : names;
}

/** A diff may show the end of the test before as the beginning of a new one; the same change is read the other way round. */
function settle({ added, indents, above, below, isFollowed }: Run): Pick<Lines, "texts" | "indents"> {
  const start = added.findIndex((line) => line !== "");
  const end = added.findLastIndex((line) => line !== "");
  if (isFollowed && below !== "" && !MARK.test(below) && added[start] === below)
    return {
      texts: [...added.slice(start + 1), below],
      indents: [...indents.slice(start + 1), indents[start] ?? 0],
    };
  if (!(isFollowed && end > 0 && MARK.test(above) && added[end] === above)) return { texts: added, indents };
  return { texts: [above, ...added.slice(0, end)], indents: [indents[end] ?? 0, ...indents.slice(0, end)] };
}

/** Options of a group that is put around old tests. */
function findOptions(run: Run): readonly string[] {
  const added = settle(run).texts;
  const isAround = balanceOf(added).unclosed.some((line) => TEST_OPENER.test(line));
  return isAround ? added.filter((line) => RETRY_OPTION.test(line)) : [];
}
