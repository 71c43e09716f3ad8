import { sql } from "kysely";
import type { Pull } from "../../../core/pull/pull.ts";
import type { Trx } from "../engine.ts";
import { toJson } from "../json.ts";

export async function writePulls(trx: Trx, pulls: readonly Pull[]): Promise<void> {
  if (pulls.length === 0) return;
  const rows = pulls.map((pull) => ({
    id: pull.id,
    repo_id: pull.repoId,
    kind: pull.kind,
    number: pull.number,
    state: pull.state,
    head_sha: pull.headSha,
    wake_at: pull.wakeAt,
    updated_at: pull.updatedAt,
    data: pull,
  }));
  await sql`
    insert into pulls (id, repo_id, kind, number, state, head_sha, wake_at, updated_at, data)
    select * from jsonb_to_recordset(${toJson(rows)}::text::jsonb) as x(
      id text, repo_id bigint, kind text, number bigint, state text, head_sha text,
      wake_at double precision, updated_at double precision, data jsonb)
    order by id
    on conflict (id) do update set state = excluded.state, head_sha = excluded.head_sha,
      wake_at = excluded.wake_at, updated_at = excluded.updated_at, data = excluded.data`.execute(trx);
}
