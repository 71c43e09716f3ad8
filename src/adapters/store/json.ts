/** An escape that PostgreSQL refuses inside jsonb: NUL, or half of a surrogate pair (well-formed pairs are not escaped). */
const SUSPECT = /\\u(?:0000|d[89a-f])/i;

/** JSON text for a jsonb parameter; what PostgreSQL cannot hold is replaced by U+FFFD. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value);
  return SUSPECT.test(text) ? JSON.stringify(clean(value)) : text;
}

/** A text parameter that PostgreSQL can hold. */
export function toText(value: string): string {
  return value.replaceAll("\0", "\uFFFD").toWellFormed();
}

function clean(value: unknown): unknown {
  if (typeof value === "string") return toText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [toText(key), clean(inner)]));
}
