import { isBoundedGlob } from "../../config/is-bounded-glob.ts";

const MAX_PATHS = 20;
/** `Paths: src/a/**, docs/b.md`, also as an item of a list or in bold. */
const LINE = /^[ \t>*_-]{0,20}paths?[*_]{0,3}[ \t]*:[*_]{0,3}[ \t]*(\S.{0,2000})$/iu;
/** The heading that an issue form writes above what was answered. */
const HEADING = /^#{1,6}[ \t]+paths?[ \t]*:?[ \t]*$/iu;
const ANY_HEADING = /^#{1,6}[ \t]/u;

/** Files and globs that a text says its work is about: from a line `Paths:` or a section of that name, each once. */
export function readPaths(text: string): readonly string[] {
  const found = new Set<string>();
  let isSection = false;
  for (const line of text.split(/\r?\n/u)) {
    if (ANY_HEADING.test(line)) isSection = HEADING.test(line);
    else for (const path of pathsIn(isSection ? line : LINE.exec(line)?.[1])) found.add(path);
    if (found.size >= MAX_PATHS) break;
  }
  return [...found].slice(0, MAX_PATHS);
}

function pathsIn(list = ""): readonly string[] {
  return list.split(/,(?![^{]*\})/u).flatMap((item) => {
    const written = item.trim().replace(/^[-*+][ \t]+/u, "");
    // What follows a path in code, as in "`src/a.ts` (the sums)", is about it.
    const path = (/^`([^`]+)`/u.exec(written)?.[1] ?? written)
      .replace(/^[`'"]+|[`'".;]+$/gu, "")
      .replace(/^\.?\/+/u, "");
    // What has a space in it is a sentence more often than a file, and a form that was left empty says so in italics.
    const isPath = path !== "" && !/\s|^_/u.test(path) && isBoundedGlob(path);
    return isPath ? [path] : [];
  });
}
