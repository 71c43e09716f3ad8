/** A record without a prototype: looking up a user's word such as `constructor` in it finds nothing. */
export function createRecord<T>(entries: Iterable<readonly [string, T]>): Readonly<Record<string, T>> {
  const record: Record<string, T> = Object.create(null);
  for (const [key, value] of entries) record[key] = value;
  return record;
}
