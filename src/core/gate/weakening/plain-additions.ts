import { outlineOf } from "./brackets.ts";
import { readImport, splitNames } from "./imported-names.ts";
import { FRAMEWORK, FRAMEWORK_SOURCE, HOOK, REPLACES, REQUIRE, RETRIES } from "./line-patterns.ts";
import * as plain from "./plain-patterns.ts";
import type { PatchLine, Run } from "./read-patch.ts";
import type { Statement } from "./statements.ts";

/** What is known about the place where statements come. */
export interface Place {
  readonly lines: readonly PatchLine[];
  readonly run: Pick<Run, "start" | "end">;
  readonly path: string;
  /** Names that old lines take from elsewhere, ask for, or give to functions and classes. */
  readonly taken: ReadonlySet<string>;
  /** Words of old lines that stay, texts and comments apart, and without names whose meaning went with another line. */
  readonly words: ReadonlySet<string>;
  /** The modules that old lines take names from. */
  readonly sources: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names that removed imports gave: what becomes of those is asked elsewhere. */
  readonly replaced: ReadonlySet<string>;
  /** Whether the patch shows all of the file. */
  readonly isShownWhole: boolean;
}

/** Languages in which `f(name=1)` puts nothing anywhere. */
const NAMES_ARGUMENTS = /\.(?:pyi?|kts?|scala|sc|jl)$/iu;
/** Languages in which the names of `plain.GLOBAL` mean something everywhere. */
const SCRIPTS = /\.(?:[cm]?[jt]sx?|vue|svelte)$/iu;
const MAX_LINES_AROUND = 12;
const MAX_CHARS = 20_000;
const MAX_HEAD_CHARS = 2000;

/** The statements that may change how old tests end; a statement passes only when it is shown that it does not. */
export function findUnplain(statements: readonly Statement[], place: Place): readonly Statement[] {
  let isInComment = plain.COMMENT_GOES_ON.test(place.lines[place.run.start - 1]?.text ?? "");
  return statements.filter((statement, index) => {
    const { text } = statement;
    if (plain.COMMENT_BEGINS.test(text)) isInComment = true;
    const isComment = isInComment && !isCodeBehindComment(text);
    if (text.includes("*/")) isInComment = false;
    return !(isComment || isPlain(statement, { place, next: afterMarks(statements, index) }));
  });
}

function isCodeBehindComment(text: string): boolean {
  if (plain.COMMENT_BEGINS.test(text) || plain.COMMENT_GOES_ON.test(text)) return false;
  return text.includes("*/") && !plain.COMMENT_ENDS.test(text);
}

/** What the marks above it are for. */
function afterMarks(statements: readonly Statement[], index: number): Statement | undefined {
  if (!plain.MARK.test(statements[index]?.text ?? "")) return undefined;
  return statements
    .slice(index + 1, index + 1 + MAX_LINES_AROUND)
    .find(({ text }) => !plain.MARK.test(text) && !plain.PLAIN_COMMENT.test(text));
}

function isPlain(
  statement: Statement,
  { place, next }: { readonly place: Place; readonly next: Statement | undefined },
): boolean {
  const { text } = statement;
  if (plain.NOTHING.test(text) || plain.PLAIN_COMMENT.test(text) || isImport(statement, place)) return true;
  if (HOOK.test(text) || RETRIES.test(text) || text.length > MAX_CHARS) return false;
  if (plain.CASE_MARK.test(text)) return true;
  if (next !== undefined) return isPlainMark(text, place) && isWhole(next, place);
  return (
    isWhole(statement, place) ||
    isGroupAround(statement) ||
    plain.HARMLESS_CALL.test(text) ||
    (plain.PARALLEL.test(text) && statement.indent === 1) ||
    isInImport(text, place) ||
    isPlainCode(statement, place)
  );
}

/** A fixture takes the place of another one of its name, which may stand where a shared file is not shown. */
function isPlainMark(text: string, place: Place): boolean {
  if (plain.MARK_OF_ALL.test(text)) return false;
  if (!plain.FIXTURE.test(text)) return true;
  const name = plain.FIXTURE_NAME.exec(text)?.[1];
  return (
    (name === undefined || isFree(name, place)) && (!place.path.endsWith("conftest.py") || place.isShownWhole)
  );
}

/** Names that are taken in, and that nothing old can mean; a script is refused that imports a name twice. */
function isImport({ text, indent }: Statement, place: Place): boolean {
  if (place.path.endsWith(".go") && plain.GO_IMPORT.test(text)) return true;
  if (!(plain.TAKES_IN.test(text) || REQUIRE.test(text))) return false;
  const { path } = place;
  const { names, source, isOfAll } = readImport(text);
  if (isOfAll || /\.exs?$/u.test(path)) return false;
  const isOnTop = indent === 0 || path.endsWith(".rs");
  const isOnce = SCRIPTS.test(path) && text.startsWith("import ");
  return names.every(
    (name) =>
      place.sources.get(name)?.has(source) === true ||
      (isOnTop &&
        (FRAMEWORK.test(name) ||
          FRAMEWORK_SOURCE.test(source) ||
          place.replaced.has(name) ||
          (isOnce ? !plain.GLOBAL.test(name) : isFree(name, place)))),
  );
}

function isFree(name: string, { taken, words, path }: Place): boolean {
  return !(taken.has(name) || words.has(name) || (SCRIPTS.test(path) && plain.GLOBAL.test(name)));
}

/** Old tests may be put into a group. */
function isGroupAround({ first, isClosed }: Statement): boolean {
  return !isClosed && plain.BARE_GROUP.test(first);
}

/** A function, a class or a test that is new as a whole. */
function isWhole(statement: Statement, place: Place): boolean {
  const { text, first, isClosed } = statement;
  if (!isClosed || hasMoreBehind(statement) || reachesOthers(statement, place)) return false;
  if (plain.WHOLE_TESTS.some((head) => head.test(text))) return true;
  if (plain.PYTHON_TEST.test(text) && !plain.PROVES.test(statement.bare.replace(plain.PYTHON_TEST, "")))
    return false;
  const name = nameOf(text);
  return name !== undefined && isOwnName(name, { text, place }) && !HOOK.test(first);
}

/** What is run at once, or is still there when other tests are run. */
function reachesOthers({ bare }: Statement, { sources }: Place): boolean {
  return (
    plain.ENDS_PROCESS.test(bare) ||
    plain.RUNS_AT_ONCE.test(bare) ||
    [...bare.matchAll(plain.PUTS_MEMBER)].some(([, name = ""]) => sources.has(name))
  );
}

/** Whether no old line means this function or class, and nobody calls it without being asked. */
function isOwnName(name: string, { text, place }: { readonly text: string; readonly place: Place }): boolean {
  const { path } = place;
  if (path.endsWith(".rb") && plain.REOPENS.test(text) && !plain.OWN_CLASS.test(name)) return false;
  if (path.endsWith(".py") && plain.BUILTIN.test(name)) return false;
  const marks = plain.LEADING_MARKS.exec(text)?.[0] ?? "";
  return (
    !(
      plain.MARK_OF_ALL.test(marks) ||
      plain.CALLED_BY_ITSELF.test(name) ||
      plain.ASSERTION_NAME.test(name)
    ) && isFree(name, place)
  );
}

/** Whether something else stands behind it on its line. */
function hasMoreBehind({ text, bare }: Statement): boolean {
  if (/:$|:\s|\bend$/u.test(bare) && !/[});]$/u.test(text)) return false;
  return plain.MORE_BEHIND.test(outlineOf(bare));
}

/** The name of the function or the class that a line begins. */
export function nameOf(text: string): string | undefined {
  const head = text.slice(0, MAX_HEAD_CHARS).replace(plain.LEADING_MARKS, "");
  return (plain.FUNCTION_HEAD.exec(head) ?? plain.METHOD_HEAD.exec(head))?.[1];
}

function isPlainCode(statement: Statement, place: Place): boolean {
  const { text, bare, isClosed } = statement;
  if (!isClosed || plain.REACHES_OUT.test(text) || REPLACES.test(text)) return false;
  if (plain.LEAVES_INSIDE.test(place.path) && plain.LEAVES.test(bare)) return false;
  if (plain.GO_FAILS.test(bare) && plain.GO_CONDITION.test(outlineOf(bare))) return true;
  const outline = outlineOf(bare).replace(/[;,]? ?$/u, "");
  if (plain.ASSERTS.test(text)) return !(leaves(outline) || puts(bare, place));
  if (plain.CASE.test(text)) return isInCases(place) && !puts(bare, place);
  const name = newNameOf(statement, place);
  return name !== null && !leaves(outline) && !puts(bare.slice(bare.indexOf("=") + 1), place);
}

/** In Python and Ruby, words join what an assertion states; what they lead to is an assertion's too. */
function leaves(outline: string): boolean {
  return plain.LEAVES_OUTLINE.test(
    outline.replace(/^assert\b.*$/u, (all) => all.replace(/\b(?:and|or|if|for)\b/gu, "")),
  );
}

function puts(bare: string, { path }: Place): boolean {
  const own = bare.replace(plain.INNER_DECLARATION, "");
  return plain.PUTS.test(NAMES_ARGUMENTS.test(path) ? own.replace(plain.NAMED_ARGUMENT, "") : own);
}

/** The names of a declaration that nothing old below it can mean; null where that is not shown. */
function newNameOf(statement: Statement, place: Place): readonly string[] | null {
  const { text, indent } = statement;
  const [, pattern, several, typed] = plain.DECLARES.exec(text) ?? [];
  const declared = pattern ?? several ?? typed;
  const assigned = declared === undefined ? plain.ASSIGNS.exec(text)?.[1] : undefined;
  const names = splitNames(declared ?? assigned ?? "").filter((name) => name !== "_");
  if (names.length === 0 || names.some((name) => plain.GLOBAL.test(name) || place.taken.has(name)))
    return null;
  if (pattern !== undefined && indent === 0) return names;
  const rest = restOfBlock(place, { indent, isWholeFunction: declared === undefined });
  return rest?.some((line) => names.some((name) => mentions(line, name))) === false ? names : null;
}

function mentions(line: string, name: string): boolean {
  const words = line.split(/[^\w$]+/u);
  return words.includes(name) || words.includes(`$${name}`);
}

/** The old lines from here to the end of the block; null where the patch does not show its end. */
function restOfBlock(
  { lines, run }: Place,
  { indent, isWholeFunction }: { readonly indent: number; readonly isWholeFunction: boolean },
): readonly string[] | null {
  const isEnd = (line: PatchLine) =>
    line.text !== "" && line.indent < indent && (!isWholeFunction || ENDS_FUNCTION.test(line.text));
  const rest: string[] = [];
  for (const line of oldLinesFrom(lines, run.end)) {
    if (isEnd(line)) return rest;
    rest.push(line.text);
  }
  return rest.length < CONTEXT ? rest : null;
}

/** The next old lines of the hunk. */
function oldLinesFrom(lines: readonly PatchLine[], start: number): readonly PatchLine[] {
  const found: PatchLine[] = [];
  for (let index = start; found.length < MAX_LINES_AROUND; index += 1) {
    const line = lines[index];
    if (line === undefined || line.sign === "@") break;
    if (line.sign === " ") found.push(line);
  }
  return found;
}

/** Git shows so many lines below a change; fewer are the last of the file. */
export const CONTEXT = 3;
const ENDS_FUNCTION = /^(?:@|(?:async\s)?def |class |end$|\})/u;

/** Whether the list is one of cases, as far as it is shown. */
function isInCases(place: Place): boolean {
  const { above, below } = linesAround(place, plain.CASE);
  if (plain.CLOSES_CASES.test(below) || plain.OPENS_CASES.test(above)) return true;
  if (!plain.FIELDS_END.test(above)) return false;
  const { lines, run } = place;
  return lines
    .slice(Math.max(0, run.start - MAX_LINES_AROUND), run.start)
    .some(({ sign, text }) => sign === " " && plain.FIELDS_BEGIN.test(text));
}

/** One name more in an import that goes over several lines. */
function isInImport(text: string, place: Place): boolean {
  if (!plain.IMPORTED_NAME.test(text)) return false;
  const { above, below } = linesAround(place, plain.IMPORTED_NAME);
  const [end, source = ""] = plain.CLOSES_IMPORT.exec(below) ?? [];
  if (end === undefined || !plain.OPENS_IMPORT.test(above)) return false;
  return FRAMEWORK_SOURCE.test(source) || splitNames(text).every((name) => isFree(name, place));
}

/** The nearest lines on both sides that are not of a kind. */
function linesAround(
  { lines, run }: Place,
  kind: RegExp,
): { readonly above: string; readonly below: string } {
  const isOther = ({ sign, text }: PatchLine) => sign !== "-" && !kind.test(text);
  const above = lines.slice(Math.max(0, run.start - MAX_LINES_AROUND), run.start).findLast(isOther);
  const below = lines.slice(run.end, run.end + MAX_LINES_AROUND).find(isOther);
  return { above: above?.text ?? "", below: below?.text ?? "" };
}
