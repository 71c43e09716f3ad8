import { cutTo } from "../messages/text.ts";

/** What a finding is told apart by; where it is in its file is not among it. */
export interface FindingTraits {
  readonly tool: string;
  readonly rule: string;
  readonly path: string | null;
  /** The code that was found, or what was said of it. */
  readonly text: string;
  /** The function, class or variable that the finding is of. */
  readonly symbol?: string;
}

const MAX_CHARS = 500;
/** What a message says of a place: `line 12, column 3`, `(12:3)`, `[12,3]`, `src/a.ts:12:3`. */
const WORDED_PLACE = /\b(lines?|columns?|col\.?)\s+\d+/giu;
const BRACKETED_PLACE = /([([])\d+[:,] ?\d+([)\]])/gu;
const COLON_PLACE = /:\d+:\d+\b/gu;

/** What stays the same of a finding's text when the lines above it change. */
export function normaliseEssence(text: string, symbol?: string): string {
  const folded = text
    .slice(0, MAX_CHARS * 4)
    .replace(/\s+/gu, " ")
    .trim();
  const essence = folded
    .replace(WORDED_PLACE, "$1")
    .replace(BRACKETED_PLACE, "$1$2")
    .replace(COLON_PLACE, "");
  return cutTo(symbol === undefined ? essence : `${symbol}: ${essence}`, MAX_CHARS);
}

/**
 * The first fingerprint of a finding: its traits themselves and no hash of them, so that no finding can be made to pass for
 * another one. Where it must be short, its reader hashes it.
 */
export function fingerprintFinding({ tool, rule, path, text, symbol }: FindingTraits): string {
  return joinFingerprint({ tool, rule, path, essence: normaliseEssence(text, symbol) });
}

export function joinFingerprint({ tool, rule, path, essence }: FingerprintParts): string {
  return JSON.stringify([tool, rule, path ?? "", essence]);
}

export interface FingerprintParts {
  readonly tool: string;
  readonly rule: string;
  readonly path: string | null;
  readonly essence: string;
}

/** Gives every finding its fingerprint, and an ordinal to the second and later ones of the same. */
export function identifyFindings<T extends FingerprintParts>(
  findings: readonly T[],
): readonly (T & { readonly fingerprint: string })[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const first = joinFingerprint(finding);
    const ordinal = (seen.get(first) ?? 0) + 1;
    seen.set(first, ordinal);
    return { ...finding, fingerprint: ordinal === 1 ? first : `${first}#${ordinal}` };
  });
}
