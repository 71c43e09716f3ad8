import type { ChainHead, SealedEntry, Sha256 } from "./seal-entry.ts";
import { EMPTY_CHAIN, hashEntry } from "./seal-entry.ts";

/** The first row of a chain that is not as it was written; `seq` is where it should have been. */
export interface ChainBreak {
  readonly repoId: number;
  readonly seq: number;
  readonly why: string;
}

export type ChainCheck =
  | { readonly kind: "intact"; readonly head: ChainHead }
  | { readonly kind: "broken"; readonly at: ChainBreak };

/** Checks rows that follow `from`, in order of their number; a long chain is checked in pieces by passing the head on. */
export function verifyRows(rows: readonly SealedEntry[], from: ChainHead, sha256: Sha256): ChainCheck {
  let head = from;
  for (const row of rows) {
    const why = explainBreak(row, head, sha256);
    if (why !== null) return { kind: "broken", at: { repoId: row.repoId, seq: head.seq + 1, why } };
    head = { seq: row.seq, hash: row.hash };
  }
  return { kind: "intact", head };
}

/**
 * Checks a whole chain. Only an anchor (a head that was noted elsewhere) shows that rows at the end are gone, since a
 * shorter chain is a valid chain.
 */
export function verifyChain(
  chain: {
    readonly repoId: number;
    readonly rows: readonly SealedEntry[];
    readonly anchor: ChainHead | null;
  },
  sha256: Sha256,
): ChainCheck {
  const check = verifyRows(chain.rows, EMPTY_CHAIN, sha256);
  if (check.kind === "broken" || chain.anchor === null) return check;
  const missing = explainMissing(chain.anchor, {
    head: check.head,
    hashAt: hashAt(chain.rows, chain.anchor.seq),
  });
  if (missing === null) return check;
  return { kind: "broken", at: { repoId: chain.repoId, ...missing } };
}

/** Why an anchor does not fit the chain that is there, or null; `hashAt` is the chain's hash at the anchor's number. */
export function explainMissing(
  anchor: ChainHead,
  chain: { readonly head: ChainHead; readonly hashAt: string | null },
): { readonly seq: number; readonly why: string } | null {
  if (anchor.seq > chain.head.seq) {
    return { seq: chain.head.seq + 1, why: `rows up to ${anchor.seq} were written, but are gone` };
  }
  if (anchor.seq > 0 && chain.hashAt !== anchor.hash) {
    return { seq: anchor.seq, why: "the row has another hash than the one that was noted" };
  }
  return null;
}

function explainBreak(row: SealedEntry, head: ChainHead, sha256: Sha256): string | null {
  if (row.seq !== head.seq + 1) return `expected row ${head.seq + 1}, found row ${row.seq}`;
  if (row.previousHash !== head.hash) return "the row does not continue the row before it";
  const { hash, ...content } = row;
  return hashEntry(content, sha256) === hash ? null : "the row was changed after it was written";
}

function hashAt(rows: readonly SealedEntry[], seq: number): string | null {
  return rows[seq - 1]?.hash ?? null;
}
