import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Jobs are parked; a queued task that waits for something of its own is sidelined. */
export const sidelined: Migration = {
  async up(db) {
    await sql`alter table tasks rename column parked to sidelined`.execute(db);
  },
};
