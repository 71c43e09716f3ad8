/**
 * The lines of the first list that the second does not have as often. Moving or re-indenting a line is not losing it, nor
 * is a comma that its neighbour made necessary; commenting it out is.
 */
export function linesWithout(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(normalise(line), (left.get(normalise(line)) ?? 0) + 1);
  return lines.filter((line) => {
    const known = left.get(normalise(line)) ?? 0;
    left.set(normalise(line), known - 1);
    return known <= 0;
  });
}

function normalise(line: string): string {
  return line.replace(/,$/u, "");
}
