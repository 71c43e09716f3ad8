import {
  boolCoreTag,
  EVENT_ID,
  type Event,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  type MappingEvent,
  NOT_RESOLVED,
  nullCoreTag,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from "js-yaml";
import { clip, type Path, renderPath } from "./problem.ts";

/** A value together with where in the text it and its key begin. */
export interface YamlNode {
  readonly value: unknown;
  readonly start: number;
  /** Where the key begins; for an item of a list and for the document, where the value does. */
  readonly keyStart: number;
  /** A scalar's characters as they were written, before `1.10` became the number 1.1. */
  readonly text: string | undefined;
  readonly children: ReadonlyMap<string | number, YamlNode>;
}

export interface YamlFault {
  readonly path: string;
  readonly offset: number;
  readonly message: string;
  /** Offset of the earlier place that the message speaks about. */
  readonly earlier?: number;
}

/** Length of the longest path to a value. */
export const MAX_YAML_DEPTH = 20;
export const TOO_DEEP = `nested more than ${MAX_YAML_DEPTH} levels deep`;

interface Reader {
  readonly source: string;
  readonly events: readonly Event[];
  readonly faults: YamlFault[];
  next: number;
}

interface Place {
  readonly path: Path;
  readonly keyStart: number;
}

const NO_CHILDREN: ReadonlyMap<string | number, YamlNode> = new Map();
const EMPTY: YamlNode = { value: null, start: 0, keyStart: 0, text: undefined, children: NO_CHILDREN };
const IMPLICIT_TAGS = [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag];

/**
 * Builds the values of the one document in `events`. Only what JSON can say is let through: tags, aliases,
 * keys that are not text, repeated keys and `__proto__` are faults, all of them reported.
 */
export function buildYamlTree(
  source: string,
  events: readonly Event[],
): { readonly root: YamlNode; readonly faults: readonly YamlFault[] } {
  const reader: Reader = { source, events, faults: [], next: 1 };
  if (events.length === 0) return { root: EMPTY, faults: [] };
  const root = isAtEnd(reader) ? EMPTY : readNode(reader, { path: [], keyStart: 0 });
  reader.next++;
  if (reader.next < events.length) {
    const offset = offsetOf(events[reader.next + 1]) ?? 0;
    fault(reader, { path: [], offset, message: "a second document begins here; only one is allowed" });
  }
  return { root, faults: reader.faults };
}

function readNode(reader: Reader, place: Place): YamlNode {
  const event = reader.events[reader.next++];
  refuseTag(reader, place, event);
  if (place.path.length > MAX_YAML_DEPTH)
    fault(reader, { ...place, offset: place.keyStart, message: TOO_DEEP });
  switch (event?.type) {
    case EVENT_ID.SCALAR:
      return readScalar(reader, place, event);
    case EVENT_ID.SEQUENCE:
      return readSequence(reader, place, event);
    case EVENT_ID.MAPPING:
      return readMapping(reader, place, event);
    case EVENT_ID.ALIAS: {
      const offset = event.anchorStart - 1;
      fault(reader, { path: place.path, offset, message: "aliases are not allowed; write the value out" });
      return { ...EMPTY, start: offset, keyStart: place.keyStart };
    }
    default:
      throw new Error(`Expected a YAML node as event ${reader.next - 1}, found type ${event?.type}`);
  }
}

function readScalar(reader: Reader, place: Place, event: ScalarEvent): YamlNode {
  const text = getScalarValue(reader.source, event);
  const start = offsetOf(event) ?? place.keyStart;
  const value = event.style === SCALAR_STYLE.PLAIN ? resolvePlain(text) : text;
  return { value, start, keyStart: place.keyStart, text, children: NO_CHILDREN };
}

function resolvePlain(text: string): unknown {
  for (const tag of IMPLICIT_TAGS) {
    const value = tag.resolve(text, false, tag.tagName);
    if (value !== NOT_RESOLVED) return value;
  }
  return text;
}

function readSequence(reader: Reader, place: Place, event: SequenceEvent): YamlNode {
  const value: unknown[] = [];
  const children = new Map<number, YamlNode>();
  while (!isAtEnd(reader)) {
    const keyStart = offsetOf(reader.events[reader.next]) ?? event.start;
    const item = readNode(reader, { path: [...place.path, value.length], keyStart });
    children.set(value.length, item);
    value.push(item.value);
  }
  reader.next++;
  return { value, start: event.start, keyStart: place.keyStart, text: undefined, children };
}

function readMapping(reader: Reader, place: Place, event: MappingEvent): YamlNode {
  const value: Record<string, unknown> = Object.create(null);
  const children = new Map<string, YamlNode>();
  while (!isAtEnd(reader)) {
    const keyEvent = reader.events[reader.next];
    const keyStart = offsetOf(keyEvent) ?? event.start;
    const key = readNode(reader, { path: place.path, keyStart }).text;
    const path = [...place.path, key ?? "?"];
    const earlier = key === undefined ? undefined : children.get(key)?.keyStart;
    const child = readNode(reader, { path, keyStart });
    const message = judgeKey(key, earlier);
    if (message !== undefined) fault(reader, { path, offset: keyStart, message, earlier });
    else if (key !== undefined) {
      children.set(key, child);
      value[key] = child.value;
    }
  }
  reader.next++;
  return { value, start: event.start, keyStart: place.keyStart, text: undefined, children };
}

function judgeKey(key: string | undefined, earlier: number | undefined): string | undefined {
  if (key === undefined) return "a key must be plain text";
  if (key === "__proto__") return '"__proto__" cannot be a key';
  return earlier === undefined ? undefined : `duplicate key "${clip(key)}"`;
}

function refuseTag(reader: Reader, place: Place, event: Event | undefined): void {
  if (event === undefined || !("tagStart" in event) || event.tagStart < 0) return;
  const tag = clip(reader.source.slice(event.tagStart, event.tagEnd));
  const message = `tags such as ${tag} are not allowed`;
  fault(reader, { path: place.path, offset: event.tagStart, message });
}

function fault(
  reader: Reader,
  found: { path: Path; offset: number; message: string; earlier?: number | undefined },
): void {
  const { offset, message, earlier } = found;
  const path = renderPath(found.path);
  reader.faults.push({ path, offset, message, ...(earlier === undefined ? {} : { earlier }) });
}

function isAtEnd(reader: Reader): boolean {
  return reader.events[reader.next]?.type === EVENT_ID.POP;
}

/** Where a node begins; undefined for one that is not written at all, as after `key:`. */
function offsetOf(event: Event | undefined): number | undefined {
  if (event === undefined) return undefined;
  if ("start" in event) return event.start;
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
  if (event.type !== EVENT_ID.SCALAR || event.valueStart < 0) return undefined;
  const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  return isQuoted ? event.valueStart - 1 : event.valueStart;
}
