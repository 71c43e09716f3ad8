import canonicalize from "canonicalize";
import type { AuditEntry } from "./audit-entry.ts";

/** Where a chain stands: the number and the hash of its last row. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

/** An audit row as it is kept: its hash covers the entry, its place, its repository and the hash before it. */
export interface SealedEntry {
  readonly repoId: number;
  readonly seq: number;
  readonly previousHash: string;
  readonly hash: string;
  readonly entry: AuditEntry;
}

/** SHA-256 of a text's UTF-8 bytes, in lower-case hex; handed in, because the core has no crypto of its own. */
export type Sha256 = (text: string) => string;

/** The head of a chain that has no rows. */
export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: "" };

/** Puts entries behind a chain's head, in the given order. */
export function sealEntries(
  chain: { readonly repoId: number; readonly head: ChainHead },
  entries: readonly AuditEntry[],
  sha256: Sha256,
): readonly SealedEntry[] {
  const sealed: SealedEntry[] = [];
  let head = chain.head;
  for (const entry of entries) {
    const seq = head.seq + 1;
    const hash = hashEntry({ repoId: chain.repoId, seq, previousHash: head.hash, entry }, sha256);
    sealed.push({ repoId: chain.repoId, seq, previousHash: head.hash, hash, entry });
    head = { seq, hash };
  }
  return sealed;
}

/** The hash that a row with this content must have. */
export function hashEntry(content: Omit<SealedEntry, "hash">, sha256: Sha256): string {
  const text = canonicalize(content);
  if (text === undefined) {
    throw new Error(`Audit entry ${content.seq} of repository ${content.repoId} has no canonical form.`);
  }
  return sha256(text);
}
