import type { Path } from "../yaml/problem.ts";
import { type ReadableYaml, readYaml } from "../yaml/read-yaml.ts";

/** The line of what stands at a path, from 1; null where nothing does, so that the default holds. */
export type KeyLines = (path: Path) => number | null;

/** Reads a configuration once, so that the lines of its keys can be looked up. */
export function createKeyLines(text: string): KeyLines {
  const document = readYaml(text);
  return (path) => (document.ok && isWritten(document, path) ? document.locateKey(path).line : null);
}

function isWritten({ value }: ReadableYaml, path: Path): boolean {
  let inner: unknown = value;
  for (const part of path) {
    if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, part)) return false;
    if (Array.isArray(inner) && typeof part !== "number") return false;
    inner = Reflect.get(inner, part);
  }
  return path.length > 0;
}
