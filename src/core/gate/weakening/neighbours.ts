import type { ChangedFile } from "../../facts.ts";
import { isTest } from "./is-test.ts";
import { IMPORT } from "./line-patterns.ts";
import { readPatch } from "./read-patch.ts";
import { readTitles, type Titles } from "./test-titles.ts";

/** What the files of a change say about each other. */
export interface Neighbours {
  /** Names that changed code gives to others, or did, as far as patches show. */
  readonly exported: ReadonlySet<string>;
  /** Names that went from one place and came to another. */
  readonly moved: ReadonlySet<string>;
  /** The modules that tests took something from before, as they name them. */
  readonly imported: ReadonlySet<string>;
  /** Names of tests that come, by the stem of their file. */
  readonly titles: ReadonlyMap<string, Titles>;
}

/** Of a line with its sign, as it is indented: what it gives to others. */
const EXPORT =
  /^[-+ ](?:\s{0,8}export (?:default )?(?:async\s)?(?:abstract )?(?:function\*?|const|let|class) ?|(?:async\s)?def |class |func |(?:module\.)?exports\.)([A-Za-z_$][\w$]{0,100})/u;

/** Reads every file of a change once. */
export function readNeighbours(files: readonly ChangedFile[]): Neighbours {
  const read = files.map((file) => ({ file, patch: readPatch(file) }));
  const tests = read.filter(({ file }) => isTest(file));
  const exports = read.flatMap(({ file, patch }) => (patch === null ? [] : listExports(file)));
  const namesOf = (sign: string) =>
    new Set(exports.filter((one) => one.sign === sign).map(({ name }) => name));
  return {
    exported: new Set(exports.filter(({ isCode }) => isCode).map(({ name }) => name)),
    moved: namesOf("-").intersection(namesOf("+")),
    imported: new Set(
      tests.flatMap(({ patch }) => listSources([...(patch?.kept ?? []), ...(patch?.removed ?? [])])),
    ),
    titles: new Map(
      [...Map.groupBy(tests, ({ file }) => stemOf(file.path))].map(([stem, some]) => [
        stem,
        readTitles(some.flatMap(({ patch }) => patch?.added ?? [])),
      ]),
    ),
  };
}

/** What a test's file and the file of its recorded answers have in common: `a.test.ts`, `test_a`. */
export function stemOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.(?:snap|ambr|py)$/u, "");
}

interface Export {
  readonly sign: string;
  readonly name: string;
  /** Whether it is given by what is tested. */
  readonly isCode: boolean;
}

function listExports(file: ChangedFile): readonly Export[] {
  const isCode = !isTest(file);
  return (file.patch ?? "").split("\n").flatMap((line) => {
    const [, name] = EXPORT.exec(line) ?? [];
    return name === undefined ? [] : [{ sign: line.charAt(0), name, isCode }];
  });
}

/** The modules that lines take something from. */
export function listSources(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => sourceOf(line) ?? []);
}

/** Where an import takes from: a test that takes its subject from elsewhere tests something else. */
export function sourceOf(line: string): string | undefined {
  const [, quoted, python, named] = IMPORT.exec(line) ?? [];
  return quoted ?? python ?? named;
}
