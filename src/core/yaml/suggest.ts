import { distance } from "fastest-levenshtein";

/** The candidate that `word` is most likely a misspelling of, if any comes close. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > 64) return undefined;
  const limit = Math.min(word.length - 1, Math.max(1, Math.round(word.length * 0.4)));
  let best: { readonly name: string; readonly errors: number } | undefined;
  for (const name of candidates) {
    const errors = distance(word.toLowerCase(), name.toLowerCase());
    if (errors <= limit && (best === undefined || errors < best.errors)) best = { name, errors };
  }
  return best?.name;
}
