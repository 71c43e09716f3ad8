import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Repositories with a session that is open or holds something back are found without reading what is stored of all others. */
export const sessions: Migration = {
  async up(db) {
    await sql`
      create index repositories_in_session on repositories (id)
      where stored @? '$.sessions[*] ? (@.endedAt == null || @.rests == true)'`.execute(db);
  },
};
