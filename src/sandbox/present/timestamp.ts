/** A time as GitHub writes it: ISO 8601 in UTC, whole seconds. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, "Z");
}

export function timestampOrNull(date: Date | null): string | null {
  return date === null ? null : timestamp(date);
}
