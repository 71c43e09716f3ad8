/** Eight hexadecimal digits that tell texts apart; against mistakes, not against anybody who wants two to be equal. */
export function digestText(text: string, seed = 0x811c9dc5): string {
  // FNV-1a with a seed.
  let hash = seed;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
