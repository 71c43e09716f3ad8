import { isUtf8 } from "node:buffer";

export type PayloadOutcome =
  | { readonly kind: "parsed"; readonly payload: unknown }
  | { readonly kind: "refused"; readonly reason: "not_utf8" | "too_deep" | "not_json" };

/** GitHub's own payloads are below 20 levels; the rest is room for what users put into a dispatch. */
const MAX_DEPTH = 100;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DEPTH_CHANGES: ReadonlyMap<number, number> = new Map([
  [0x5b, 1],
  [0x7b, 1],
  [0x5d, -1],
  [0x7d, -1],
]);
/** The name as it is, or with an underscore written as a JSON escape. */
const MAY_NAME_PROTOTYPE = /__proto__|\\u005f/i;

/** Turns signed bytes into a value that is safe to walk, copy and write again. */
export function parsePayload(body: Buffer): PayloadOutcome {
  if (!isUtf8(body)) return { kind: "refused", reason: "not_utf8" };
  if (isTooDeep(body)) return { kind: "refused", reason: "too_deep" };
  try {
    return { kind: "parsed", payload: parseWithoutPrototypes(body.toString("utf8")) };
  } catch {
    return { kind: "refused", reason: "not_json" };
  }
}

/** A reviver costs several times the parse itself, so it runs only on a text that needs it. */
function parseWithoutPrototypes(text: string): unknown {
  if (!MAY_NAME_PROTOTYPE.test(text)) return JSON.parse(text);
  return JSON.parse(text, (key, value: unknown) => (key === "__proto__" ? undefined : value));
}

/** Counts before parsing: whatever walks the value later recurses, and must not run out of stack. */
function isTooDeep(body: Buffer): boolean {
  let depth = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] ?? 0;
    if (byte === QUOTE) at = findStringEnd(body, at);
    else depth += DEPTH_CHANGES.get(byte) ?? 0;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

function findStringEnd(body: Buffer, start: number): number {
  let at = start + 1;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at;
}
