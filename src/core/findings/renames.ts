/** From the path in the baseline to the path that the file has now. */
export type Renames = ReadonlyMap<string, string>;

export const NO_RENAMES: Renames = new Map();

/** A path of the baseline as it is now called. */
export function followRename(path: string | null, renames: Renames): string | null {
  return path === null ? null : (renames.get(path) ?? path);
}
