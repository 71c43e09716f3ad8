import { isNode, LineCounter, parseDocument } from "yaml";

const MAX_DEPTH = 30;

/** One place in a YAML document, with the means to complain about it. */
export interface Field {
  readonly value: unknown;
  /** Adds a problem at this place, in GitHub's own form. */
  readonly refuse: (message: string) => void;
  readonly at: (key: string | number) => Field;
}

/** Reads one YAML document; `problems` fills up as the fields are read. */
export function readYaml(text: string): { readonly root: Field; readonly problems: string[] } {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: true, version: "1.2" });
  const problems = document.errors.map((error) => error.message.split("\n")[0] ?? error.message);

  function fieldAt(value: unknown, path: readonly (string | number)[]): Field {
    return {
      value,
      refuse(message) {
        const node = path.length === 0 ? document.contents : document.getIn(path, true);
        const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
        const { line, col } = lineCounter.linePos(offset);
        problems.push(`(Line: ${line}, Col: ${col}): ${message}`);
      },
      at: (key) => fieldAt(childOf(value, key), [...path, key]),
    };
  }

  return { root: fieldAt(problems.length > 0 ? null : plainValue(document, problems), []), problems };
}

function plainValue(document: ReturnType<typeof parseDocument>, problems: string[]): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    if (isWithin(value, MAX_DEPTH)) return value;
    problems.push(`The document is nested more than ${MAX_DEPTH} deep`);
    return null;
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
    return null;
  }
}

/** An alias can make a value its own child, so depth is checked before anybody walks it. */
function isWithin(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((child) => isWithin(child, depth - 1));
}

function childOf(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isMapping(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The keys of a mapping; anything else is a problem and has none. */
export function readKeys(field: Field): readonly string[] {
  if (field.value === undefined || field.value === null) return [];
  if (isMapping(field.value)) return Object.keys(field.value);
  field.refuse("A mapping was expected");
  return [];
}

/** Refuses every key that is not one of these. */
export function allowKeys(field: Field, allowed: readonly string[]): void {
  for (const key of readKeys(field)) {
    if (!allowed.includes(key)) field.at(key).refuse(`Unexpected value '${key}'`);
  }
}

/** The scalar as text, `null` when absent. */
export function readText(field: Field): string | null {
  const { value } = field;
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return String(value);
  field.refuse("A scalar value was expected");
  return null;
}

/** One string or a list of strings. */
export function readTexts(field: Field): readonly string[] {
  if (!Array.isArray(field.value)) {
    const text = readText(field);
    return text === null ? [] : [text];
  }
  return field.value.flatMap((_, index) => readText(field.at(index)) ?? []);
}

export function readTextMap(field: Field): Record<string, string> {
  return Object.fromEntries(readKeys(field).map((key) => [key, readText(field.at(key)) ?? ""]));
}

/** A boolean, or an expression that will become one. */
export function readSwitch(field: Field): string {
  const text = readText(field) ?? "false";
  if (text !== "true" && text !== "false" && !text.includes("${{"))
    field.refuse(`Unexpected value '${text}'`);
  return text;
}

/** A number, or an expression that will become one. */
export function readAmount(field: Field): string | null {
  const text = readText(field);
  if (text !== null && !text.includes("${{") && !(Number(text) > 0))
    field.refuse(`Unexpected value '${text}'`);
  return text;
}
