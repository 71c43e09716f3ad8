import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { AuditEntry } from "../../../core/audit/audit-entry.ts";
import type { ChainHead } from "../../../core/audit/seal-entry.ts";
import { sealEntries } from "../../../core/audit/seal-entry.ts";
import type { Trx } from "../engine.ts";
import { toJson } from "../json.ts";
import { toStoredEntry } from "./stored-entry.ts";

export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/**
 * Puts entries at the end of a repository's chain. The head's row is locked until the transaction ends, so chains never
 * fork; it is taken last, so that nobody who holds it waits for something else.
 */
export async function appendAudit(trx: Trx, repoId: number, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const head = await lockHead(trx, repoId);
  const sealed = sealEntries({ repoId, head }, entries.map(toStoredEntry), sha256);
  const rows = sealed.map(({ seq, previousHash, hash, entry }) => ({
    seq,
    prev_hash: previousHash,
    hash,
    at: entry.at,
    kind: entry.kind,
    actor: entry.actor,
    task_id: entry.taskId,
    data: entry.data,
  }));
  await sql`
    with added as (
      insert into audit (repo_id, seq, prev_hash, hash, at, kind, actor, task_id, data)
      select ${repoId}::bigint, seq, prev_hash, hash, at, kind, actor, task_id, data
      from jsonb_to_recordset(${toJson(rows)}::text::jsonb) as x(
        seq bigint, prev_hash text, hash text, at double precision, kind text, actor text, task_id text, data jsonb
      )
      returning seq, hash
    )
    update audit_heads set seq = last.seq, hash = last.hash
    from (select seq, hash from added order by seq desc limit 1) as last
    where repo_id = ${repoId}`.execute(trx);
}

async function lockHead(trx: Trx, repoId: number): Promise<ChainHead> {
  const { rows } = await sql<ChainHead>`
    insert into audit_heads (repo_id, seq, hash) values (${repoId}, 0, '')
    on conflict (repo_id) do update set repo_id = excluded.repo_id returning seq, hash`.execute(trx);
  const [head] = rows;
  if (head === undefined) throw new Error(`The audit chain of repository ${repoId} has no head.`);
  return head;
}
