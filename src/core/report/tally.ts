/** Values by how often they come, most often first; equals in the order of their names. */
export function tally(
  values: Iterable<string>,
): readonly { readonly name: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .toSorted((a, b) => b.count - a.count || compareText(a.name, b.name));
}

/** The same order on every machine: no locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
