import { parseEvents, YAMLException } from "js-yaml";
import { createLineIndex, type Position } from "./line-index.ts";
import { listProblems, type Path, type Problem } from "./problem.ts";
import { buildYamlTree, MAX_YAML_DEPTH, TOO_DEEP, type YamlFault, type YamlNode } from "./yaml-tree.ts";

/** A document that was read, or why it could not be. */
export type YamlDocument =
  | ReadableYaml
  | {
      readonly ok: false;
      readonly problems: readonly Problem[];
    };

export interface ReadableYaml {
  readonly ok: true;
  /** Made of null, booleans, numbers, text, arrays and objects without a prototype. */
  readonly value: unknown;
  /** Where the value at `path` begins; for one that does not exist, where its nearest ancestor does. */
  readonly locate: (path: Path) => Position;
  /** Where the key of `path` begins, with the same fallback. */
  readonly locateKey: (path: Path) => Position;
  /** The characters of the scalar at `path` as they were written. */
  readonly textAt: (path: Path) => string | undefined;
}

export const MAX_YAML_BYTES = 65_536;

/** The parser counts some nodes twice; its own limit only has to keep the recursion after it shallow. */
const PARSER_DEPTH = MAX_YAML_DEPTH + 2;

/** Reads one YAML document of untrusted origin, limited in size and depth, to values that JSON could hold. */
export function readYaml(text: string): YamlDocument {
  const bytes = text.length > MAX_YAML_BYTES ? text.length : new TextEncoder().encode(text).length;
  if (bytes > MAX_YAML_BYTES) {
    return refuse([{ path: "", line: 1, column: 1, message: "the file is larger than 64 KiB" }]);
  }
  const position = createLineIndex(text);
  try {
    const { root, faults } = buildYamlTree(text, parseEvents(text, { maxDepth: PARSER_DEPTH }));
    if (faults.length > 0) return refuse(faults.map((fault) => faultToProblem(fault, position)));
    return readable(root, position);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const message = error.reason.startsWith("nesting exceeded") ? TOO_DEEP : error.reason;
    return refuse([{ path: "", ...position(error.mark?.position ?? 0), message }]);
  }
}

function refuse(problems: readonly Problem[]): YamlDocument {
  return { ok: false, problems: listProblems(problems) };
}

function faultToProblem(fault: YamlFault, position: (offset: number) => Position): Problem {
  const { path, offset, earlier } = fault;
  const message =
    earlier === undefined
      ? fault.message
      : `${fault.message}; the first one is on line ${position(earlier).line}`;
  return { path, ...position(offset), message };
}

function readable(root: YamlNode, position: (offset: number) => Position): ReadableYaml {
  return {
    ok: true,
    value: root.value,
    locate: (path) => position(nearest(root, path).node.start),
    locateKey: (path) => position(nearest(root, path).node.keyStart),
    textAt: (path) => {
      const { node, isExact } = nearest(root, path);
      return isExact ? node.text : undefined;
    },
  };
}

function nearest(root: YamlNode, path: Path): { readonly node: YamlNode; readonly isExact: boolean } {
  let node = root;
  for (const part of path) {
    const child = node.children.get(part);
    if (child === undefined) return { node, isExact: false };
    node = child;
  }
  return { node, isExact: true };
}
