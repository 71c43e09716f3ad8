import type { ChainHead } from "../../../core/audit/seal-entry.ts";
import { EMPTY_CHAIN } from "../../../core/audit/seal-entry.ts";
import type { ChainBreak } from "../../../core/audit/verify-chain.ts";
import { explainMissing, verifyRows } from "../../../core/audit/verify-chain.ts";
import type { Db, StoreContext } from "../engine.ts";
import type { AuditLog } from "../store.ts";
import { appendAudit, sha256 } from "./append-audit.ts";
import { toSealedEntry } from "./stored-entry.ts";

const ROWS_AT_ONCE = 1000;

export function openAuditLog({ engine }: StoreContext): AuditLog {
  return {
    append: (repoId, entries) => engine.transact((trx) => appendAudit(trx, repoId, entries)),
    verify: async (repoId, anchors) => {
      const heads = await readHeads(engine.db);
      const repoIds = repoId === undefined ? await listChains(engine.db, heads) : [repoId];
      for (const id of repoIds) {
        const noted = [heads.get(id), anchors?.get(id)].filter((head) => head !== undefined);
        const broken = await verifyStoredChain(engine.db, id, noted);
        if (broken !== null) return broken;
      }
      return null;
    },
    read: async (repoId, { limit }) => {
      const rows = await engine.db
        .selectFrom("audit")
        .selectAll()
        .where("repo_id", "=", repoId)
        .orderBy("seq", "desc")
        .limit(limit)
        .execute();
      return rows.map(toSealedEntry);
    },
    heads: () => readHeads(engine.db),
  };
}

async function readHeads(db: Db): Promise<ReadonlyMap<number, ChainHead>> {
  const rows = await db.selectFrom("audit_heads").selectAll().execute();
  return new Map(rows.map(({ repo_id, seq, hash }) => [repo_id, { seq, hash }]));
}

/** Also chains whose head somebody took away. */
async function listChains(db: Db, heads: ReadonlyMap<number, ChainHead>): Promise<readonly number[]> {
  const rows = await db.selectFrom("audit").select("repo_id").distinct().execute();
  return [...new Set([...heads.keys(), ...rows.map((row) => row.repo_id)])].sort((a, b) => a - b);
}

async function verifyStoredChain(
  db: Db,
  repoId: number,
  noted: readonly ChainHead[],
): Promise<ChainBreak | null> {
  const hashes = new Map<number, string>();
  let head = EMPTY_CHAIN;
  for (
    let rows = await readRows(db, repoId, head.seq);
    rows.length > 0;
    rows = await readRows(db, repoId, head.seq)
  ) {
    const check = verifyRows(rows, head, sha256);
    if (check.kind === "broken") return check.at;
    for (const row of rows) if (noted.some(({ seq }) => seq === row.seq)) hashes.set(row.seq, row.hash);
    head = check.head;
  }
  for (const anchor of noted) {
    const missing = explainMissing(anchor, { head, hashAt: hashes.get(anchor.seq) ?? null });
    if (missing !== null) return { repoId, ...missing };
  }
  return null;
}

async function readRows(db: Db, repoId: number, after: number) {
  const rows = await db
    .selectFrom("audit")
    .selectAll()
    .where("repo_id", "=", repoId)
    .where("seq", ">", after)
    .orderBy("seq")
    .limit(ROWS_AT_ONCE)
    .execute();
  return rows.map(toSealedEntry);
}
