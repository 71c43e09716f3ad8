const BETWEEN = ", ";
/** Stands for what both have in common. */
const SAME = "…";

/** Two values as they fit into a table; of a list that does not, only what the other lacks, since both may begin the same. */
export function showBoth(before: string, after: string, maxChars: number): readonly [string, string] {
  return [showBeside(before, after, maxChars), showBeside(after, before, maxChars)];
}

function showBeside(value: string, other: string, maxChars: number): string {
  if (value.length <= maxChars) return value;
  const known = new Set(other.split(BETWEEN));
  const own = value.split(BETWEEN);
  const rest = own.filter((item) => !known.has(item));
  return rest.length === own.length ? value : [SAME, ...rest].join(BETWEEN);
}
