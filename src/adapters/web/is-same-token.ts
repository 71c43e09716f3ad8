import { createHash, timingSafeEqual } from "node:crypto";

/** Digests have one length, so neither the comparison nor a refusal tells anything about the token. */
export function isSameToken(given: string, expected: string): boolean {
  const digest = (token: string) => createHash("sha256").update(token).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
