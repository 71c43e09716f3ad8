/**
 * The lines of the first list that the second does not have as often. Moving or re-indenting a line is not losing it, nor
 * is a comma that its neighbour made necessary; commenting it out is.
 */
export function linesWithout(lines: readonly string[], others: readonly string[]): readonly string[] {
  return itemsWithout(lines, others, withoutComma);
}

/** The items of the first list that the second does not have as often, by what makes two of them equal. */
export function itemsWithout<T>(
  items: readonly T[],
  others: readonly T[],
  keyOf: (item: T) => string,
): readonly T[] {
  const left = new Map<string, number>();
  for (const key of others.map(keyOf)) left.set(key, (left.get(key) ?? 0) + 1);
  return items.filter((item) => {
    const key = keyOf(item);
    const known = left.get(key) ?? 0;
    left.set(key, known - 1);
    return known <= 0;
  });
}

/** A line as it reads where nothing follows it. */
export function withoutComma(line: string): string {
  return line.replace(/,$/u, "");
}
