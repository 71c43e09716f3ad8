/** About how often a repository is reconciled. */
const ROUND_MS = 5 * 60_000;
/** Steps of this part of a circle soon come near every point of it, whichever rounds are left out. */
const GOLDEN_PART = 0.618_033_988_749_894_9;

/** As many of a list as one look may read: of a longer one another part each round, so that nothing is left out for ever. */
export function takeTurn<T>(list: readonly T[], most: number, now: number): readonly T[] {
  if (list.length <= most) return list;
  const first = Math.floor(((Math.floor(now / ROUND_MS) * GOLDEN_PART) % 1) * list.length);
  return [...list.slice(first), ...list.slice(0, first)].slice(0, most);
}
