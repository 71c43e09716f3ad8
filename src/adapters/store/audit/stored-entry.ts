import type { Selectable } from "kysely";
import { z } from "zod";
import type { AuditEntry } from "../../../core/audit/audit-entry.ts";
import type { SealedEntry } from "../../../core/audit/seal-entry.ts";
import { toJson } from "../json.ts";
import type { Database } from "../schema.ts";

const Data = z.record(z.string(), z.unknown());

const Entry = z.object({
  kind: z.string(),
  actor: z.string(),
  taskId: z.string().nullable(),
  at: z.number(),
  data: Data,
});

/** The entry as it will be read back: hashing anything else would make an honest row look changed. */
export function toStoredEntry(entry: AuditEntry): AuditEntry {
  return Entry.parse(JSON.parse(toJson(entry)));
}

export function toSealedEntry(row: Selectable<Database["audit"]>): SealedEntry {
  const data = Data.safeParse(row.data);
  return {
    repoId: row.repo_id,
    seq: row.seq,
    previousHash: row.prev_hash,
    hash: row.hash,
    entry: {
      kind: row.kind,
      actor: row.actor,
      taskId: row.task_id,
      at: row.at,
      data: data.success ? data.data : { unreadable: row.data },
    },
  };
}
