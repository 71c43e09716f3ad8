import type { Path } from "../yaml/problem.ts";
import { type ReadableYaml, readYaml } from "../yaml/read-yaml.ts";
import { applySplices, createTextLines, type Splice, type TextLine } from "../yaml/text-lines.ts";
import { parseRoadmap } from "./parse-roadmap.ts";
import type { Roadmap, RoadmapStatus } from "./roadmap.ts";

/** What the entry of one task is to say. */
export interface RoadmapEdit {
  readonly id: string;
  readonly status: RoadmapStatus;
  /** A link that is added to its evidence; null adds none. */
  readonly evidence: string | null;
}

export interface EditedRoadmap {
  readonly text: string;
  readonly made: readonly RoadmapEdit[];
  readonly refused: readonly { readonly id: string; readonly why: string }[];
}

/**
 * Changes nothing but the lines with the status and the evidence of these tasks: comments, order and layout stay. The result
 * is read again, and an edit after which the file would mean anything else than was asked for is refused.
 */
export function editRoadmap(text: string, edits: readonly RoadmapEdit[]): EditedRoadmap {
  let result: EditedRoadmap = { text, made: [], refused: [] };
  for (const edit of edits) {
    const edited = editTask(result.text, edit);
    result = edited.ok
      ? { ...result, text: edited.text, made: [...result.made, edit] }
      : { ...result, refused: [...result.refused, { id: edit.id, why: edited.why }] };
  }
  return result;
}

type EditedTask = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

const UNUSUAL: EditedTask = { ok: false, why: "its lines are laid out in a way that is not edited safely" };

function editTask(text: string, edit: RoadmapEdit): EditedTask {
  const document = readYaml(text);
  const before = parseRoadmap(text);
  if (!document.ok || !before.ok) return { ok: false, why: "the file has errors" };
  const index = before.roadmap.tasks.findIndex(({ id }) => id === edit.id);
  const task = before.roadmap.tasks[index];
  if (task === undefined) return { ok: false, why: "the file has no such task" };
  const isNew = edit.evidence !== null && !task.evidence.includes(edit.evidence);
  const wanted = { ...edit, evidence: isNew ? edit.evidence : null };
  const splices = placeEdit({ document, path: ["tasks", index], lineAt: createTextLines(text) }, wanted);
  if (splices === undefined) return UNUSUAL;
  const changed = applySplices(text, splices);
  const after = parseRoadmap(changed);
  return after.ok && isSame(after.roadmap, expect(before.roadmap, wanted))
    ? { ok: true, text: changed }
    : UNUSUAL;
}

function expect(roadmap: Roadmap, { id, status, evidence }: RoadmapEdit): Roadmap {
  const added = evidence === null ? [] : [evidence];
  return {
    ...roadmap,
    tasks: roadmap.tasks.map((task) =>
      task.id === id ? { ...task, status, evidence: [...added, ...task.evidence] } : task,
    ),
  };
}

/** The same reader made both, so that their keys are in the same order. */
function isSame(a: Roadmap, b: Roadmap): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** One task of the file as it is laid out. */
interface Entry {
  readonly document: ReadableYaml;
  readonly path: Path;
  readonly lineAt: (position: ReturnType<ReadableYaml["locate"]>) => TextLine;
}

/** Undefined where the layout is not one that is understood. */
function placeEdit(entry: Entry, edit: RoadmapEdit): readonly Splice[] | undefined {
  const hasStatus = isWritten(entry, "status");
  const anchor = findScalar(entry, hasStatus ? "status" : "id");
  return anchor === undefined ? undefined : placeAt(entry, edit, { anchor, hasStatus });
}

function placeAt(
  entry: Entry,
  edit: RoadmapEdit,
  { anchor, hasStatus }: { readonly anchor: Scalar; readonly hasStatus: boolean },
): readonly Splice[] | undefined {
  const { offset, length, quote } = anchor;
  const added = hasStatus ? [] : [`status: ${edit.status}`];
  const splices = hasStatus ? [{ offset, remove: length, insert: `${quote}${edit.status}${quote}` }] : [];
  if (edit.evidence !== null) {
    const link = JSON.stringify(edit.evidence);
    if (!isWritten(entry, "evidence")) added.push(`evidence: [${link}]`);
    else {
      const item = placeItem(entry, link);
      if (item === undefined) return undefined;
      splices.push(item);
    }
  }
  if (added.length === 0) return splices;
  const keys = placeKeys(entry, anchor, added);
  return keys === undefined ? undefined : [...splices, keys];
}

function isWritten({ document, path }: Entry, key: string): boolean {
  let value: unknown = document.value;
  for (const part of [...path, key]) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return false;
    value = Reflect.get(value, part);
  }
  return true;
}

/** The value of a key that stands on one line, with the quotes around it. */
interface Scalar {
  readonly key: string;
  readonly offset: number;
  readonly length: number;
  readonly quote: string;
}

const SCALAR = /^(["']?)[A-Za-z0-9._-]+\1(?=[\s,}]|$)/;

function findScalar(entry: Entry, key: string): Scalar | undefined {
  const { offset, rest } = placeOf(entry, [...entry.path, key]);
  const found = SCALAR.exec(rest);
  return found === null ? undefined : { key, offset, length: found[0].length, quote: found[1] ?? "" };
}

/** Where a value begins: its offset, what stands before it and from it on in its line. */
function placeOf({ document, lineAt }: Entry, path: Path) {
  const position = document.locate(path);
  const line = lineAt(position);
  const before = line.text.slice(0, position.column - 1);
  return { line, before, rest: line.text.slice(before.length), offset: line.start + before.length };
}

/** A task in braces gets its keys behind the anchor, another one in lines of their own below it. */
function placeKeys(entry: Entry, anchor: Scalar, added: readonly string[]): Splice | undefined {
  if (placeOf(entry, entry.path).rest.startsWith("{")) {
    const offset = anchor.offset + anchor.length;
    return { offset, remove: 0, insert: added.map((key) => `, ${key}`).join("") };
  }
  const position = entry.document.locateKey([...entry.path, anchor.key]);
  const line = entry.lineAt(position);
  const before = line.text.slice(0, position.column - 1);
  if (!/^[ -]*$/.test(before)) return undefined;
  const indent = " ".repeat(before.length);
  const insert = added.map((key) => `${line.ending}${indent}${key}`).join("");
  return { offset: line.start + line.text.length, remove: 0, insert };
}

/** A new first item of the evidence, which is a list in brackets or one with an item per line. */
function placeItem(entry: Entry, link: string): Splice | undefined {
  const path = [...entry.path, "evidence"];
  const list = placeOf(entry, path);
  const isEmpty = !isWritten({ ...entry, path }, "0");
  if (list.rest.startsWith("["))
    return { offset: list.offset + 1, remove: 0, insert: isEmpty ? link : `${link}, ` };
  const { line, before } = placeOf(entry, [...path, 0]);
  if (!/^ *- +$/.test(before)) return undefined;
  return { offset: line.start, remove: 0, insert: `${before}${link}${line.ending}` };
}
