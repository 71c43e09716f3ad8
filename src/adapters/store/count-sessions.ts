import { sql } from "kysely";
import type { Db } from "./engine.ts";

export interface SessionCounts {
  /** Sessions that are not over. */
  readonly open: number;
  /** Sessions that are over and hold back what they covered. */
  readonly resting: number;
}

/** Counts sessions of all repositories; the condition is that of their index. */
export async function countSessions(db: Db): Promise<SessionCounts> {
  const { rows } = await sql<SessionCounts>`
    select count(*) filter (where found -> 'endedAt' = 'null') as open,
      count(*) filter (where found -> 'endedAt' <> 'null') as resting
    from repositories,
      jsonb_path_query(stored, '$.sessions[*] ? (@.endedAt == null || @.rests == true)') as found
    where stored @? '$.sessions[*] ? (@.endedAt == null || @.rests == true)' and status = 'active'`.execute(
    db,
  );
  const [found] = rows;
  return { open: Number(found?.open ?? 0), resting: Number(found?.resting ?? 0) };
}
